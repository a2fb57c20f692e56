import { describe, expect, test } from 'vitest'
import { binding, type NativePattern } from '../lib/index.ts'
import { KiB } from './support/files.ts'
import { naiveMatches } from './support/naive_match.ts'
import { seeded } from './support/random.ts'

type Random = (below: number) => number

interface LongCase {
  readonly haystack: Uint8Array
  readonly values: Uint8Array
  readonly masks: Uint8Array
}

/** `background` bytes, with another one in so many. */
function unevenBytes(random: Random, byteLength: number, background: number, oneIn: number): Uint8Array {
  return Uint8Array.from({ length: byteLength }, () => (random(oneIn) === 0 ? random(256) : background))
}

/** A long needle that matches in many places of the haystack, or almost: what a search by rare bytes does not pay for. */
function longCase(random: Random, kind: number): LongCase {
  const background = random(2) * 0x61
  // More bytes that tell than are kept.
  const isFull = kind === 3
  const haystack = unevenBytes(
    random,
    (isFull ? 40 : 20) * KiB + random(100),
    background,
    isFull ? 4 : 10 ** kind * 200,
  )
  const byteLength = isFull ? 18_500 : 256 + random(1500)
  const countsOneIn = isFull ? 1500 : ([1, 2, 64, 1024][random(4)] ?? 1)
  const masks = Uint8Array.from(
    { length: byteLength },
    () => (random(countsOneIn) === 0 ? [0xff, 0xfe][random(2)] : 0) ?? 0,
  )
  masks[random(byteLength)] = 0x0f
  const values = masks.map((mask) => mask & background)
  // Now and then what differs is of the needle.
  if (random(3) === 0) values[random(byteLength)] = 0
  return { haystack, values, masks }
}

function piecewise(pattern: NativePattern, bytes: Uint8Array, limit: number): number[] {
  const offsets: number[] = []
  for (let start = 0; start < bytes.byteLength; ) {
    const result = pattern.matchBytes(bytes.subarray(start), { limit })
    for (const offset of result.offsets) offsets.push(offset + start)
    start += result.scannedTo
  }
  return offsets
}

describe('long needles with bytes that do not count, against the naive search', () => {
  test.each([0, 1, 2, 3].flatMap((kind) => [1, 2].map((seed) => [kind, seed] as const)))(
    'kind %d, seed %d',
    (kind, seed) => {
      const random = seeded(seed * 10 + kind)
      const { haystack, values, masks } = longCase(random, kind)
      const spec = { kind: 'bytes', values, masks } as const
      const range = { start: 0, end: haystack.byteLength }
      for (const options of [
        {},
        { isOverlapping: false },
        { alignment: 4, alignmentBase: random(4) },
        { alignment: 3 },
      ]) {
        const expected = naiveMatches(haystack, spec, range, options).map(({ offset }) => offset)
        for (const tier of binding.tiers) {
          const pattern = binding.compilePattern(spec, tier)
          const said = JSON.stringify({ kind, seed, tier, options, length: values.byteLength })
          expect([...pattern.matchBytes(haystack, { ...options, limit: 2 ** 20 }).offsets], said).toEqual(expected)
          const counted = pattern.matchBytes(haystack, { ...options, limit: 0, isCountOnly: true })
          expect(counted.count, said).toBe(expected.length)
          if (Object.keys(options).length === 0)
            expect(piecewise(pattern, haystack, 100 + Math.floor(expected.length / 3)), said).toEqual(expected)
        }
      }
    },
  )
})
