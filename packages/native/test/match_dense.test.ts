import { describe, expect, test } from 'vitest'
import { binding, type NativePattern, type PatternSpec } from '../lib/index.ts'
import { KiB } from './support/files.ts'
import { naiveMatches } from './support/naive_match.ts'
import { seeded } from './support/random.ts'

type Random = (below: number) => number

/** Zeros and ones by turns rare and common, so that the ways through sparse and through dense hits take over from one another. */
function unevenBytes(random: Random, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  for (let start = 0; start < byteLength; ) {
    const end = start + 1 + random(30 * KiB)
    const oneIn = [1, 2, 8, 100, 1000, 1_000_000][random(6)] ?? 1
    const common = random(3)
    for (; start < Math.min(end, byteLength); start++) bytes[start] = random(oneIn) === 0 ? random(4) : common
    start = end
  }
  return bytes
}

/** One to six bytes that count, with others between them now and then: all of them are looked for at once, or the first few. */
function anySpec(random: Random): PatternSpec & { readonly kind: 'bytes' } {
  const counting = 1 + random(6)
  const values: number[] = []
  const masks: number[] = []
  for (let i = 0; i < counting; i++) {
    const mask = random(4) === 0 ? 0xfd : 0xff
    values.push(random(3) & mask)
    masks.push(mask)
    if (i + 1 < counting && random(3) === 0) {
      const gap = Array<number>(1 + random(4)).fill(0)
      values.push(...gap)
      masks.push(...gap)
    }
  }
  const isMasked = masks.some((mask) => mask !== 0xff)
  return { kind: 'bytes', values: Uint8Array.from(values), ...(isMasked ? { masks: Uint8Array.from(masks) } : {}) }
}

/** All offsets, an answer of `limit` after the other. */
function piecewise(pattern: NativePattern, bytes: Uint8Array, alignment: number, limit: number): number[] {
  const offsets: number[] = []
  for (let start = 0; start < bytes.byteLength; ) {
    const options = { limit, alignment, alignmentBase: start % alignment }
    const result = pattern.matchBytes(bytes.subarray(start), options)
    for (const offset of result.offsets) offsets.push(offset + start)
    start += result.scannedTo
  }
  return offsets
}

describe.each(binding.tiers.map((tier) => [tier] as const))('tier %s, hits by turns rare and many', (tier) => {
  test.each([1, 2, 3, 4])('seed %d', (seed) => {
    const random = seeded(seed)
    const haystack = unevenBytes(random, 100 * KiB + random(1000))
    for (let round = 0; round < 6; round++) {
      const spec = anySpec(random)
      const alignment = [1, 1, 1, 2, 8, 3][random(6)] ?? 1
      const pattern = binding.compilePattern(spec, tier)
      const said = JSON.stringify({ seed, round, alignment, values: [...spec.values], masks: [...(spec.masks ?? [])] })
      const limit = 2 ** 20
      for (const isOverlapping of [true, false]) {
        const range = { start: 0, end: haystack.byteLength }
        const expected = naiveMatches(haystack, spec, range, { alignment, isOverlapping }).map(({ offset }) => offset)
        const options = { limit, alignment, isOverlapping }
        expect([...pattern.matchBytes(haystack, options).offsets], said).toEqual(expected)
        expect(pattern.matchBytes(haystack, { ...options, isCountOnly: true }).count, said).toBe(expected.length)
        if (!isOverlapping) continue
        expect(piecewise(pattern, haystack, alignment, 100 + Math.floor(expected.length / 3)), said).toEqual(expected)
        const reversed = pattern.matchBytes(haystack, { limit, alignment, isReverse: true })
        expect([...reversed.offsets], said).toEqual(expected.toReversed())
      }
    }
  })
})
