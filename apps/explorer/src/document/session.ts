import { type ByteRange, intersect, mergeRanges } from '@mapscope/core/shared'
import type { DocumentInfo, MissedChange } from '@mapscope/protocol'
import { ChunkCache, type ChunkCacheOptions } from '../client/chunk_cache.ts'
import { ChunkLoader, type ChunkLoaderOptions } from '../client/chunk_loader.ts'
import { isClientError } from '../client/client_error.ts'
import type { HttpClient } from '../client/http.ts'
import type { ChangedMessage, Opened, Patch } from '../client/socket.ts'
import type { Direction } from '../client/wanted_chunks.ts'
import { CELL_KNOWN, type CellBuffer, type GridBytes, type Mark } from '../hexview/grid_bytes.ts'
import type { Edit } from './edit.ts'
import { Marks } from './marks.ts'
import { ShownBefore } from './shown_before.ts'

/** The tab's own edits that are not part of the known revision yet; the editor is one. */
export interface PendingOverlay {
  paint(offset: number, length: number, into: CellBuffer): void
  sentAt(start: number, end: number): Edit | undefined
  settle(revision: number): void
  settleAll(): void
  /** Another file is shown under the name: no edit made so far, sent or not, is one of it. */
  startAnew(): void
  editedIn(start: number, end: number): readonly ByteRange[]
}

export interface SessionOptions {
  readonly info: DocumentInfo
  readonly http: Pick<HttpClient, 'readBytes' | 'getDocument'>
  readonly onInfo: (info: DocumentInfo) => void
  readonly onFailure: (error: unknown) => void
  /** Other bytes are on screen. */
  readonly onVisible?: (visible: ByteRange) => void
  readonly cache?: Omit<ChunkCacheOptions, 'byteLength'>
  readonly loader?: Pick<ChunkLoaderOptions, 'retry' | 'staleWaitMs'>
}

const LOST_REASON = 'the server has not got this file any more'
/** A file that is written to without pause is never read whole in one revision. */
const MAX_READ_ATTEMPTS = 5
const EVENT_WAIT_MS = 300

/**
 * One open document as the grid sees it. A cell says "known" only if it is the byte of the present revision, or the tab's own
 * edit of it: whatever a change touched is unread until it has come anew.
 */
export class DocumentSession implements GridBytes {
  readonly #options: SessionOptions
  readonly #cache: ChunkCache
  readonly #loader: ChunkLoader
  readonly #marks: Marks
  readonly #listeners = new Set<() => void>()
  readonly #abort = new AbortController()
  readonly #oneCell: CellBuffer = { values: new Uint8Array(1), states: new Uint8Array(1) }
  #info: DocumentInfo
  #overlay: PendingOverlay | undefined
  #isLost = false
  #visible: ByteRange = { start: 0, end: 0 }
  #before: ShownBefore | undefined

  constructor(options: SessionOptions) {
    this.#options = options
    this.#info = options.info
    this.#cache = new ChunkCache({ byteLength: options.info.byteLength, ...options.cache })
    this.#marks = new Marks(() => this.notify())
    this.#loader = new ChunkLoader({
      cache: this.#cache,
      present: () => this.#info,
      fetchBytes: (range, revision, signal) => {
        const { id, byteLength } = this.#info
        return options.http.readBytes({ documentId: id, revision, byteLength, range }, { signal })
      },
      onFilled: () => {
        this.#flashSinceBefore()
        this.notify()
      },
      onFailure: options.onFailure,
      onStale: () => void this.refresh(),
      ...options.loader,
    })
  }

  get info(): DocumentInfo {
    return this.#isLost ? { ...this.#info, mode: 'read-only', readOnlyReason: LOST_REASON } : this.#info
  }

  /** The server has not got the document any more: what is at hand is all there is, until a state is adopted again. */
  get isLost(): boolean {
    return this.#isLost
  }

  get byteLength(): number {
    return this.#info.byteLength
  }

  get heldByteLength(): number {
    return this.#cache.heldByteLength
  }

  setOverlay(overlay: PendingOverlay): void {
    this.#overlay = overlay
  }

  readCells(offset: number, length: number, into: CellBuffer): void {
    this.#cache.read(offset, length, into)
    this.#overlay?.paint(offset, length, into)
  }

  /** The byte at `offset` and what is known of it. */
  cellAt(offset: number): { readonly state: number; readonly value: number } {
    this.readCells(offset, 1, this.#oneCell)
    return { state: this.#oneCell.states[0] ?? 0, value: this.#oneCell.values[0] ?? 0 }
  }

  /** The bytes of a range if every one of them is at hand. */
  knownBytes(range: ByteRange): Uint8Array | undefined {
    const length = range.end - range.start
    const cells = { values: new Uint8Array(length), states: new Uint8Array(length) }
    this.readCells(range.start, length, cells)
    return cells.states.every((state) => state === CELL_KNOWN) ? cells.values : undefined
  }

  /** Reads a range that need not be visible, past the cache: for copying. Rejects if any of it cannot be read. */
  async readBytes(range: ByteRange, signal: AbortSignal): Promise<Uint8Array> {
    const known = this.knownBytes(range)
    if (known !== undefined) return known
    for (let attempt = 0; attempt < MAX_READ_ATTEMPTS; attempt++) {
      const { id, revision } = this.#info
      const bytes = await this.#readAt(this.#info, range, signal)
      if (bytes === undefined) await this.#catchUp(revision)
      else if (this.#info.id === id && this.#info.revision === revision) return this.#painted(range.start, bytes)
      signal.throwIfAborted()
    }
    throw new Error('The bytes keep changing while they are read. Try again when the file is quieter.')
  }

  /** The bytes of one revision; `undefined` when the server is at another by now. */
  async #readAt(info: DocumentInfo, range: ByteRange, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { id, revision, byteLength } = info
    const bytes = new Uint8Array(range.end - range.start)
    for (let start = range.start; start < range.end; ) {
      const asked = { documentId: id, revision, byteLength, range: { start, end: range.end } }
      const reply = await this.#options.http.readBytes(asked, { signal }).catch((error: unknown) => {
        if (isClientError(error, 'ERR_REVISION')) return undefined
        throw error
      })
      if (reply === undefined) return undefined
      if (reply.bytes.length === 0) throw new RangeError(`The byte at ${start} cannot be read.`)
      bytes.set(reply.bytes, start - range.start)
      start += reply.bytes.length
    }
    return bytes
  }

  /** Lays the tab's own edits over bytes of the present revision. */
  #painted(offset: number, values: Uint8Array): Uint8Array {
    this.#overlay?.paint(offset, values.length, { values, states: new Uint8Array(values.length) })
    return values
  }

  /** Waits for the event that tells of the revision after this one, and asks if it does not come. */
  async #catchUp(revision: number): Promise<void> {
    if (this.#info.revision !== revision) return
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        unsubscribe()
        resolve()
      }
      const timer = setTimeout(end, this.#options.loader?.staleWaitMs ?? EVENT_WAIT_MS)
      const unsubscribe = this.subscribe(() => {
        if (this.#info.revision !== revision) end()
      })
    })
    if (this.#info.revision === revision) await this.refresh()
  }

  marksIn(start: number, end: number): readonly Mark[] {
    const edited = this.#overlay?.editedIn(start, Math.min(end, this.byteLength)) ?? []
    return [...edited.map((range): Mark => ({ kind: 'edited', ...range })), ...this.#marks.in(start, end)]
  }

  setVisible(start: number, end: number, direction: Direction): void {
    const visible = intersect({ start, end }, { start: 0, end: this.byteLength }) ?? { start: 0, end: 0 }
    this.#visible = visible
    this.#cache.pin(visible)
    this.#loader.want(visible, direction)
    this.#options.onVisible?.(visible)
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setHit(range: ByteRange | undefined): void {
    this.#marks.setHit(range)
    this.notify()
  }

  /** What is shown of these bytes is not believed any more. */
  forget(range: ByteRange): void {
    this.#cache.forget(range)
    this.#loader.invalidate([range])
    this.notify()
  }

  /** Applies what the server says changed. `isMine`: an edit of this very tab. */
  applyChanged(message: ChangedMessage, isMine: boolean): void {
    const { document } = message
    if (document.id !== this.#info.id || document.revision < this.#info.revision) return
    const isNew = document.revision > this.#info.revision
    const isRelaid = document.byteLength !== this.#info.byteLength || message.cause === 'reload'
    const isOtherFile = message.cause === 'reload' && isOfOtherFile(this.#info, document)
    this.#info = document
    this.#isLost = false
    if (isNew && isRelaid) this.#reset()
    else if (isNew) this.#change(message, isMine)
    this.#overlay?.settle(document.revision)
    if (isOtherFile) this.#overlay?.startAnew()
    this.#loader.wake()
    this.#options.onInfo(document)
    this.notify()
  }

  /**
   * Takes in what watched bytes are now. What was shown of them and differs was stored between its reading and its watching, and glows. Of
   * another revision than the known one, there is an event under way that says more.
   */
  applyPatch({ documentId, offset, bytes, generation }: Patch): void {
    if (documentId !== this.#info.id || generation !== this.#info.revision % 2 ** 32) return
    const cells = { values: new Uint8Array(bytes.length), states: new Uint8Array(bytes.length) }
    this.#cache.read(offset, bytes.length, cells)
    const isOther = (at: number) => cells.states[at] === CELL_KNOWN && cells.values[at] !== bytes[at]
    const differing = Array.from(bytes, (_, at) => at).filter(isOther)
    this.#cache.patch(offset, bytes)
    this.#flashSinceBefore()
    this.#marks.flash(mergeRanges(differing.map((at) => ({ start: offset + at, end: offset + at + 1 }))))
    this.notify()
  }

  /**
   * Takes over the state after a connection was lost. What happened meanwhile, where the server knows it, is applied as if it had been told
   * then; what it does not name is still shown.
   */
  resume({ document, missed }: Opened, isOwn: (clientId: string) => boolean): void {
    const changes = missed?.filter(({ revision }) => revision > this.#info.revision)
    if (changes === undefined || !this.#isAllThatHappened(document, changes)) {
      this.adopt(document)
      return
    }
    this.#info = document
    this.#isLost = false
    for (const change of changes) {
      const { ranges, revision, clientId } = change
      // All of the file is what the server says when it does not know where; a glow would say that it does.
      const watched = ranges.some(({ start, end }) => start === 0 && end >= document.byteLength) ? [] : undefined
      this.#change({ ranges, watched }, clientId !== undefined && isOwn(clientId))
      this.#overlay?.settle(revision)
    }
    this.#loader.wake()
    this.#options.onInfo(document)
    this.notify()
  }

  #isAllThatHappened(document: DocumentInfo, changes: readonly MissedChange[]): boolean {
    const { id, byteLength, revision } = this.#info
    const isSameLayout = document.id === id && document.byteLength === byteLength
    return (
      isSameLayout &&
      document.revision - revision === changes.length &&
      changes.every(({ cause }) => cause !== 'reload')
    )
  }

  /** Takes over a state that came without saying what changed: nothing held from another revision may be shown again. */
  adopt(info: DocumentInfo): void {
    const isOther = info.id !== this.#info.id
    if (!isOther && info.revision < this.#info.revision) return
    const isNew = isOther || info.revision > this.#info.revision || info.byteLength !== this.#info.byteLength
    const isOtherFile = !isOther && isNew && isOfOtherFile(this.#info, info)
    const isComparable = isNew && !isOtherFile && info.byteLength === this.#info.byteLength
    this.#before = isComparable ? new ShownBefore(this.#visible, (...cells) => this.#cache.read(...cells)) : undefined
    this.#info = info
    this.#isLost = false
    if (isNew) this.#reset()
    if (isOtherFile) this.#overlay?.startAnew()
    else if (isOther) this.#overlay?.settleAll()
    else this.#overlay?.settle(info.revision)
    this.#loader.wake()
    this.#options.onInfo(info)
    this.notify()
  }

  /** Asks the server how the document is. */
  async refresh(): Promise<void> {
    try {
      this.adopt(await this.#options.http.getDocument(this.#info.id, { signal: this.#abort.signal }))
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#options.onFailure(error)
    }
  }

  /** The server cannot give the document back at present. Nothing can be edited until it can. */
  lose(): void {
    if (this.#isLost) return
    this.#isLost = true
    this.#options.onInfo(this.info)
    this.notify()
  }

  /** The connection is back: what was waiting for it is asked for now. */
  wake(): void {
    this.#loader.wake()
  }

  notify(): void {
    for (const listener of this.#listeners) listener()
  }

  dispose(): void {
    this.#abort.abort()
    this.#loader.dispose()
    this.#marks.dispose()
    this.#listeners.clear()
  }

  #change(
    { ranges, watched }: Pick<ChangedMessage, 'ranges'> & { readonly watched?: ChangedMessage['watched'] | undefined },
    isMine: boolean,
  ): void {
    for (const range of ranges) {
      const own = isMine ? this.#overlay?.sentAt(range.start, range.end) : undefined
      if (own !== undefined) this.#cache.patch(own.offset, own.bytes)
      else this.#cache.forget(range)
    }
    this.#loader.invalidate(ranges)
    // Where it is known which bytes really differ, only those glow.
    if (!isMine) this.#marks.flash(watched ?? ranges)
  }

  /** What is another byte since the state that was given up glows as it comes in; the tab's own edits do not. */
  #flashSinceBefore(): void {
    const differing = this.#before?.takeDiffering((...cells) => this.#cache.read(...cells)) ?? []
    const isOwn = ({ start, end }: ByteRange) => (this.#overlay?.editedIn(start, end) ?? []).length > 0
    this.#marks.flash(differing.filter((range) => !isOwn(range)))
  }

  #reset(): void {
    this.#cache.reset(this.#info.byteLength)
    this.#marks.setHit(undefined)
    this.#loader.invalidate([{ start: 0, end: Number.MAX_SAFE_INTEGER }])
  }
}

/** After a reload: the state before was of a file that no longer has this name, so the one after is of another. */
function isOfOtherFile(before: DocumentInfo, after: DocumentInfo): boolean {
  const isAway = ({ disk }: DocumentInfo) => disk === 'replaced' || disk === 'deleted'
  return isAway(before) && !isAway(after)
}
