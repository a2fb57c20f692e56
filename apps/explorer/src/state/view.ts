import { createStore, type StoreApi } from 'zustand/vanilla'

/**
 * The truth of scrolling is an integer, the row at the top: native scrolling ends at 33.5 million pixels divided by the device
 * pixel ratio, which is 13 MB of file at ratio 2. `subRowPx` is what a wheel has moved below one row, 0 <= subRowPx < row height.
 */
export interface ViewState {
  readonly topRow: number
  readonly subRowPx: number
  /** Bytes per row. */
  readonly columns: number
  /** Whole rows that fit; set by the grid when it is laid out. */
  readonly visibleRows: number
}

export type ViewStore = StoreApi<ViewState>

export function createViewStore(): ViewStore {
  return createStore<ViewState>(() => ({ topRow: 0, subRowPx: 0, columns: 16, visibleRows: 1 }))
}
