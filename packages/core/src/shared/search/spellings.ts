import type { QueryResult } from './compiled.ts'
import { byteSource } from './hex_regexp.ts'
import { MAX_EXPRESSION_BYTE_LENGTH, type MaskedBytes } from './pattern.ts'
import { bytesQuery, lengthProblem, plainer } from './problem.ts'

/** Alternatives that are looked for at once; beyond, a regular expression says the same in little memory. */
const MAX_SPELLING_COUNT = 1024
const MAX_SPELLING_BYTES: number = 1024 ** 2

/**
 * Joins spellings that differ in a single bit into one with that bit masked, which then matches these two and nothing else: `a` and `A`, but also
 * `а` and `А` in UTF-8. What differs in more bits stays apart: a mask over two bits would let two strangers in.
 */
export function mergedSpellings(spellings: readonly MaskedBytes[]): MaskedBytes[] {
  const merged = [...spellings]
  for (let at = 0; at < merged.length; at++) {
    for (let other = at + 1; other < merged.length; other++) {
      const joined = joinedByOneBit(merged[at] as MaskedBytes, merged[other] as MaskedBytes)
      if (joined === undefined) continue
      merged.splice(other, 1)
      merged[at] = joined
      // It may now differ in a single bit from one that was passed over.
      other = at
    }
  }
  return merged
}

function joinedByOneBit(a: MaskedBytes, b: MaskedBytes): MaskedBytes | undefined {
  const length = a.values.length
  if (b.values.length !== length) return undefined
  let place = -1
  for (let at = 0; at < length; at++) {
    if (a.masks?.[at] !== b.masks?.[at]) return undefined
    if (a.values[at] === b.values[at]) continue
    if (place >= 0) return undefined
    place = at
  }
  const bit = place < 0 ? 0 : (a.values[place] as number) ^ (b.values[place] as number)
  if ((bit & (bit - 1)) !== 0) return undefined
  const values = a.values.slice()
  const masks = a.masks?.slice() ?? new Uint8Array(length).fill(0xff)
  if (place >= 0) {
    values[place] = (values[place] as number) & ~bit
    masks[place] = (masks[place] as number) & ~bit
  }
  return { values, masks }
}

/** A text of characters that each can be written in some ways. `byteLength` is the longest that the whole can be. */
export function spellingsQuery(characters: readonly (readonly MaskedBytes[])[], byteLength: number): QueryResult {
  let count = 1
  for (const { length } of characters) count = Math.min(count * length, Number.MAX_SAFE_INTEGER)
  if (count === 1) return bytesQuery(concatenated(characters.map((spellings) => spellings[0] as MaskedBytes)))
  if (count > MAX_SPELLING_COUNT || count * byteLength > MAX_SPELLING_BYTES) return regexpQuery(characters, byteLength)
  let texts: MaskedBytes[][] = [[]]
  for (const spellings of characters) texts = texts.flatMap((text) => spellings.map((spelling) => [...text, spelling]))
  const needles = texts.map((text) => plainer(concatenated(text)))
  return { query: { kind: 'spellings', pattern: { kind: 'any', needles } } }
}

function concatenated(parts: readonly MaskedBytes[]): MaskedBytes {
  const length = parts.reduce((sum, { values }) => sum + values.length, 0)
  const values = new Uint8Array(length)
  const masks = new Uint8Array(length).fill(0xff)
  let at = 0
  for (const part of parts) {
    values.set(part.values, at)
    if (part.masks !== undefined) masks.set(part.masks, at)
    at += part.values.length
  }
  return { values, masks }
}

function regexpQuery(characters: readonly (readonly MaskedBytes[])[], byteLength: number): QueryResult {
  const problem = lengthProblem(byteLength, MAX_EXPRESSION_BYTE_LENGTH)
  if (problem !== undefined) return { problem }
  const source = characters.map((spellings) => {
    const sources = spellings.map(({ values, masks }) =>
      [...values].map((value, at) => byteSource(value, masks?.[at] ?? 0xff)).join(''),
    )
    return sources.length === 1 ? sources[0] : `(?:${sources.join('|')})`
  })
  return {
    query: {
      kind: 'regexp',
      source: source.join(''),
      flags: '',
      isAsciiCaseInsensitive: false,
      maxMatchByteLength: byteLength,
      characters,
    },
  }
}
