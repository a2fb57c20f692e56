import { expect, test } from 'vitest'
import { literalFinder } from '../../src/shared/search/literal.ts'
import { ascending, naiveMatch } from '../support/naive.ts'
import { Random, SEED } from '../support/random.ts'

test(`both directions agree with the naive search (seed ${SEED})`, () => {
  const random = new Random(SEED)
  let matches = 0
  for (let round = 0; round < 4000; round++) {
    const alphabet = random.pick([1, 2, 3, 256])
    const bytes = random.bytes(random.between(0, 60), alphabet)
    const needle = random.bytes(random.between(1, 6), alphabet)
    const start = random.between(0, bytes.length)
    const range = { start, end: random.between(start, bytes.length) }
    const starts = ascending(range.start, range.end - needle.length + 1)
    const first = literalFinder(needle, 'forward')(bytes, range)
    const last = literalFinder(needle, 'backward')(bytes, range)
    const context = JSON.stringify({ round, bytes: [...bytes], needle: [...needle], range })
    expect(first, context).toBe(naiveMatch(bytes, needle, starts))
    expect(last, context).toBe(naiveMatch(bytes, needle, starts.reverse()))
    if (first >= 0) matches++
  }
  expect(matches).toBeGreaterThan(400)
})

test('long runs of the needle’s own bytes stay linear', () => {
  // A search that starts again at every byte would compare 2^23 * 2^15 bytes here and take minutes.
  const bytes = new Uint8Array(2 ** 23)
  const needle = new Uint8Array(2 ** 15)
  needle[needle.length - 1] = 1
  const range = { start: 0, end: bytes.length }
  const startedMs = performance.now()
  expect(literalFinder(needle, 'forward')(bytes, range)).toBe(-1)
  expect(literalFinder(needle.toReversed(), 'backward')(bytes, range)).toBe(-1)
  expect(performance.now() - startedMs).toBeLessThan(5000)
})
