import { revealOffset } from '../hexview/scroll.ts'
import type { Pane, SelectionStore } from '../state/selection.ts'
import type { ViewStore } from '../state/view.ts'

export interface CaretOptions {
  readonly view: ViewStore
  readonly selection: SelectionStore
  /** Of the open document; 0 without one. */
  readonly byteLength: () => number
}

export interface MoveOptions {
  /** Leaves the anchor where it is. */
  readonly isExtending?: boolean
  /** `centre` for jumps, so that what surrounds the target is seen too. */
  readonly reveal?: 'nearest' | 'centre'
}

/** Rows assumed on screen before the grid has been laid out. */
const UNKNOWN_VISIBLE_ROWS = 24

/** Moves the caret and brings it into sight. Only typing puts it after the last byte: nothing can be appended there. */
export class Caret {
  readonly #options: CaretOptions

  constructor(options: CaretOptions) {
    this.#options = options
  }

  get offset(): number {
    return this.#options.selection.getState().focus
  }

  moveTo(offset: number, options: MoveOptions = {}): void {
    const { selection } = this.#options
    const target = this.#clamp(offset)
    selection.setState(
      options.isExtending ? { focus: target, nibble: 'high' } : { anchor: target, focus: target, nibble: 'high' },
    )
    this.reveal(options.reveal)
  }

  /** As it is in a document nobody has looked into yet. */
  reset(): void {
    this.#options.view.setState({ topRow: 0, subRowPx: 0 })
    this.#options.selection.setState({ anchor: 0, focus: 0, pane: 'hex', nibble: 'high' })
  }

  /** Selects a half-open range with the caret at its first byte, which is where a reader goes on from. */
  select(range: { readonly start: number; readonly end: number }, pane?: Pane): void {
    const start = this.#clamp(range.start)
    const anchor = Math.max(start, this.#clamp(range.end - 1))
    this.#options.selection.setState({ anchor, focus: start, nibble: 'high', ...(pane === undefined ? {} : { pane }) })
    this.reveal('centre')
  }

  reveal(how: 'nearest' | 'centre' = 'nearest'): void {
    this.show(this.offset, how)
  }

  /** Brings any offset into sight without moving the caret. */
  show(offset: number, how: 'nearest' | 'centre'): void {
    const { view, byteLength } = this.#options
    const state = view.getState()
    const visibleRows = state.visibleRows > 1 ? state.visibleRows : UNKNOWN_VISIBLE_ROWS
    view.setState(revealOffset({ ...state, visibleRows }, { offset, byteLength: byteLength() }, how))
  }

  #clamp(offset: number): number {
    return Math.max(0, Math.min(offset, this.#options.byteLength() - 1))
  }
}
