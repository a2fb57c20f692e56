/** What a cell is: not here yet (painted as skeleton), a true byte, or one that cannot be read (painted as `??`). */
export const CELL_UNREAD = 0
export const CELL_KNOWN = 1
export const CELL_UNREADABLE = 2

/** Cells of one stretch; reused between paints, so whoever keeps one copies it. */
export interface CellBuffer {
  readonly values: Uint8Array
  readonly states: Uint8Array
}

/** A painted emphasis. Colour is never its only carrier: each kind has an outline, an underline or a glyph of its own. */
export interface Mark {
  readonly kind: 'hit' | 'edited' | 'changed'
  readonly start: number
  readonly end: number
  /**
   * When a `changed` mark happened, on the clock of `performance.now()`. Without it its flash starts when it is first painted.
   */
  readonly sinceMs?: number
}

/** What the grid needs of a document; `document/session.ts` is one. Nothing here waits: painting reads what is at hand. */
export interface GridBytes {
  readonly byteLength: number
  /** Fills the buffer's first `length` cells from `offset` with what is known now. */
  readCells(offset: number, length: number, into: CellBuffer): void
  /** Marks touching the half-open range, in painting order. */
  marksIn(start: number, end: number): readonly Mark[]
  /** Tells which bytes are on screen and which way they are moving, so that the right chunks are fetched. */
  setVisible(start: number, end: number, direction: 'forward' | 'backward' | 'none'): void
  /** Called after cells or marks changed; returns the unsubscribe. */
  subscribe(listener: () => void): () => void
}
