import type { Pane } from '../state/selection.ts'
import type { Rect } from './geometry.ts'

/** What tests and people at the console may read of the grid that is on screen. Reading only: nothing here changes anything. */
export interface GridInspection {
  /** A byte's cell in CSS pixels of the browser's viewport; undefined unless it is wholly on screen. */
  cellRect(offset: number, pane: Pane): Rect | undefined
  /** What was handed to the canvas for a row: `OFFSET  4D 5A …   MZ..`, `??` unreadable, middle dots for skeleton. */
  paintedRow(row: number): string | undefined
  /** The bytes on screen, half-open. */
  visibleRange(): { start: number; end: number }
  /** Frames painted since the grid was made. */
  readonly frames: number
  /** JavaScript time of the last frame. */
  readonly lastFrameMs: number
  /** Rows painted in the last frame; the others stood or were moved. */
  readonly lastFrameRows: number
}

interface InspectionHost {
  mapscope?: { grid?: GridInspection }
}

/** Puts the handle at `window.mapscope.grid`; the disposer takes it away unless a newer grid has replaced it. */
export function registerInspection(grid: GridInspection): () => void {
  const host = globalThis as InspectionHost
  host.mapscope = { ...host.mapscope, grid }
  return () => {
    if (host.mapscope?.grid !== grid) return
    const { grid: _gone, ...rest } = host.mapscope
    host.mapscope = rest
  }
}
