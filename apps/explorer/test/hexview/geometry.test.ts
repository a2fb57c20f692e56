import { describe, expect, it } from 'vitest'
import {
  cellRect,
  cellX,
  chooseColumns,
  type GridMetrics,
  type GridView,
  hexChar,
  hitTest,
  layoutGrid,
  nearestOffset,
  rowAt,
  scaleMetrics,
  snapPx,
  textChar,
} from '../../src/hexview/geometry.ts'
import { rowCountOf, rowOfOffset } from '../../src/hexview/rows.ts'
import type { Pane } from '../../src/state/selection.ts'
import { forSeeds, LENGTHS, Random, TIB_15 } from './random.ts'

const PANES: readonly Pane[] = ['hex', 'text']

function deviceMetrics(random: Random): GridMetrics {
  const charWidth = random.integer(5, 32)
  const rowHeight = random.integer(14, 60)
  return {
    charWidth,
    halfChar: Math.floor(charWidth / 2),
    rowHeight,
    headerHeight: Math.round(rowHeight * 1.3),
    padding: Math.round(charWidth * 1.5),
  }
}

/** A view that shows `offset` in its first rows, in CSS pixels of a random ratio. */
function viewOf(random: Random, byteLength: number, offset: number): GridView {
  const columns = random.pick([1, 2, 3, 4, 7, 8, 9, 16, 17, 24, 32, 64, 512])
  const metrics = scaleMetrics(deviceMetrics(random), 1 / random.pick([1, 1.25, 1.5, 2, 3]))
  const row = rowOfOffset(offset, columns, byteLength)
  const topRow = Math.max(0, row - random.integer(0, 40))
  const subRowPx = random.next() * metrics.rowHeight * (row > topRow ? 1 : 0)
  return { layout: layoutGrid(metrics, { columns, byteLength }), position: { topRow, subRowPx }, byteLength }
}

describe('hit testing', () => {
  it('is the inverse of cellRect at any place of any file', () => {
    forSeeds(2000, (random) => {
      const byteLength = random.pick(LENGTHS.filter((length) => length > 0))
      const offset = random.pick([0, byteLength - 1, random.integer(0, byteLength - 1)])
      const view = viewOf(random, byteLength, offset)
      const pane = random.pick(PANES)
      const rect = cellRect(view, offset, pane)
      // Strictly inside: the edges themselves belong to one side or the other by rounding.
      const x = rect.x + rect.width * (0.01 + 0.98 * random.next())
      const y = rect.y + rect.height * (0.01 + 0.98 * random.next())
      if (y < view.layout.headerHeight) return
      expect(hitTest(view, x, y)).toEqual({ kind: 'cell', offset, pane })
      expect(nearestOffset(view, x, y, pane)).toBe(offset)
    })
  })

  it('answers the place after the last byte for cells that hold none', () => {
    const view = { ...viewOf(new Random(1), 100, 0), byteLength: 19 }
    const layout = layoutGrid(view.layout, { columns: 16, byteLength: 19 })
    const at = { layout, position: { topRow: 0, subRowPx: 0 }, byteLength: 19 }
    const y = layout.headerHeight + layout.rowHeight * 1.5
    expect(hitTest(at, cellX(layout, 12, 'hex') + 2, y)).toEqual({ kind: 'cell', offset: 19, pane: 'hex' })
  })

  it('tells gutter, header and outside apart', () => {
    const view = viewOf(new Random(2), 1000, 0)
    const { layout } = view
    expect(hitTest(view, 1, layout.headerHeight + 1)).toEqual({ kind: 'gutter', row: 0 })
    expect(hitTest(view, layout.hexX, 1)).toEqual({ kind: 'header' })
    expect(hitTest(view, -1, 50)).toEqual({ kind: 'outside' })
    expect(hitTest(view, layout.width + 1, 50)).toEqual({ kind: 'outside' })
    expect(hitTest(view, layout.hexX, 1e9)).toEqual({ kind: 'outside' })
  })

  it('clamps a drag to the document, and splits the gap between groups', () => {
    forSeeds(1000, (random) => {
      const byteLength = random.pick(LENGTHS)
      const view = viewOf(random, byteLength, random.integer(0, byteLength))
      const offset = nearestOffset(view, random.integer(-500, 9000), random.integer(-1e6, 1e6), random.pick(PANES))
      expect(offset).toBeGreaterThanOrEqual(0)
      expect(offset).toBeLessThanOrEqual(byteLength)
      expect(rowAt(view, 1e12)).toBeLessThan(rowCountOf(byteLength, view.layout.columns))
    })
    const metrics: GridMetrics = { charWidth: 10, halfChar: 5, rowHeight: 20, headerHeight: 26, padding: 15 }
    const layout = layoutGrid(metrics, { columns: 16, byteLength: 1000 })
    const view: GridView = { layout, position: { topRow: 0, subRowPx: 0 }, byteLength: 1000 }
    const gap = cellX(layout, 8, 'hex') - 10
    expect([nearestOffset(view, gap + 4, 30, 'hex'), nearestOffset(view, gap + 6, 30, 'hex')]).toEqual([7, 8])
  })
})

describe('layout', () => {
  it('puts every edge on a device pixel', () => {
    forSeeds(500, (random) => {
      const ratio = random.pick([1, 1.25, 1.5, 2, 3])
      const metrics = scaleMetrics(deviceMetrics(random), 1 / ratio)
      const layout = layoutGrid(metrics, { columns: random.integer(1, 64), byteLength: TIB_15 })
      for (const pane of PANES) {
        const x = cellX(layout, random.integer(0, layout.columns - 1), pane)
        expect(Math.abs(x * ratio - Math.round(x * ratio))).toBeLessThan(1e-6)
        expect(snapPx(x, ratio)).toBeCloseTo(x, 9)
      }
    })
  })

  it('never lets cells of one pane overlap, nor the panes', () => {
    const layout = layoutGrid(deviceMetrics(new Random(3)), { columns: 64, byteLength: TIB_15 })
    for (let column = 1; column < 64; column++) {
      expect(cellX(layout, column, 'hex')).toBeGreaterThanOrEqual(
        cellX(layout, column - 1, 'hex') + 3 * layout.charWidth,
      )
    }
    expect(cellX(layout, 0, 'text')).toBeGreaterThan(cellX(layout, 63, 'hex') + 3 * layout.charWidth)
    expect(layout.hexX - layout.halfChar).toBeGreaterThan(layout.offsetX + layout.offsetDigits * layout.charWidth)
  })

  it('widens the gap after every eighth byte', () => {
    expect([7, 8, 15, 16].map(hexChar)).toEqual([21, 25, 46, 50])
    expect(textChar(16)).toBe(51)
  })

  it('halves the wished columns until they fit, and fits a power of two', () => {
    const metrics: GridMetrics = { charWidth: 8, halfChar: 4, rowHeight: 19, headerHeight: 25, padding: 12 }
    const choose = (wish: number | 'fit', widthPx: number): number =>
      chooseColumns(metrics, { wish, widthPx, byteLength: TIB_15 })
    expect([choose(16, 800), choose(16, 500), choose(16, 10), choose(24, 700)]).toEqual([16, 8, 1, 12])
    expect([choose('fit', 800), choose('fit', 1300), choose('fit', 9000)]).toEqual([16, 32, 64])
    expect([choose(0, 800), choose(9999, 1e6)]).toEqual([1, 512])
  })
})
