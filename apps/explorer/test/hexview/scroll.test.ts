import { describe, expect, it } from 'vitest'
import { rowCountOf, rowOfOffset } from '../../src/hexview/rows.ts'
import {
  clampPosition,
  DELTA_LINE,
  DELTA_PAGE,
  DELTA_PIXEL,
  lastTopRow,
  rebaseTopRow,
  revealOffset,
  revealRow,
  type ScrollPosition,
  type ScrollSpace,
  scrollByPx,
  scrollByRows,
  wheelPx,
} from '../../src/hexview/scroll.ts'
import { wheelScrollPx } from '../../src/hexview/wheel.ts'
import { forSeeds, LENGTHS, type Random, TIB_15 } from './random.ts'

const ROW_PX = 19

function spaceOf(byteLength: number, columns = 16, visibleRows = 40): ScrollSpace {
  return { rowCount: rowCountOf(byteLength, columns), visibleRows, rowHeightPx: ROW_PX }
}

function randomSpace(random: Random): ScrollSpace {
  return spaceOf(random.pick(LENGTHS), random.pick([1, 3, 16, 32, 512]), random.integer(1, 80))
}

function randomPosition(random: Random, space: ScrollSpace): ScrollPosition {
  const topRow = random.pick([0, lastTopRow(space), random.integer(0, lastTopRow(space))])
  return clampPosition(space, { topRow, subRowPx: random.next() * ROW_PX })
}

function expectInside(space: ScrollSpace, position: ScrollPosition): void {
  expect(Number.isSafeInteger(position.topRow)).toBe(true)
  expect(position.topRow).toBeGreaterThanOrEqual(0)
  expect(position.topRow).toBeLessThanOrEqual(lastTopRow(space))
  expect(position.subRowPx).toBeGreaterThanOrEqual(0)
  expect(position.subRowPx).toBeLessThan(ROW_PX)
  // The last page ends the document: below its last row there is less than one row of nothing.
  if (position.topRow === lastTopRow(space)) expect(position.subRowPx).toBe(0)
}

describe('scrolling', () => {
  it('stays inside whatever is asked for', () => {
    forSeeds(600, (random) => {
      const space = randomSpace(random)
      let position = randomPosition(random, space)
      for (let step = 0; step < 10; step++) {
        const amount = (random.next() - 0.5) * 10 ** random.integer(0, 17)
        position = random.next() < 0.5 ? scrollByPx(space, position, amount) : scrollByRows(space, position, amount)
        expectInside(space, position)
      }
    })
  })

  it('loses no pixel: many small steps are one large one, at row 10^12 as at row 0', () => {
    forSeeds(500, (random) => {
      const space = spaceOf(TIB_15)
      const start = { topRow: random.pick([1000, 1_000_000_000_000]), subRowPx: random.integer(0, ROW_PX - 1) }
      let position: ScrollPosition = start
      let total = 0
      for (let step = 0; step < 100; step++) {
        // Quarters are exact in binary, so the two ways must agree to the last bit.
        const px = random.integer(-200, 200) / 4
        total += px
        position = scrollByPx(space, position, px)
      }
      expect(position).toEqual(scrollByPx(space, start, total))
    })
  })

  it('undoes itself away from the ends', () => {
    const space = spaceOf(TIB_15)
    const start = { topRow: 1_000_000_000_000, subRowPx: 5 }
    expect(scrollByPx(space, scrollByPx(space, start, 12_345.5), -12_345.5)).toEqual(start)
    expect(scrollByRows(space, scrollByRows(space, start, 7), -7)).toEqual(start)
  })

  it('reaches the last row of 15 TiB, of one byte, of none and of 2^53 - 1 bytes', () => {
    for (const byteLength of [TIB_15, 1, 0, 2 ** 53 - 1]) {
      const space = spaceOf(byteLength)
      const end = scrollByRows(space, { topRow: 0, subRowPx: 0 }, Number.MAX_SAFE_INTEGER)
      expect(end).toEqual({ topRow: lastTopRow(space), subRowPx: 0 })
      const lastRow = rowOfOffset(Math.max(0, byteLength - 1), 16, byteLength)
      expect(end.topRow + space.visibleRows).toBeGreaterThan(lastRow)
    }
    expect(lastTopRow(spaceOf(TIB_15))).toBe(TIB_15 / 16 - 40)
  })

  it('brings nonsense back to the document', () => {
    const space = spaceOf(1000)
    expect(clampPosition(space, { topRow: Number.NaN, subRowPx: 0 })).toEqual({ topRow: 0, subRowPx: 0 })
    expect(clampPosition(space, { topRow: 3, subRowPx: Number.NaN })).toEqual({ topRow: 3, subRowPx: 0 })
    expect(clampPosition(space, { topRow: -1, subRowPx: 5 })).toEqual({ topRow: 0, subRowPx: 0 })
  })
})

describe('the wheel', () => {
  const space = spaceOf(TIB_15)

  it('counts pixels, lines and pages', () => {
    expect(wheelPx(space, { delta: 7, deltaMode: DELTA_PIXEL })).toBe(7)
    expect(wheelPx(space, { delta: 3, deltaMode: DELTA_LINE })).toBe(3 * ROW_PX)
    expect(wheelPx(space, { delta: -1, deltaMode: DELTA_PAGE })).toBe(-39 * ROW_PX)
  })

  it('turns pages with Shift, also when the system turned the wheel sideways, and is fine with Alt', () => {
    const wheel = { deltaX: 0, deltaY: 100, deltaMode: DELTA_PIXEL, shiftKey: false, altKey: false }
    expect(wheelScrollPx(space, wheel)).toBe(100)
    expect(wheelScrollPx(space, { ...wheel, altKey: true })).toBeCloseTo(10)
    expect(wheelScrollPx(space, { ...wheel, shiftKey: true })).toBe(39 * ROW_PX)
    expect(wheelScrollPx(space, { ...wheel, deltaX: -100, deltaY: 0, shiftKey: true })).toBe(-39 * ROW_PX)
  })
})

describe('revealing', () => {
  it('shows the row whole, moves nothing when it is, and as little as possible when near', () => {
    forSeeds(1500, (random) => {
      const space = randomSpace(random)
      const before = randomPosition(random, space)
      const row = random.pick([0, space.rowCount - 1, random.integer(0, space.rowCount - 1), before.topRow])
      const how = random.pick(['nearest', 'centre'] as const)
      const after = revealRow(space, before, row, how)
      expectInside(space, after)
      const firstWhole = after.topRow + (after.subRowPx > 0 ? 1 : 0)
      expect(row).toBeGreaterThanOrEqual(firstWhole)
      expect(row).toBeLessThan(after.topRow + space.visibleRows)
      expect(revealRow(space, after, row, how)).toEqual(after)
      if (how === 'nearest' && after !== before) {
        const isAtEdge = row === after.topRow || row === after.topRow + space.visibleRows - 1
        expect(isAtEdge).toBe(true)
      }
    })
  })

  it('puts a jump in the middle', () => {
    const space = spaceOf(TIB_15, 16, 41)
    const target = 500_000_000_000
    expect(revealRow(space, { topRow: 0, subRowPx: 3 }, target, 'centre')).toEqual({ topRow: target - 20, subRowPx: 0 })
  })

  it('works from the view store alone', () => {
    const view = { topRow: 0, subRowPx: 0, columns: 16, visibleRows: 40 }
    const byteLength = TIB_15
    expect(revealOffset(view, { offset: byteLength, byteLength })).toEqual({ topRow: TIB_15 / 16 - 40, subRowPx: 0 })
    expect(revealOffset(view, { offset: 5, byteLength })).toEqual(view)
  })

  it('keeps the top byte in the top row when rows change their length', () => {
    forSeeds(2000, (random) => {
      const from = random.integer(1, 512)
      const to = random.integer(1, 512)
      const topRow = random.integer(0, Math.floor((2 ** 53 - 1) / from))
      const row = rebaseTopRow(topRow, from, to)
      expect(row * to).toBeLessThanOrEqual(topRow * from)
      expect(row * to + to).toBeGreaterThan(topRow * from)
    })
  })
})
