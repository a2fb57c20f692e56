/** Which of the 256 bytes: 1 for those that are in it. */
export type ByteSet = Uint8Array

const LOWER_A = 0x61
const LOWER_Z = 0x7a
const CASE_BIT = 0x20

/**
 * The bytes that an atom of an expression (`a`, `.`, `\s`, `[^x]`) takes, by asking the engine itself about each of the 256: so its reading of flags, case
 * and old escapes is right by construction. Undefined for what does not stand alone.
 */
export function bytesOfAtom(raw: string, flags: string): ByteSet | undefined {
  let atom: RegExp
  try {
    atom = new RegExp(`^(?:${raw})$`, flags.replace('m', ''))
  } catch {
    return undefined
  }
  return Uint8Array.from({ length: 256 }, (_, byte) => (atom.test(String.fromCharCode(byte)) ? 1 : 0))
}

export function union(sets: Iterable<ByteSet>): ByteSet {
  const all = new Uint8Array(256)
  for (const set of sets)
    for (let byte = 0; byte < 256; byte++) all[byte] = (all[byte] as number) | (set[byte] as number)
  return all
}

/** The same with both cases of every ASCII letter in it. */
export function foldedAscii(set: ByteSet): ByteSet {
  const folded = set.slice()
  for (let lower = LOWER_A; lower <= LOWER_Z; lower++) {
    const upper = lower ^ CASE_BIT
    const isIn = (set[lower] as number) | (set[upper] as number)
    folded[lower] = isIn
    folded[upper] = isIn
  }
  return folded
}

/** The set as a character class, in the notation that means the same under every flag but `i`. */
export function classOf(set: ByteSet): string {
  const ranges: string[] = []
  for (let start = 0; start < 256; start++) {
    if (set[start] === 0) continue
    let end = start
    while (end < 255 && set[end + 1] === 1) end++
    ranges.push(start === end ? hexEscape(start) : `${hexEscape(start)}-${hexEscape(end)}`)
    start = end
  }
  return `[${ranges.join('')}]`
}

function hexEscape(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

export interface MaskedByte {
  readonly value: number
  readonly mask: number
}

/** The set as `(byte & mask) === value`, where it is exactly one such: single bytes, nibbles, the two cases of a letter, all bytes. */
export function maskedByteOf(set: ByteSet): MaskedByte | undefined {
  let ones = 0xff
  let zeros = 0xff
  let count = 0
  for (let byte = 0; byte < 256; byte++) {
    if (set[byte] === 0) continue
    ones &= byte
    zeros &= ~byte
    count++
  }
  if (count === 0) return undefined
  const mask = ones | zeros
  const freeBits = 8 - bitsIn(mask)
  return count === 2 ** freeBits ? { value: ones, mask } : undefined
}

function bitsIn(value: number): number {
  let bits = 0
  for (let rest = value; rest > 0; rest >>= 1) bits += rest & 1
  return bits
}
