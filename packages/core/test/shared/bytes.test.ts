import { expect, test } from 'vitest'
import { formatByte, formatOffset, offsetDigits, printableCharacter } from '../../src/shared/index.ts'

test.each([
  [0, 8],
  [1, 8],
  [2 ** 32, 8],
  [2 ** 32 + 1, 9],
  [15 * 1024 ** 4, 11],
  [16 * 1024 ** 4 + 1, 12],
  [Number.MAX_SAFE_INTEGER, 14],
])('offsets of %d bytes take %d digits', (byteLength, digits) => {
  expect(offsetDigits(byteLength)).toBe(digits)
})

test('offsets and bytes are uppercase hex', () => {
  expect(formatOffset(0xabc, 8)).toBe('00000ABC')
  expect(formatOffset(15 * 1024 ** 4 - 1, 11)).toBe('EFFFFFFFFFF')
  expect([0, 9, 0x4d, 0xff].map(formatByte)).toEqual(['00', '09', '4D', 'FF'])
})

test('the text column shows printable ASCII and dots', () => {
  expect([0x1f, 0x20, 0x41, 0x7e, 0x7f, 0xe9].map(printableCharacter).join('')).toBe('. A~..')
})
