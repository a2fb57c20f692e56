import { describe, expect, it } from 'vitest'
import { rowCountOf } from '../../src/hexview/rows.ts'
import { lastTopRow, type ScrollSpace } from '../../src/hexview/scroll.ts'
import { dragGain, MIN_THUMB_PX, moveDrag, positionAt, startDrag, thumbOf } from '../../src/hexview/thumb.ts'
import { forSeeds, LENGTHS, type Random, TIB_15 } from './random.ts'

function spaceOf(byteLength: number, columns = 16, visibleRows = 40): ScrollSpace {
  return { rowCount: rowCountOf(byteLength, columns), visibleRows, rowHeightPx: 19 }
}

function randomSpace(random: Random): ScrollSpace {
  return spaceOf(random.pick(LENGTHS), random.pick([1, 16, 512]), random.integer(1, 80))
}

describe('the thumb', () => {
  it('stays on its track and is never too small to grab', () => {
    forSeeds(3000, (random) => {
      const space = randomSpace(random)
      const trackPx = random.pick([0, 1, 20, 28, 29, 100, 800, 2160])
      const topRow = random.integer(0, lastTopRow(space))
      const thumb = thumbOf(space, { topRow, subRowPx: 0 }, trackPx)
      expect(thumb.heightPx).toBeGreaterThanOrEqual(Math.min(trackPx, MIN_THUMB_PX))
      expect(thumb.topPx).toBeGreaterThanOrEqual(0)
      expect(thumb.topPx + thumb.heightPx).toBeLessThanOrEqual(trackPx + 1e-6)
    })
  })

  it('is exact at both ends, for every length', () => {
    for (const byteLength of LENGTHS) {
      const space = spaceOf(byteLength)
      const trackPx = 777
      const end = thumbOf(space, { topRow: lastTopRow(space), subRowPx: 0 }, trackPx)
      expect(positionAt(space, 0, trackPx)).toEqual({ topRow: 0, subRowPx: 0 })
      expect(positionAt(space, trackPx - end.heightPx, trackPx)).toEqual({ topRow: lastTopRow(space), subRowPx: 0 })
      if (lastTopRow(space) > 0) expect(end.topPx + end.heightPx).toBeCloseTo(trackPx, 9)
    }
  })

  it('gives every row of up to 2^49 rows back as itself', () => {
    forSeeds(2000, (random) => {
      const space = spaceOf(random.pick([TIB_15, TIB_15 - 5, 2 ** 40, 2 ** 32, 2 ** 53 - 1]))
      const trackPx = random.integer(60, 3000)
      const topRow = random.integer(0, Math.min(lastTopRow(space), 2 ** 49))
      const back = positionAt(space, thumbOf(space, { topRow, subRowPx: 0 }, trackPx).topPx, trackPx)
      expect(back).toEqual({ topRow, subRowPx: 0 })
    })
  })

  it('gives fractions of a row back where a pixel is less than a row', () => {
    forSeeds(2000, (random) => {
      const space = spaceOf(16 * random.integer(41, 300))
      const position = { topRow: random.integer(0, lastTopRow(space) - 1), subRowPx: random.integer(0, 18) }
      const back = positionAt(space, thumbOf(space, position, 900).topPx, 900)
      const rows = (at: { topRow: number; subRowPx: number }): number => at.topRow + at.subRowPx / 19
      expect(rows(back)).toBeCloseTo(rows(position), 6)
    })
  })
})

describe('dragging the thumb', () => {
  it('follows the pointer, and reaches both ends', () => {
    for (const byteLength of [TIB_15, 2 ** 53 - 1, 100_000]) {
      const space = spaceOf(byteLength)
      const drag = startDrag(space, { topRow: 0, subRowPx: 0 }, 10)
      const toEnd = moveDrag(space, drag, { pointerPx: 10 + 800, sidewaysPx: 0, trackPx: 800 })
      expect(toEnd.position).toEqual({ topRow: lastTopRow(space), subRowPx: 0 })
      const back = moveDrag(space, toEnd.drag, { pointerPx: 10, sidewaysPx: 0, trackPx: 800 })
      expect(back.position).toEqual({ topRow: 0, subRowPx: 0 })
    }
  })

  it('waits for a pointer that overshot before it moves again', () => {
    const space = spaceOf(TIB_15)
    const drag = startDrag(space, { topRow: lastTopRow(space), subRowPx: 0 }, 790)
    const over = moveDrag(space, drag, { pointerPx: 890, sidewaysPx: 0, trackPx: 800 })
    const returning = moveDrag(space, over.drag, { pointerPx: 840, sidewaysPx: 0, trackPx: 800 })
    expect(returning.position.topRow).toBe(lastTopRow(space))
  })

  it('gets finer away from the track, down to single rows of 15 TiB', () => {
    expect([dragGain(0), dragGain(40), dragGain(64), dragGain(-64), dragGain(88)]).toEqual([1, 1, 0.5, 0.5, 0.25])
    const space = spaceOf(TIB_15)
    const start = { topRow: 500_000_000_000, subRowPx: 0 }
    const move = { pointerPx: 401, sidewaysPx: 40 + 24 * 32, trackPx: 800 }
    const { position } = moveDrag(space, startDrag(space, start, 400), move)
    expect(position.topRow - start.topRow).toBeLessThanOrEqual(1)
    expect(position.topRow - start.topRow).toBeGreaterThanOrEqual(0)
  })

  it('moves the same way as the pointer wherever it is', () => {
    forSeeds(2000, (random) => {
      const space = randomSpace(random)
      const topRow = random.integer(0, lastTopRow(space))
      const move = { pointerPx: random.integer(0, 800), sidewaysPx: random.integer(0, 400), trackPx: 800 }
      const { position } = moveDrag(space, startDrag(space, { topRow, subRowPx: 0 }, 400), move)
      if (move.pointerPx >= 400) expect(position.topRow).toBeGreaterThanOrEqual(topRow)
      else expect(position.topRow).toBeLessThanOrEqual(topRow)
    })
  })

  it('does nothing on a track with no room', () => {
    const drag = startDrag(spaceOf(TIB_15), { topRow: 9, subRowPx: 0 }, 0)
    const { position } = moveDrag(spaceOf(TIB_15), drag, { pointerPx: 5, sidewaysPx: 0, trackPx: 20 })
    expect(position).toEqual({ topRow: 0, subRowPx: 0 })
  })
})
