const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUE_OF = new Map([...ALPHABET].map((letter, value) => [letter, value]))

/**
 * Standard base64 with padding (RFC 4648 §4). Written out because this package is compiled without Node's and the browser's
 * types; an edit carries a few bytes, so nothing here needs to be fast.
 */
export function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const first = bytes[i] ?? 0
    const second = bytes[i + 1]
    const third = bytes[i + 2]
    const word = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    text += ALPHABET.charAt(word >> 18) + ALPHABET.charAt((word >> 12) & 63)
    text += second === undefined ? '=' : ALPHABET.charAt((word >> 6) & 63)
    text += third === undefined ? '=' : ALPHABET.charAt(word & 63)
  }
  return text
}

/** Throws a `RangeError` on anything `encodeBase64` would not have made. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (text.length % 4 !== 0) throw new RangeError('base64 text must be a multiple of four characters long')
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let written = 0
  for (let i = 0; i < text.length; i += 4) {
    const isLast = i + 4 === text.length
    const word = wordOf(text.slice(i, isLast ? i + 4 - padding : i + 4))
    for (let shift = 16; shift >= 0 && written < bytes.length; shift -= 8) bytes[written++] = (word >> shift) & 255
  }
  return bytes
}

function wordOf(letters: string): number {
  let word = 0
  for (let i = 0; i < 4; i++) {
    const letter = letters[i]
    const value = letter === undefined ? 0 : VALUE_OF.get(letter)
    if (value === undefined) throw new RangeError(`'${letter}' is not a base64 character`)
    word = (word << 6) | value
  }
  return word
}
