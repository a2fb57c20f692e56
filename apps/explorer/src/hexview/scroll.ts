import { rowCountOf, rowOfOffset } from './rows.ts'

/**
 * Where the view stands: the row at the top and how far it is scrolled away. Rows are whole numbers and exact to 2^53; pixels
 * only ever measure less than one row, so nothing here grows with the file.
 */
export interface ScrollPosition {
  readonly topRow: number
  readonly subRowPx: number
}

/** What a position moves in. `visibleRows` are the whole rows that fit, at least 1. */
export interface ScrollSpace {
  readonly rowCount: number
  readonly visibleRows: number
  readonly rowHeightPx: number
}

export const DELTA_PIXEL = 0
export const DELTA_LINE = 1
export const DELTA_PAGE = 2

/** The last position: the final page begins at a row's edge, so the last row is whole and nothing runs past it. */
export function lastTopRow(space: ScrollSpace): number {
  return Math.max(0, space.rowCount - space.visibleRows)
}

export function clampPosition(space: ScrollSpace, position: ScrollPosition): ScrollPosition {
  if (!(position.topRow >= 0)) return { topRow: 0, subRowPx: 0 }
  const last = lastTopRow(space)
  if (position.topRow >= last) return { topRow: last, subRowPx: 0 }
  if (position.subRowPx >= 0 && position.subRowPx < space.rowHeightPx) return position
  return { topRow: position.topRow, subRowPx: 0 }
}

/** Moves by pixels of any size; what is less than a row is kept, so slow trackpads lose nothing. */
export function scrollByPx(space: ScrollSpace, position: ScrollPosition, deltaPx: number): ScrollPosition {
  const total = position.subRowPx + deltaPx
  const rows = Math.floor(total / space.rowHeightPx)
  // The remainder can round to a whole row; clampPosition would then drop it, so it is kept below one here.
  const subRowPx = Math.max(0, total - rows * space.rowHeightPx)
  const isWholeRow = subRowPx >= space.rowHeightPx
  return clampPosition(space, {
    topRow: position.topRow + rows + (isWholeRow ? 1 : 0),
    subRowPx: isWholeRow ? 0 : subRowPx,
  })
}

export function scrollByRows(space: ScrollSpace, position: ScrollPosition, rows: number): ScrollPosition {
  return clampPosition(space, { topRow: position.topRow + Math.trunc(rows), subRowPx: position.subRowPx })
}

/** A wheel event's delta in pixels: `deltaMode` says whether it counts pixels, lines (a row each) or pages. */
export function wheelPx(space: ScrollSpace, wheel: { delta: number; deltaMode: number }): number {
  if (wheel.deltaMode === DELTA_LINE) return wheel.delta * space.rowHeightPx
  if (wheel.deltaMode === DELTA_PAGE) return wheel.delta * space.rowHeightPx * Math.max(1, space.visibleRows - 1)
  return wheel.delta
}

/**
 * Brings a row into sight. `nearest` moves as little as possible (a caret walking out of view), `centre` puts a row that is not
 * whole on screen in its middle (a jump: what surrounds the target is seen with it); a row in sight moves nothing in either way.
 */
export function revealRow(
  space: ScrollSpace,
  position: ScrollPosition,
  row: number,
  how: 'nearest' | 'centre' = 'nearest',
): ScrollPosition {
  const firstWhole = position.topRow + (position.subRowPx > 0 ? 1 : 0)
  const isInSight = row >= firstWhole && row < position.topRow + space.visibleRows
  if (isInSight) return position
  if (how === 'centre')
    return clampPosition(space, { topRow: row - Math.floor((space.visibleRows - 1) / 2), subRowPx: 0 })
  const topRow = row < firstWhole ? row : row - space.visibleRows + 1
  return clampPosition(space, { topRow, subRowPx: 0 })
}

/** `revealRow` for whoever knows the view store and the document, but no pixels: the commands. */
export function revealOffset(
  view: ScrollPosition & { readonly columns: number; readonly visibleRows: number },
  target: { offset: number; byteLength: number },
  how: 'nearest' | 'centre' = 'nearest',
): ScrollPosition {
  const rowCount = rowCountOf(target.byteLength, view.columns)
  // No row height: only whole rows are asked for, and the present fraction of a row is kept when nothing moves.
  const space: ScrollSpace = { rowCount, visibleRows: view.visibleRows, rowHeightPx: Number.POSITIVE_INFINITY }
  return revealRow(space, view, rowOfOffset(target.offset, view.columns, target.byteLength), how)
}

/** The position in another row length that keeps the same byte in the top row: scrolling is anchored on offsets, not rows. */
export function rebaseTopRow(topRow: number, from: number, to: number): number {
  return Math.floor((topRow * from) / to)
}
