import { expect, test } from 'vitest'
import { decodeRanges, encodeRanges } from '../src/index.ts'

test.each([
  [[], ''],
  [[{ start: 4096, end: 65536 }], '4096-65536'],
  [
    [
      { start: 0, end: 1 },
      { start: 5_368_709_120, end: Number.MAX_SAFE_INTEGER },
    ],
    '0-1, 5368709120-9007199254740991',
  ],
])('%j ↔ %j', (ranges, text) => {
  expect(encodeRanges(ranges)).toBe(text)
  expect(decodeRanges(text)).toEqual(ranges)
})

test.each(['-', '1', '1-', '-1', '1-2,3-4', '1-2, ', ' 1-2', '1-12345678901234567', 'a-b', '1--2'])(
  'refuses %j',
  (text) => {
    expect(() => decodeRanges(text)).toThrow(RangeError)
  },
)
