import type { Pane } from '../state/selection.ts'
import { cellsInRow, columnOfOffset, offsetDigitsOf, rowCountOf, rowOfOffset } from './rows.ts'
import type { ScrollPosition } from './scroll.ts'

/** Bytes between two wider gaps. */
export const GROUP = 8

const OFFSET_GAP = 3
const PANE_GAP = 3

/**
 * The measures everything else follows from, in one unit: device pixels for the painter (whole numbers), CSS pixels for pointers
 * and tests. The same arithmetic serves both, so what is painted and what is hit cannot drift apart.
 */
export interface GridMetrics {
  readonly charWidth: number
  /** Half a character, snapped: a cell reaches this far to the left of its first digit. */
  readonly halfChar: number
  readonly rowHeight: number
  readonly headerHeight: number
  readonly padding: number
}

/** Where the columns stand, in the unit of the metrics. x grows from the grid's left edge, y from its top (the header). */
export interface GridLayout extends GridMetrics {
  readonly columns: number
  readonly offsetDigits: number
  readonly offsetX: number
  /** Left edge of the first hex digit. */
  readonly hexX: number
  readonly textX: number
  readonly width: number
}

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export type Hit =
  | { readonly kind: 'cell'; readonly offset: number; readonly pane: Pane }
  | { readonly kind: 'gutter'; readonly row: number }
  | { readonly kind: 'header' }
  | { readonly kind: 'outside' }

/** What a point is tested against. */
export interface GridView {
  readonly layout: GridLayout
  readonly position: ScrollPosition
  readonly byteLength: number
}

/** `px` moved to the nearest boundary between device pixels. */
export function snapPx(px: number, devicePixelRatio: number): number {
  return Math.round(px * devicePixelRatio) / devicePixelRatio
}

/** Device metrics as CSS metrics (factor 1 / ratio), or the other way. */
export function scaleMetrics(metrics: GridMetrics, factor: number): GridMetrics {
  return {
    charWidth: metrics.charWidth * factor,
    halfChar: metrics.halfChar * factor,
    rowHeight: metrics.rowHeight * factor,
    headerHeight: metrics.headerHeight * factor,
    padding: metrics.padding * factor,
  }
}

/** Characters from the first hex digit of a row to the first digit of `column`. */
export function hexChar(column: number): number {
  return column * 3 + Math.floor(column / GROUP)
}

/** Characters from the first hex digit of a row to the first character of the text pane. */
export function textChar(columns: number): number {
  return hexChar(columns - 1) + 2 + PANE_GAP
}

export function layoutGrid(metrics: GridMetrics, options: { columns: number; byteLength: number }): GridLayout {
  const { columns } = options
  const offsetDigits = offsetDigitsOf(options.byteLength)
  const offsetX = metrics.padding
  const hexX = offsetX + (offsetDigits + OFFSET_GAP) * metrics.charWidth
  const textX = hexX + textChar(columns) * metrics.charWidth
  // One slot more than there are columns: the caret may stand after the last byte of a full row.
  const width = textX + (columns + 1) * metrics.charWidth + metrics.padding
  return { ...metrics, columns, offsetDigits, offsetX, hexX, textX, width }
}

/**
 * The bytes per row to lay out. A number is a wish, halved until it fits; `fit` is the largest power of two that does.
 * Past 64 columns `fit` stops: a row that long is no longer read.
 */
export function chooseColumns(
  metrics: GridMetrics,
  options: { wish: number | 'fit'; widthPx: number; byteLength: number },
): number {
  let columns = options.wish === 'fit' ? 64 : Math.max(1, Math.min(512, Math.floor(options.wish)))
  while (columns > 1 && layoutGrid(metrics, { columns, byteLength: options.byteLength }).width > options.widthPx) {
    columns = Math.ceil(columns / 2)
  }
  return columns
}

/** Left edge of a cell's box; boxes of one group touch, so that a selection is one band. */
export function cellX(layout: GridLayout, column: number, pane: Pane): number {
  return pane === 'hex'
    ? layout.hexX + hexChar(column) * layout.charWidth - layout.halfChar
    : layout.textX + column * layout.charWidth
}

export function cellWidth(layout: GridLayout, pane: Pane): number {
  return pane === 'hex' ? 3 * layout.charWidth : layout.charWidth
}

/** Top of a row; may lie above the header's lower edge when the row is scrolled half away. */
export function rowY(layout: GridLayout, position: ScrollPosition, row: number): number {
  return layout.headerHeight + (row - position.topRow) * layout.rowHeight - position.subRowPx
}

/** The box of a byte's cell, wherever the view stands; the place after the last byte has one too. */
export function cellRect(view: GridView, offset: number, pane: Pane): Rect {
  const { layout, position, byteLength } = view
  const column = columnOfOffset(offset, layout.columns, byteLength)
  return {
    x: cellX(layout, column, pane),
    y: rowY(layout, position, rowOfOffset(offset, layout.columns, byteLength)),
    width: cellWidth(layout, pane),
    height: layout.rowHeight,
  }
}

/** The column nearest to x in one pane; a gap between groups belongs half to each neighbour. */
export function columnAt(layout: GridLayout, x: number, pane: Pane): number {
  if (pane === 'text') return clampColumn(layout, Math.floor((x - layout.textX) / layout.charWidth))
  const char = (x - layout.hexX + layout.halfChar) / layout.charWidth
  const groupChars = GROUP * 3 + 1
  // Half a character to the left: the wider gap is one character, and its first half belongs to the group before it.
  const group = Math.floor((char + 0.5) / groupChars)
  const within = Math.min(GROUP - 1, Math.max(0, Math.floor((char - group * groupChars) / 3)))
  return clampColumn(layout, group * GROUP + within)
}

/** The row at y, clamped to the document. */
export function rowAt(view: GridView, y: number): number {
  const { layout, position, byteLength } = view
  const row = position.topRow + Math.floor((y - layout.headerHeight + position.subRowPx) / layout.rowHeight)
  return Math.max(0, Math.min(row, rowCountOf(byteLength, layout.columns) - 1))
}

/** The offset nearest to a point within one pane: what a drag that has left the pane still means. */
export function nearestOffset(view: GridView, x: number, y: number, pane: Pane): number {
  const { layout, byteLength } = view
  return Math.min(byteLength, rowAt(view, y) * layout.columns + columnAt(layout, x, pane))
}

/** What lies under a point. A cell past the last byte answers the place after it. */
export function hitTest(view: GridView, x: number, y: number): Hit {
  const { layout, position, byteLength } = view
  if (x < 0 || x >= layout.width || y < 0) return { kind: 'outside' }
  if (y < layout.headerHeight) return { kind: 'header' }
  const row = position.topRow + Math.floor((y - layout.headerHeight + position.subRowPx) / layout.rowHeight)
  if (row >= rowCountOf(byteLength, layout.columns)) return { kind: 'outside' }
  if (x < layout.hexX - layout.charWidth) return { kind: 'gutter', row }
  const pane: Pane = x < layout.textX - layout.charWidth ? 'hex' : 'text'
  const column = columnAt(layout, x, pane)
  const cells = cellsInRow(row, layout.columns, byteLength)
  return { kind: 'cell', offset: row * layout.columns + Math.min(column, cells), pane }
}

function clampColumn(layout: GridLayout, column: number): number {
  return Math.max(0, Math.min(column, layout.columns - 1))
}
