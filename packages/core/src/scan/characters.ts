import type { StringEncoding } from '../shared/index.ts'

/** What may begin at a place: a printable character of so many bytes, none (0), or what only more bytes would tell (-1). */
export type CharacterAt = (bytes: Uint8Array, at: number) => number

function isLetter(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e
}

const asciiAt: CharacterAt = (bytes, at) => (isLetter(bytes[at] as number) ? 1 : 0)

const utf16leAt: CharacterAt = (bytes, at) => {
  if (!isLetter(bytes[at] as number)) return 0
  if (at + 1 === bytes.length) return -1
  return bytes[at + 1] === 0 ? 2 : 0
}

const utf16beAt: CharacterAt = (bytes, at) => {
  if (bytes[at] !== 0) return 0
  if (at + 1 === bytes.length) return -1
  return isLetter(bytes[at + 1] as number) ? 2 : 0
}

/** What a lead byte promises: bytes, and the least code point that may need so many. */
function leadOf(byte: number): { readonly byteLength: number; readonly least: number } | undefined {
  if (byte >= 0xc2 && byte <= 0xdf) return { byteLength: 2, least: 0x80 }
  if (byte >= 0xe0 && byte <= 0xef) return { byteLength: 3, least: 0x800 }
  if (byte >= 0xf0 && byte <= 0xf4) return { byteLength: 4, least: 0x1_0000 }
  return undefined
}

const utf8At: CharacterAt = (bytes, at) => {
  const first = bytes[at] as number
  if (first < 0x80) return isLetter(first) ? 1 : 0
  const lead = leadOf(first)
  if (lead === undefined) return 0
  let point = first & (0x7f >> lead.byteLength)
  for (let index = 1; index < lead.byteLength; index++) {
    if (at + index === bytes.length) return -1
    const byte = bytes[at + index] as number
    if ((byte & 0xc0) !== 0x80) return 0
    point = (point << 6) | (byte & 0x3f)
  }
  return point >= lead.least && isPrintable(point) ? lead.byteLength : 0
}

/** No control, no line or paragraph separator, no surrogate, no private use, no noncharacter, no special, no plane without characters. */
function isPrintable(point: number): boolean {
  if (point < 0xa0 || point === 0x2028 || point === 0x2029 || point >= 0x4_0000) return false
  if (point >= 0xd800 && point <= 0xf8ff) return false
  if (point >= 0xfdd0 && point <= 0xfdef) return false
  return point !== 0xfeff && !(point >= 0xfff0 && point <= 0xfffb) && (point & 0xfffe) !== 0xfffe
}

/** A row for each encoding. UTF-16 is found at even and odd offsets, and only as far as it is ASCII: see `strings`. */
export const CHARACTERS: Readonly<Record<StringEncoding, CharacterAt>> = {
  ascii: asciiAt,
  utf8: utf8At,
  utf16le: utf16leAt,
  utf16be: utf16beAt,
}
