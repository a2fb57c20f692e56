import { decodeBase64 } from '@mapscope/protocol'
import { isClientError, isPassing } from '../client/client_error.ts'
import { CELL_KNOWN, type CellBuffer } from '../hexview/grid_bytes.ts'
import { cutEdit, type Edit, endOf, isSameBytes, joinEdits } from './edit.ts'
import type { EditGroup } from './history.ts'

export type EditOrigin = 'typed' | 'undo' | 'redo'

/** An edit that is painted but not yet part of the revision this tab knows. */
export interface QueuedEdit extends Edit {
  readonly origin: EditOrigin
  readonly group: EditGroup
}

interface Entry {
  edit: QueuedEdit
  /** `stored`: the server has it as of `revision`; kept until the session has got there, or old bytes would flicker through. */
  phase: 'queued' | 'sending' | 'stored'
  revision: number
}

export interface EditQueueOptions {
  /** Resolves with the revision the edit made. */
  readonly send: (edit: QueuedEdit) => Promise<{ readonly revision: number }>
  /** False while there is no connection: edits wait then. */
  readonly canSend: () => boolean
  readonly presentRevision: () => number
  /** Painted cells, or how many edits wait, are others now. */
  readonly onChange: () => void
  /** The edit was refused; `lost` are it and those that were built upon it, in order. None of them is painted any more. */
  readonly onRefused: (lost: readonly QueuedEdit[], error: unknown) => void
  /** The server cannot be asked at present; the edit waits for `resume`. */
  readonly onWaiting: (error: unknown) => void
}

/** So that the join of a fast typist's queue never outgrows what one request may carry. */
const MAX_JOINED_BYTE_LENGTH = 64 * 1024
const RETRY_MS = 3_000

/** Edits in the order they were made, one on its way at a time; painted at once, taken back when refused. */
export class EditQueue {
  readonly #options: EditQueueOptions
  #entries: Entry[] = []
  #isWaiting = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: EditQueueOptions) {
    this.#options = options
  }

  /** Edits the server has not confirmed. */
  get pendingCount(): number {
    return this.#entries.filter((entry) => entry.phase !== 'stored').length
  }

  push(edit: QueuedEdit): void {
    const last = this.#entries.at(-1)
    const isJoinable = last?.phase === 'queued' && last.edit.origin === edit.origin && last.edit.group === edit.group
    const joined = isJoinable ? joinEdits(last.edit, edit) : undefined
    if (joined !== undefined && last !== undefined && joined.bytes.length <= MAX_JOINED_BYTE_LENGTH) {
      last.edit = { ...last.edit, ...joined }
    } else {
      this.#entries.push({ edit, phase: 'queued', revision: 0 })
    }
    this.#options.onChange()
    void this.#pump()
  }

  /** Paints the edits over cells read from the cache. */
  paint(offset: number, length: number, into: CellBuffer): void {
    for (const { edit } of this.#entries) {
      const start = Math.max(offset, edit.offset)
      const end = Math.min(offset + length, endOf(edit))
      if (start >= end) continue
      into.values.set(edit.bytes.subarray(start - edit.offset, end - edit.offset), start - offset)
      into.states.fill(CELL_KNOWN, start - offset, end - offset)
    }
  }

  /** The edit of ours that a `changed` event of exactly this range speaks of. */
  sentAt(start: number, end: number): Edit | undefined {
    const isSent = (entry: Entry) =>
      entry.phase !== 'queued' && entry.edit.offset === start && endOf(entry.edit) === end
    return this.#entries.find(isSent)?.edit
  }

  /** The session is at `revision` now: what the server had stored by then is in the bytes themselves. */
  settle(revision: number): void {
    this.#entries = this.#entries.filter((entry) => entry.phase !== 'stored' || entry.revision > revision)
  }

  /** Another document instance: revisions begin anew, and what was stored is in its bytes. */
  settleAll(): void {
    this.settle(Number.POSITIVE_INFINITY)
  }

  resume(): void {
    clearTimeout(this.#timer)
    this.#isWaiting = false
    void this.#pump()
  }

  /** Gives up what is not on its way; returns what was given up, in order. */
  discardQueued(): QueuedEdit[] {
    const queued = this.#entries.filter((entry) => entry.phase === 'queued')
    this.#entries = this.#entries.filter((entry) => entry.phase !== 'queued')
    this.#options.onChange()
    return queued.map((entry) => entry.edit)
  }

  /** Gives up everything, what is on its way too: its answer is nothing to this queue any more. Returns how many were pending. */
  discardAll(): number {
    const { pendingCount } = this
    this.#entries = []
    this.#options.onChange()
    return pendingCount
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#isWaiting = true
  }

  async #pump(): Promise<void> {
    if (this.#isWaiting || !this.#options.canSend()) return
    if (this.#entries.some((entry) => entry.phase === 'sending')) return
    const entry = this.#entries.find((one) => one.phase === 'queued')
    if (entry === undefined) return
    entry.phase = 'sending'
    try {
      const { revision } = await this.#options.send(entry.edit)
      if (this.#entries.includes(entry)) this.#store(entry, revision)
    } catch (error) {
      if (this.#entries.includes(entry)) this.#fail(entry, error)
    }
    void this.#pump()
  }

  #store(entry: Entry, revision: number): void {
    entry.phase = 'stored'
    entry.revision = revision
    this.settle(this.#options.presentRevision())
    this.#options.onChange()
  }

  #fail(entry: Entry, error: unknown): void {
    if (isAlreadyThere(entry.edit, error)) {
      // The first attempt was stored and only its answer was lost.
      this.#store(entry, this.#options.presentRevision())
      return
    }
    // A document the server no longer knows, or a session it no longer accepts, is mended elsewhere; the edits wait for it.
    const isMendable = isClientError(error, 'ERR_NOT_FOUND') || isClientError(error, 'ERR_UNAUTHORIZED')
    if (isMendable || isPassing(error)) {
      entry.phase = 'queued'
      this.#isWaiting = true
      this.#timer = setTimeout(() => this.resume(), RETRY_MS)
      this.#options.onWaiting(error)
      return
    }
    this.#options.onRefused([entry.edit, ...this.#dropUpon(entry)], error)
    this.#options.onChange()
  }

  /**
   * Takes a refused entry out, and from later ones the bytes that were typed over its bytes: they were made of bytes that never
   * came to be. What those edits hold beside them is sent all the same. Returns what was taken from the later ones.
   */
  #dropUpon(refused: Entry): QueuedEdit[] {
    const { offset } = refused.edit
    const end = endOf(refused.edit)
    const lost: QueuedEdit[] = []
    const at = this.#entries.indexOf(refused)
    const later = this.#entries.slice(at + 1).flatMap((entry): Entry[] => {
      const inside = cutEdit(entry.edit, offset, end)
      if (inside === undefined) return [entry]
      lost.push({ ...entry.edit, ...inside })
      const outside = [cutEdit(entry.edit, 0, offset), cutEdit(entry.edit, end, Number.MAX_SAFE_INTEGER)]
      return outside
        .filter((part) => part !== undefined)
        .map((part) => ({ ...entry, edit: { ...entry.edit, ...part } }))
    })
    this.#entries = [...this.#entries.slice(0, at), ...later]
    return lost
  }
}

function isAlreadyThere(edit: Edit, error: unknown): boolean {
  if (!isClientError(error, 'ERR_CONFLICT') || error.problem?.present === undefined) return false
  return isSameBytes(decodeBase64(error.problem.present), edit.bytes)
}
