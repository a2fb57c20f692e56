import { formatByte, formatOffset, offsetDigits } from '@mapscope/core/shared'
import { decodeBase64, encodeBase64 } from '@mapscope/protocol'
import { asSentence, isClientError, messageOf } from '../client/client_error.ts'
import type { HttpClient } from '../client/http.ts'
import { CELL_UNREAD, CELL_UNREADABLE, type CellBuffer } from '../hexview/grid_bytes.ts'
import { type SelectionStore, selectedRange } from '../state/selection.ts'
import type { Edit } from './edit.ts'
import { EditQueue, type QueuedEdit } from './edit_queue.ts'
import { History } from './history.ts'
import type { DocumentSession, PendingOverlay } from './session.ts'

export interface EditorOptions {
  readonly session: DocumentSession
  readonly selection: SelectionStore
  readonly http: Pick<HttpClient, 'edit'>
  /** The connection's name for this tab; `undefined` while there is no connection, and then edits wait. */
  readonly clientId: () => string | undefined
  /** Something the person should read who is typing: an edit cannot be made. */
  readonly onProblem: (message: string) => void
  /** An edit is not in the file, and is not going to be: who is away must read it all the same. */
  readonly onLost: (message: string) => void
  /** Edits wait for the server, because of this. */
  readonly onWaiting: (error: unknown) => void
  /** The number of unconfirmed edits, or what can be undone, changed. */
  readonly onChange: () => void
  /** The caret went somewhere that may be out of sight. */
  readonly onCaretMoved: () => void
}

const HEX_DIGIT = /^[0-9a-f]$/i

/** Overwrites at the caret: paints at once, sends in order, takes back what is refused. */
export class Editor implements PendingOverlay {
  readonly #options: EditorOptions
  readonly #history = new History()
  readonly #queue: EditQueue

  constructor(options: EditorOptions) {
    this.#options = options
    const { session } = options
    this.#queue = new EditQueue({
      send: (edit) => this.#send(edit),
      canSend: () => options.clientId() !== undefined,
      presentRevision: () => session.info.revision,
      onChange: () => {
        session.notify()
        options.onChange()
      },
      onRefused: (lost, error) => this.#refuse(lost, error),
      onWaiting: options.onWaiting,
    })
    session.setOverlay(this)
  }

  get pendingCount(): number {
    return this.#queue.pendingCount
  }

  get canUndo(): boolean {
    return this.#history.canUndo
  }

  get canRedo(): boolean {
    return this.#history.canRedo
  }

  /** What the keyboard typed, in the pane it was typed into: hex digits, or text that is stored as UTF-8. */
  type(text: string): void {
    const { session, selection } = this.#options
    if (session.info.mode === 'read-only') {
      this.#options.onProblem(asSentence(session.info.readOnlyReason ?? 'this file is open read-only'))
      return
    }
    const isText = selection.getState().pane === 'text'
    const digits = [...text].filter((letter) => HEX_DIGIT.test(letter))
    // A key that types nothing leaves the selection alone.
    if (!isText && digits.length === 0) return
    this.#collapse()
    if (isText) this.#typeText(text)
    else for (const digit of digits) if (!this.#typeDigit(digit)) return
  }

  undo(): void {
    this.#step('undo')
  }

  redo(): void {
    this.#step('redo')
  }

  /** There is a connection again. */
  resume(): void {
    this.#queue.resume()
  }

  /** Gives up the edits that are not on their way yet, on the person's word. */
  discardPending(): void {
    for (const edit of this.#queue.discardQueued().reverse()) this.#revert(edit)
    this.#options.onChange()
  }

  dispose(): void {
    this.#queue.dispose()
  }

  paint(offset: number, length: number, into: CellBuffer): void {
    this.#queue.paint(offset, length, into)
  }

  sentAt(start: number, end: number): Edit | undefined {
    return this.#queue.sentAt(start, end)
  }

  settle(revision: number): void {
    this.#queue.settle(revision)
  }

  settleAll(): void {
    this.#queue.settleAll()
  }

  startAnew(): void {
    this.#history.clear()
    const count = this.#queue.discardAll()
    if (count === 0) return
    const what = count === 1 ? '1 edit was given up before it was' : `${count} edits were given up before they were`
    this.#options.onLost(`${what} written: another file has this name now.`)
  }

  editedIn(start: number, end: number): { start: number; end: number }[] {
    return this.#history.editedIn(start, end)
  }

  /** Typing over a selection begins at its first byte: overwriting never removes bytes, so there is nothing else to mean. */
  #collapse(): void {
    const { selection } = this.#options
    const range = selectedRange(selection.getState())
    if (range !== undefined) selection.setState({ anchor: range.start, focus: range.start, nibble: 'high' })
  }

  #typeDigit(letter: string): boolean {
    const { selection } = this.#options
    const { focus, nibble } = selection.getState()
    const previous = this.#bytesAt(focus, 1)?.[0]
    if (previous === undefined) return false
    const digit = Number.parseInt(letter, 16)
    const byte = nibble === 'high' ? (digit << 4) | (previous & 0x0f) : (previous & 0xf0) | digit
    this.#write({ offset: focus, bytes: Uint8Array.of(byte), previous: Uint8Array.of(previous) })
    if (nibble === 'high') selection.setState({ nibble: 'low' })
    else selection.setState({ anchor: focus + 1, focus: focus + 1, nibble: 'high' })
    this.#options.onCaretMoved()
    return true
  }

  #typeText(text: string): void {
    const { selection } = this.#options
    const bytes = new TextEncoder().encode(text)
    const { focus } = selection.getState()
    const previous = this.#bytesAt(focus, bytes.length)
    if (bytes.length === 0 || previous === undefined) return
    this.#write({ offset: focus, bytes, previous })
    selection.setState({ anchor: focus + bytes.length, focus: focus + bytes.length, nibble: 'high' })
    this.#options.onCaretMoved()
  }

  /** The bytes about to be overwritten, if there are that many and all are seen: nobody overwrites what they cannot see. */
  #bytesAt(offset: number, length: number): Uint8Array | undefined {
    const { session, onProblem } = this.#options
    if (offset + length > session.byteLength) {
      onProblem(
        length > 1 && offset < session.byteLength
          ? `That is ${length} bytes, and only ${session.byteLength - offset} are left: overwriting never makes a file longer.`
          : 'This is the end of the file: overwriting never makes it longer.',
      )
      return undefined
    }
    for (let at = offset; at < offset + length; at++) {
      const { state } = session.cellAt(at)
      if (state === CELL_UNREAD) onProblem('These bytes are not here yet. Type again when they are shown.')
      if (state === CELL_UNREADABLE) onProblem('These bytes cannot be read, so they cannot be edited.')
      if (state === CELL_UNREAD || state === CELL_UNREADABLE) return undefined
    }
    return session.knownBytes({ start: offset, end: offset + length })
  }

  #write(edit: Edit): void {
    if (edit.bytes.every((byte, i) => byte === edit.previous[i])) return
    const group = this.#history.record(edit)
    this.#queue.push({ ...edit, origin: 'typed', group })
  }

  #step(origin: 'undo' | 'redo'): void {
    const step = origin === 'undo' ? this.#history.undo() : this.#history.redo()
    if (step === undefined) return
    for (const edit of step.edits) this.#queue.push({ ...edit, origin, group: step.group })
    const first = step.edits[0]
    if (first !== undefined) {
      this.#options.selection.setState({ anchor: first.offset, focus: first.offset, nibble: 'high' })
      this.#options.onCaretMoved()
    }
    this.#options.onChange()
  }

  async #send(edit: QueuedEdit): Promise<{ readonly revision: number }> {
    const clientId = this.#options.clientId()
    return await this.#options.http.edit(this.#options.session.info.id, {
      offset: edit.offset,
      bytes: encodeBase64(edit.bytes),
      // Always compare-and-swap, for typing too: what is overwritten is what was on screen, never a byte nobody saw, and an
      // edit sent again after a lost answer cannot do harm.
      expected: encodeBase64(edit.previous),
      ...(clientId === undefined ? {} : { clientId }),
    })
  }

  #refuse(lost: readonly QueuedEdit[], error: unknown): void {
    const [first, ...upon] = lost
    if (first === undefined) return
    for (const edit of upon.toReversed()) this.#revert(edit)
    const isKept = this.#revert(first)
    if (isClientError(error, 'ERR_CONFLICT')) {
      this.#options.session.forget({ start: first.offset, end: first.offset + first.bytes.length })
    }
    this.#options.onLost(this.#explain(first, error, isKept))
  }

  /** Whether the edit can be tried again. */
  #revert(edit: QueuedEdit): boolean {
    if (edit.origin !== 'typed') return this.#history.putBack(edit.group, edit, edit.origin)
    this.#history.forget(edit)
    return false
  }

  #explain(edit: QueuedEdit, error: unknown, isKept: boolean): string {
    const place = `0x${formatOffset(edit.offset, offsetDigits(this.#options.session.byteLength))}`
    const typed = `${showBytes(edit.bytes)} not written`
    const what = { typed, undo: 'Not undone', redo: 'Not redone' }[edit.origin]
    const fate = isKept ? 'kept' : 'skipped from now on: it was refused twice'
    const kept = edit.origin === 'typed' ? '' : ` The ${edit.origin} step is ${fate}.`
    const present = isClientError(error, 'ERR_CONFLICT') ? error.problem?.present : undefined
    if (present === undefined) return `${what} at ${place}: ${messageOf(error)}${kept}`
    return `${what} at ${place}: someone else changed it meanwhile. It is ${showBytes(decodeBase64(present))} now.${kept}`
  }
}

function showBytes(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 8)].map(formatByte).join(' ')
  return bytes.length > 8 ? `${shown} …` : shown
}
