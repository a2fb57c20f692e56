import { decodedEncoding } from './decoded_encoding.ts'
import type { TextEncoding } from './text_encoding.ts'
import { encodeUtf8 } from './utf8.ts'

/** What windows-1252 has at 80 to 9F. Written out, as Node 20 decodes it as Latin-1. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** `latin1` is ISO 8859-1 itself, byte for code point. What browsers read under that name is `windows-1252`. */
const ENCODINGS: readonly (TextEncoding & { readonly names: readonly string[] })[] = [
  { name: 'UTF-8', names: ['utf8'], spellingsOf: utf8 },
  { name: 'UTF-16LE', names: ['utf16le', 'utf16', 'ucs2'], spellingsOf: (point) => whole(point, utf16Units, 2, true) },
  { name: 'UTF-16BE', names: ['utf16be'], spellingsOf: (point) => whole(point, utf16Units, 2, false) },
  { name: 'UTF-32LE', names: ['utf32le', 'utf32'], spellingsOf: (point) => whole(point, (it) => [it], 4, true) },
  { name: 'UTF-32BE', names: ['utf32be'], spellingsOf: (point) => whole(point, (it) => [it], 4, false) },
  { name: 'Latin-1', names: ['latin1', 'iso88591'], spellingsOf: (point) => (point < 0x100 ? [[point]] : []) },
  { name: 'windows-1252', names: ['windows1252', 'cp1252'], spellingsOf: windows1252 },
  { name: 'ASCII', names: ['ascii', 'usascii'], spellingsOf: (point) => (point < 0x80 ? [[point]] : []) },
]

/** The encoding of that name, whatever its dashes and capitals; `undefined` when neither we nor `TextDecoder` know it. */
export function encodingNamed(name: string): TextEncoding | undefined {
  const plain = name.toLowerCase().replaceAll(/[\s_-]/g, '')
  return ENCODINGS.find(({ names }) => names.includes(plain)) ?? decodedEncoding(name)
}

function windows1252(point: number): readonly (readonly number[])[] {
  const special = WINDOWS_1252.indexOf(String.fromCodePoint(point))
  if (special >= 0) return [[0x80 + special]]
  return point < 0x80 || (point >= 0xa0 && point < 0x100) ? [[point]] : []
}

function utf8(point: number): readonly (readonly number[])[] {
  const encoded = encodeUtf8(String.fromCodePoint(point))
  return 'bytes' in encoded ? [[...encoded.bytes]] : []
}

function whole(
  point: number,
  unitsOf: (point: number) => readonly number[],
  unitLength: number,
  isLittleEndian: boolean,
): readonly (readonly number[])[] {
  if (point >= 0xd800 && point <= 0xdfff) return []
  const bytes = unitsOf(point).flatMap((unit) => {
    const big = Array.from({ length: unitLength }, (_, at) => (unit >>> (8 * (unitLength - 1 - at))) & 0xff)
    return isLittleEndian ? big.reverse() : big
  })
  return [bytes]
}

function utf16Units(point: number): readonly number[] {
  if (point < 0x10000) return [point]
  return [0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff)]
}
