import { describe, expect, test } from 'vitest'
import { parseOffset } from '../../src/shared/index.ts'

const TIB = 1024 ** 4
const FILE = { byteLength: 15 * TIB, caret: 5 * 1024 ** 3 }
const SMALL = { byteLength: 1000, caret: 500 }

describe('a 15 TiB file, caret at 5 GiB', () => {
  test.each([
    ['0', 0],
    ['1234', 1234],
    ['1_000', 1000],
    ['  42 ', 42],
    ['007', 7],
    ['0x1F', 0x1f],
    ['0X1f', 0x1f],
    ['0x1_0000_0000', 2 ** 32],
    ['1Fh', 0x1f],
    ['0FFh', 0xff],
    ['$1F', 0x1f],
    ['$end', undefined],
    ['4k', 4096],
    ['4K', 4096],
    ['4Ki', 4096],
    ['4KiB', 4096],
    ['10M', 10 * 1024 ** 2],
    ['1.5Gi', 1.5 * 1024 ** 3],
    ['0.3k', 307],
    ['14T', 14 * TIB],
    ['5g', 5 * 1024 ** 3],
    ['+0x10', 5 * 1024 ** 3 + 16],
    ['+ 16', 5 * 1024 ** 3 + 16],
    ['-16', 5 * 1024 ** 3 - 16],
    ['-1Gi', 4 * 1024 ** 3],
    ['+4T', 4 * TIB + 5 * 1024 ** 3],
    ['end', 15 * TIB - 1],
    ['END', 15 * TIB - 1],
    ['$', 15 * TIB - 1],
    ['end-1', 15 * TIB - 1],
    ['end-0x10', 15 * TIB - 16],
    ['end - 16', 15 * TIB - 16],
    ['$-0x40', 15 * TIB - 64],
    ['end-4Ki', 15 * TIB - 4096],
    ['end-15T', 0],
    ['0%', 0],
    ['50%', 7.5 * TIB],
    ['50 %', 7.5 * TIB],
    ['100%', 15 * TIB - 1],
    ['100.00%', 15 * TIB - 1],
    ['15T', undefined],
    ['end-0', undefined],
    ['+15T', undefined],
    ['end-16T', undefined],
    ['-6Gi', undefined],
    ['100.01%', undefined],
    ['-5%', undefined],
    ['+5%', undefined],
    ['9007199254740993', undefined],
    ['0xFFFFFFFFFFFFFFFFFF', undefined],
    ['', undefined],
    ['1f', undefined],
    ['face', undefined],
    ['0x', undefined],
    ['0x_', undefined],
    ['4kB', undefined],
    ['1.5', undefined],
    ['1,000', undefined],
    ['+-1', undefined],
    ['--1', undefined],
    ['end-', undefined],
    ['nowhere', undefined],
    ['1'.repeat(100), undefined],
  ])('%j → %s', (text, offset) => {
    const parsed = parseOffset(text, FILE)
    if (offset === undefined) expect(parsed).toEqual({ problem: expect.stringMatching(/\S+ .*\.$/) })
    else expect(parsed).toEqual({ offset })
  })
})

describe('problems say what to do', () => {
  test.each([
    ['1000', 'the last offset is 999 (0x3E7)'],
    ['-501', 'before the start of the file; the last offset is 999'],
    ['+500', 'past the end of the file; the last offset is 999'],
    ['ff', 'write 0xff'],
    ['4kB', 'write 4k or 4kiB'],
    ['200%', 'from 0% to 100%'],
    ['', 'Type an offset'],
    ['what', 'is not an offset; write 1234'],
  ])('%j: %s', (text, words) => {
    expect(parseOffset(text, SMALL)).toEqual({ problem: expect.stringContaining(words) })
  })

  test('an empty file has no offset', () => {
    expect(parseOffset('0', { byteLength: 0, caret: 0 })).toEqual({ problem: expect.stringContaining('empty') })
  })
})

test('percentages are monotone and reach every end, up to the largest file', () => {
  for (const byteLength of [1, 2, 99, 2 ** 32 + 1, 15 * TIB, Number.MAX_SAFE_INTEGER]) {
    let previous = 0
    for (let permille = 0; permille <= 1000; permille++) {
      const parsed = parseOffset(`${Math.floor(permille / 10)}.${permille % 10}%`, { byteLength, caret: 0 })
      const offset = 'offset' in parsed ? parsed.offset : expect.fail(parsed.problem)
      expect(offset).toBeGreaterThanOrEqual(previous)
      previous = offset
    }
    expect(previous).toBe(byteLength - 1)
  }
})

test('99.9% of the largest file is exact', () => {
  const { MAX_SAFE_INTEGER } = Number
  const exact = Number((BigInt(MAX_SAFE_INTEGER) * 999n) / 1000n)
  expect(parseOffset('99.9%', { byteLength: MAX_SAFE_INTEGER, caret: 0 })).toEqual({ offset: exact })
})
