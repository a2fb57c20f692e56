import { expect, test } from 'vitest'
import { byteLengthOf, includesOffset, intersect, mergeRanges, subtractRanges } from '../../src/shared/index.ts'
import { Random, SEED } from '../support/random.ts'

test(`merged ranges hold the same bytes, sorted and apart (seed ${SEED})`, () => {
  const random = new Random(SEED)
  for (let round = 0; round < 500; round++) {
    const ranges = Array.from({ length: random.between(0, 6) }, () => ({
      start: random.between(0, 30),
      end: random.between(0, 30),
    }))
    const merged = mergeRanges(ranges)
    for (let offset = 0; offset < 31; offset++)
      expect(includesOffset(merged, offset)).toBe(includesOffset(ranges, offset))
    for (const [index, range] of merged.entries()) {
      expect(range.start).toBeLessThan(range.end)
      if (index > 0) expect(range.start).toBeGreaterThan((merged[index - 1] as { end: number }).end)
    }
  }
})

test(`what is left of ranges is what the others do not hold (seed ${SEED})`, () => {
  const random = new Random(SEED)
  const some = () =>
    mergeRanges(
      Array.from({ length: random.between(0, 6) }, () => ({
        start: random.between(0, 40),
        end: random.between(0, 40),
      })),
    )
  for (let round = 0; round < 2000; round++) {
    const [ranges, taken] = [some(), some()]
    const left = subtractRanges(ranges, taken)
    const context = JSON.stringify({ ranges, taken, left })
    for (let offset = 0; offset < 41; offset++) {
      const expected = includesOffset(ranges, offset) && !includesOffset(taken, offset)
      expect(includesOffset(left, offset), context).toBe(expected)
    }
    expect(mergeRanges(left), context).toEqual(left)
  }
})

test('ranges past 4 GiB', () => {
  const big = 5 * 1024 ** 3
  expect(subtractRanges([{ start: 3, end: big + 8 }], [{ start: big, end: big + 1 }])).toEqual([
    { start: 3, end: big },
    { start: big + 1, end: big + 8 },
  ])
  expect(intersect({ start: big, end: big + 10 }, { start: big + 4, end: big + 20 })).toEqual({
    start: big + 4,
    end: big + 10,
  })
  expect(intersect({ start: 0, end: big }, { start: big, end: big + 1 })).toBeUndefined()
  expect(byteLengthOf({ start: 3, end: big })).toBe(big - 3)
  expect(byteLengthOf({ start: 9, end: 3 })).toBe(0)
})
