import { describe, expect, it } from 'vitest'
import {
  cellsInRow,
  columnOfOffset,
  offsetDigitsOf,
  offsetLabel,
  rowCountOf,
  rowOfOffset,
} from '../../src/hexview/rows.ts'
import { forSeeds, LENGTHS, TIB_15 } from './random.ts'

/** The stupid way: unbounded integers. */
function oracleRowCount(byteLength: number, columns: number): number {
  const count = (BigInt(byteLength) + BigInt(columns) - 1n) / BigInt(columns)
  return Number(count === 0n ? 1n : count)
}

describe('rows', () => {
  it('counts rows exactly at every length and width', () => {
    forSeeds(3000, (random) => {
      const byteLength = random.pick([...LENGTHS, random.integer(0, 2 ** 53 - 1), random.integer(0, 2 ** 45)])
      const columns = random.integer(1, 512)
      expect(rowCountOf(byteLength, columns)).toBe(oracleRowCount(byteLength, columns))
    })
  })

  it('is right where rounding is worst: one byte past or short of whole rows near 2^53', () => {
    for (let columns = 1; columns <= 512; columns++) {
      const whole = Math.floor((2 ** 53 - 2) / columns) * columns
      for (const byteLength of [whole - 1, whole, whole + 1]) {
        expect(rowCountOf(byteLength, columns)).toBe(oracleRowCount(byteLength, columns))
        expect(rowOfOffset(byteLength - 1, columns, byteLength)).toBe(oracleRowCount(byteLength, columns) - 1)
      }
    }
  })

  it('finds the row and the column of any offset', () => {
    forSeeds(3000, (random) => {
      const byteLength = random.pick([...LENGTHS, random.integer(1, 2 ** 53 - 1)])
      const columns = random.integer(1, 512)
      const offset = random.pick([0, byteLength, Math.max(0, byteLength - 1), random.integer(0, byteLength)])
      const row = rowOfOffset(offset, columns, byteLength)
      const column = columnOfOffset(offset, columns, byteLength)
      expect(row * columns + column).toBe(offset)
      expect(row).toBeLessThan(rowCountOf(byteLength, columns))
      if (offset < byteLength) {
        expect(row).toBe(Number(BigInt(offset) / BigInt(columns)))
        expect(column).toBeLessThan(cellsInRow(row, columns, byteLength))
      } else {
        expect(column).toBeLessThanOrEqual(columns)
      }
    })
  })

  it('lets the caret stand after the last byte of a full row without an empty row', () => {
    expect([rowOfOffset(32, 16, 32), columnOfOffset(32, 16, 32), rowCountOf(32, 16)]).toEqual([1, 16, 2])
    expect([rowOfOffset(0, 16, 0), columnOfOffset(0, 16, 0), rowCountOf(0, 16)]).toEqual([0, 0, 1])
  })

  it('says how many cells of a row hold bytes', () => {
    expect([cellsInRow(0, 16, 0), cellsInRow(0, 16, 5), cellsInRow(1, 16, 5)]).toEqual([0, 5, 0])
    expect(cellsInRow((TIB_15 - 16) / 16, 16, TIB_15 - 5)).toBe(11)
  })

  it.each([
    [0, 8],
    [2 ** 32 - 1, 8],
    [2 ** 32, 10],
    [TIB_15, 12],
    [2 ** 53 - 1, 14],
  ])('writes the offsets of %d bytes with %d digits', (byteLength, digits) => {
    expect(offsetDigitsOf(byteLength)).toBe(digits)
    expect(offsetLabel(byteLength, digits)).toHaveLength(digits)
  })
})
