/** UTF-8 of a string, or where its first unpaired surrogate stands (which UTF-8 has no bytes for). */
export type EncodedText = { readonly bytes: Uint8Array } | { readonly loneSurrogateAt: number }

/**
 * Written out because `TextEncoder` is not among this layer's types, and because it would turn an unpaired surrogate into
 * U+FFFD without a word: a search would then look for bytes nobody typed.
 */
export function encodeUtf8(text: string): EncodedText {
  // A UTF-16 unit takes at most three bytes; a surrogate pair (two units) takes four.
  const bytes = new Uint8Array(text.length * 3)
  let length = 0
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) as number
    if (point >= 0xd800 && point <= 0xdfff) return { loneSurrogateAt: at }
    if (point > 0xffff) at++
    length = putCodePoint(bytes, length, point)
  }
  return { bytes: bytes.slice(0, length) }
}

function putCodePoint(bytes: Uint8Array, length: number, point: number): number {
  const count = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  if (count === 1) {
    bytes[length] = point
    return length + 1
  }
  const lead = (0xf00 >> count) & 0xff
  bytes[length] = lead | (point >> (6 * (count - 1)))
  for (let n = 1; n < count; n++) bytes[length + n] = 0x80 | ((point >> (6 * (count - 1 - n))) & 0x3f)
  return length + count
}
