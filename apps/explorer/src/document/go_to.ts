import { formatOffset, offsetDigits, type ParsedOffset, parseOffset } from '@mapscope/core/shared'
import { rebaseTopRow } from '../hexview/scroll.ts'
import { announce, type NoticesStore } from '../state/notices.ts'
import type { ViewStore } from '../state/view.ts'
import type { Caret } from './caret.ts'

export interface GoToOptions {
  readonly view: ViewStore
  readonly caret: Caret
  readonly notices: NoticesStore
  readonly byteLength: () => number
}

/** Go-to with a live preview: typing shows the target, Enter goes there, Esc puts the view back as it was. */
export class GoTo {
  readonly #options: GoToOptions
  #saved: { readonly topRow: number; readonly subRowPx: number; readonly columns: number } | undefined

  constructor(options: GoToOptions) {
    this.#options = options
  }

  begin(): void {
    const { topRow, subRowPx, columns } = this.#options.view.getState()
    this.#saved ??= { topRow, subRowPx, columns }
  }

  /** Where `text` leads; the view follows while it leads somewhere. */
  preview(text: string): ParsedOffset {
    const parsed = this.parse(text)
    if ('offset' in parsed) this.#options.caret.show(parsed.offset, 'centre')
    else this.#restore()
    return parsed
  }

  /** Goes there; false when the text leads nowhere. */
  commit(text: string, isExtending: boolean): boolean {
    const parsed = this.parse(text)
    if ('problem' in parsed) return false
    this.#saved = undefined
    const { caret, notices, byteLength } = this.#options
    caret.moveTo(parsed.offset, { isExtending, reveal: 'centre' })
    announce(notices, `Went to 0x${formatOffset(parsed.offset, offsetDigits(byteLength()))}`)
    return true
  }

  cancel(): void {
    this.#restore()
    this.#saved = undefined
  }

  parse(text: string): ParsedOffset {
    return parseOffset(text, { byteLength: this.#options.byteLength(), caret: this.#options.caret.offset })
  }

  /** The place is a byte, not a row: the window may have been narrowed to fewer columns meanwhile. */
  #restore(): void {
    if (this.#saved === undefined) return
    const { topRow, subRowPx, columns } = this.#saved
    const { view } = this.#options
    const present = view.getState().columns
    if (present === columns) view.setState({ topRow, subRowPx })
    else view.setState({ topRow: rebaseTopRow(topRow, columns, present), subRowPx: 0 })
  }
}
