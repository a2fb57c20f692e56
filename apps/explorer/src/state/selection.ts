import { createStore, type StoreApi } from 'zustand/vanilla'

/** Which of the two columns the keyboard types into. */
export type Pane = 'hex' | 'text'

/**
 * The caret is `focus`, a byte offset from 0 to the document's length inclusive (the length is the place after the last byte).
 * The selection is the bytes between `anchor` and `focus`, both included when they differ; equal means no selection. It is
 * two numbers whatever its size: only visible cells ever look at it.
 */
export interface SelectionState {
  readonly anchor: number
  readonly focus: number
  readonly pane: Pane
  /** In the hex pane, which digit of the caret's byte the next one typed replaces. */
  readonly nibble: 'high' | 'low'
}

export type SelectionStore = StoreApi<SelectionState>

export function createSelectionStore(): SelectionStore {
  return createStore<SelectionState>(() => ({ anchor: 0, focus: 0, pane: 'hex', nibble: 'high' }))
}

/** The selected bytes, half-open; `undefined` when nothing is selected. */
export function selectedRange(state: SelectionState): { start: number; end: number } | undefined {
  if (state.anchor === state.focus) return undefined
  return { start: Math.min(state.anchor, state.focus), end: Math.max(state.anchor, state.focus) + 1 }
}
