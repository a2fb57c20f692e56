import { createStore, type StoreApi } from 'zustand/vanilla'

/** What lies over or beside the grid. `picker` and `keys` are dialogs; the two bars leave the grid in view. */
export type PanelId = 'picker' | 'keys' | 'goto' | 'find'

export interface PanelsState {
  readonly dialog: 'picker' | 'keys' | undefined
  readonly bar: 'goto' | 'find' | undefined
  /** Rises when a bar that is open already is asked for again, so that it takes the focus. */
  readonly focusRequests: number
}

export type PanelsStore = StoreApi<PanelsState>

export function createPanelsStore(): PanelsStore {
  return createStore<PanelsState>(() => ({ dialog: undefined, bar: undefined, focusRequests: 0 }))
}

export function showPanel(store: PanelsStore, id: PanelId): void {
  const focusRequests = store.getState().focusRequests + 1
  if (id === 'picker' || id === 'keys') store.setState({ dialog: id, focusRequests })
  else store.setState({ bar: id, focusRequests })
}
