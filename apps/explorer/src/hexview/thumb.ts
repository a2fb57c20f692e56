import { clampPosition, lastTopRow, type ScrollPosition, type ScrollSpace } from './scroll.ts'

/** Small enough to show where one is, large enough to be grabbed (WCAG 2.2 target size is 24). */
export const MIN_THUMB_PX = 28

const FREE_SIDEWAYS_PX = 40
const HALVING_PX = 24

export interface Thumb {
  readonly topPx: number
  readonly heightPx: number
}

/** A drag in progress. `rows` is not clamped: a pointer that overshot the end must come back before the thumb follows it. */
export interface ThumbDrag {
  readonly rows: number
  readonly pointerPx: number
}

/** The thumb is a projection of the position, never its source: 1 px of a 15 TiB file's track is 1.3e9 rows. */
export function thumbOf(space: ScrollSpace, position: ScrollPosition, trackPx: number): Thumb {
  const heightPx = thumbHeight(space, trackPx)
  const last = lastTopRow(space)
  if (last === 0) return { topPx: 0, heightPx }
  return { topPx: (trackPx - heightPx) * Math.min(1, rowsOf(space, position) / last), heightPx }
}

/**
 * The position whose thumb begins at `topPx`: the inverse of `thumbOf`. The ends are exact (row 0, the last page); between them a
 * row comes back as itself while there are fewer than 2^50 rows, past which a double cannot tell neighbours apart.
 */
export function positionAt(space: ScrollSpace, topPx: number, trackPx: number): ScrollPosition {
  const travel = trackPx - thumbHeight(space, trackPx)
  if (travel <= 0) return { topRow: 0, subRowPx: 0 }
  const last = lastTopRow(space)
  return positionOfRows(space, (topPx / travel) * last, last / travel)
}

export function startDrag(space: ScrollSpace, position: ScrollPosition, pointerPx: number): ThumbDrag {
  return { rows: rowsOf(space, position), pointerPx }
}

/**
 * The pointer moved along the track; `sidewaysPx` is how far it is from the track. Away from it the gain halves every 24 px, so
 * that any single row of any file can be reached by hand.
 */
export function moveDrag(
  space: ScrollSpace,
  drag: ThumbDrag,
  move: { pointerPx: number; sidewaysPx: number; trackPx: number },
): { drag: ThumbDrag; position: ScrollPosition } {
  const travel = move.trackPx - thumbHeight(space, move.trackPx)
  if (travel <= 0) return { drag: { rows: 0, pointerPx: move.pointerPx }, position: { topRow: 0, subRowPx: 0 } }
  const rowsPerPx = (lastTopRow(space) / travel) * dragGain(move.sidewaysPx)
  const rows = drag.rows + (move.pointerPx - drag.pointerPx) * rowsPerPx
  return { drag: { rows, pointerPx: move.pointerPx }, position: positionOfRows(space, rows, rowsPerPx) }
}

/** 1 beside the track, halved for every 24 px beyond 40 px of distance. */
export function dragGain(sidewaysPx: number): number {
  return 2 ** -(Math.max(0, Math.abs(sidewaysPx) - FREE_SIDEWAYS_PX) / HALVING_PX)
}

function thumbHeight(space: ScrollSpace, trackPx: number): number {
  const share = (trackPx * space.visibleRows) / Math.max(space.rowCount, space.visibleRows)
  return Math.min(trackPx, Math.max(MIN_THUMB_PX, share))
}

function rowsOf(space: ScrollSpace, position: ScrollPosition): number {
  return position.topRow + position.subRowPx / space.rowHeightPx
}

/** Fractions of a row are shown only where a pixel of the track is less than one; elsewhere they would be noise. */
function positionOfRows(space: ScrollSpace, rows: number, rowsPerPx: number): ScrollPosition {
  if (rowsPerPx >= 1) return clampPosition(space, { topRow: Math.round(rows), subRowPx: 0 })
  const topRow = Math.floor(rows)
  return clampPosition(space, { topRow, subRowPx: (rows - topRow) * space.rowHeightPx })
}
