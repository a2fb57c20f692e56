import { randomBytes } from 'node:crypto'
import type { FileStatus, MappedSource } from '@mapscope/core'
import type { ByteRange, DocumentInfo, MissedChange } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import { makeEtag } from '../http/content.ts'
import type { Place } from '../roots/open.ts'
import { ChangeLog } from './change_log.ts'
import { diskStateOf, isSameStatus, lookAtPath, type PathState } from './disk.ts'
import { assertEditable, type Edit } from './edit.ts'
import type { FileClock } from './file_clock.ts'
import { type MappedPlace, mapPlace } from './open.ts'
import { SerialQueue } from './serial_queue.ts'
import { WatchedDocument } from './watched_document.ts'

/** The document is not what it was: which bytes may differ, and why. */
export interface DocumentChange {
  readonly cause: 'edit' | 'disk' | 'reload'
  readonly document: DocumentInfo
  readonly ranges: ByteRange[]
  /** Of what is watched, the bytes that really differ, where that is less than `ranges`. */
  readonly watched: ByteRange[] | undefined
  /** Set when the cause is an edit whose client named itself. */
  readonly clientId: string | undefined
}

export interface DocumentOptions extends MappedPlace {
  readonly place: Place
  readonly path: string
  readonly name: string
  /** Whether a reload tries to open for writing. */
  readonly isWritable: boolean
}

/** One state of the bytes: what is read from it is true as long as `isCurrent` says so. */
export interface Snapshot {
  readonly source: MappedSource
  readonly revision: number
  readonly status: FileStatus
  isCurrent(): boolean
}

/** A path is looked at again after this long even if the mapped file has not changed (a rename over it may not touch it). */
const PATH_LOOK_INTERVAL_MS = 1_000

/**
 * An open file: its mapping, its revision and its queue of edits. The length is fixed until a reload; what happens to the
 * file meanwhile is noticed by `checkDisk` and told to the listeners.
 */
export class Document {
  readonly id: string = randomBytes(12).toString('base64url')
  readonly place: Place
  readonly path: string
  readonly name: string
  readonly #isWritable: boolean
  readonly #queue: SerialQueue = new SerialQueue()
  readonly #peeks: SerialQueue = new SerialQueue()
  readonly #listeners: Set<(change: DocumentChange) => void> = new Set()
  readonly #log: ChangeLog = new ChangeLog()
  readonly #watched: WatchedDocument
  #source: MappedSource
  #clock: FileClock | undefined
  #readOnlyReason: string | undefined
  /** What the file was when the present revision began. */
  #baseline: FileStatus
  /** Of baseline and revision; made when asked for. */
  #etag: string | undefined
  #pathState: PathState = 'same'
  #pathLookedAtMs = 0
  #revision = 1
  #isStoring = false
  #storeCount = 0
  #storedByteLength = 0
  #isClosed = false
  #holderCount = 0
  #lastUsedMs: number = Date.now()

  constructor(options: DocumentOptions) {
    this.place = options.place
    this.path = options.path
    this.name = options.name
    this.#isWritable = options.isWritable
    this.#readOnlyReason = options.readOnlyReason
    this.#source = options.source
    this.#clock = options.clock
    this.#baseline = options.source.status()
    this.#watched = new WatchedDocument({
      steady: () => (this.#isStoring || this.#isClosed ? undefined : this.#source),
      isClosed: () => this.#isClosed,
      storeCount: () => this.#storeCount,
    })
  }

  get revision(): number {
    return this.#revision
  }

  /** Of the bytes as they were at the last look: a strong tag, with its quotes. */
  get etag(): string {
    this.#etag ??= makeEtag(this.#baseline, this.#revision)
    return this.#etag
  }

  /** Bytes that edits have stored since it was opened; each edit was flushed before it was answered. */
  get storedByteLength(): number {
    return this.#storedByteLength
  }

  get isSubscribed(): boolean {
    return this.#listeners.size > 0
  }

  /** Whether somebody reads, searches or watches it; such a document is not closed for being idle. */
  get isHeld(): boolean {
    return this.#holderCount > 0
  }

  get lastUsedMs(): number {
    return this.#lastUsedMs
  }

  info(): DocumentInfo {
    const { byteLength } = this.#source
    const presentByteLength = this.#baseline.byteLength
    const reason = this.#readOnlyReason
    return {
      id: this.id,
      path: this.path,
      name: this.name,
      byteLength,
      presentByteLength,
      disk: diskStateOf(this.#pathState, presentByteLength, byteLength),
      revision: this.#revision,
      mode: this.#source.isWritable ? 'write-through' : 'read-only',
      ...(reason === undefined ? {} : { readOnlyReason: reason }),
    }
  }

  /** Whether this is the document of that very file, so that opening the path again gives it and not a second one. */
  isOf(status: FileStatus): boolean {
    return !this.#isClosed && this.#baseline.device === status.device && this.#baseline.inode === status.inode
  }

  /** Keeps the document open until the returned function is called (once; more often does nothing). */
  hold(): () => void {
    this.#holderCount++
    this.#lastUsedMs = Date.now()
    let isHolding = true
    return () => {
      if (isHolding) this.#holderCount--
      isHolding = false
      this.#lastUsedMs = Date.now()
    }
  }

  /** It was of use just now, to somebody who did not need to hold it. */
  touch(): void {
    this.#lastUsedMs = Date.now()
  }

  /** Calls `listener` at every change from now on, and holds the document, until the returned function is called. */
  subscribe(listener: (change: DocumentChange) => void): () => void {
    const release = this.hold()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      release()
    }
  }

  /**
   * Keeps these ranges compared with what was told of them last, until `release` is called (more often does nothing). When `ready` resolves,
   * they are there to be compared with. @throws ProblemError `ERR_TOO_MANY`.
   */
  watch(ranges: readonly ByteRange[]): { readonly ready: Promise<void>; release(): void } {
    this.#assertOpen()
    const release = this.#watched.bytes.hold(ranges)
    return { ready: this.#watched.load(), release }
  }

  /** What was told last of the watched part of a range. */
  watchedCopies(range: ByteRange): ReturnType<WatchedDocument['bytes']['copies']> {
    return this.#watched.bytes.copies(range)
  }

  /** Looks whether watched bytes were stored to without a trace on the file, as another process does through its own mapping. */
  async checkWatched(): Promise<void> {
    await this.#watched.compare((differing) => this.#change('disk', { ranges: differing }))
  }

  /** What happened since a revision, oldest first; undefined when that is not known any more. */
  changesSince(revision: number): MissedChange[] | undefined {
    return this.#log.since(revision, this.#revision)
  }

  /**
   * The mapping as it is at this moment, for readers that are told of changes: a byte that is read from it is of `revision` or newer, and then
   * the change is told after this.
   */
  live(): Pick<Snapshot, 'source' | 'revision'> {
    this.#assertOpen()
    return { source: this.#source, revision: this.#revision }
  }

  /** The bytes as they are now, after the edits that were asked for before. */
  async snapshot(): Promise<Snapshot> {
    await this.#queue.idle()
    return this.#snapshot()
  }

  /** The same, with edits held up until `endTurn`: for a reader that edits would otherwise outrun for ever. */
  async snapshotInTurn(): Promise<Snapshot & { endTurn(): void }> {
    const endTurn = await this.#queue.turn()
    try {
      return { ...this.#snapshot(), endTurn }
    } catch (error) {
      endTurn()
      throw error
    }
  }

  /** Notices what happened to the file since the last look: one fstat, and at times a look at its path. */
  checkDisk(): void {
    // While an edit is being stored its own traces are on the file; `#store` looks again when it is done.
    if (this.#isStoring || this.#isClosed) return
    const status = this.#source.status()
    const isTouched = !isSameStatus(status, this.#baseline)
    const pathState = this.#lookAtPath(status, isTouched)
    if (!isTouched && pathState === this.#pathState) return
    this.#baseline = status
    this.#pathState = pathState
    this.#change('disk', { ranges: this.#whole(), watched: this.#compareNow() })
  }

  /** The file that it is of, as it is found again after a restart. */
  get file(): { readonly directoryPath: string; readonly inode: string } {
    return { directoryPath: this.place.root.directoryPath, inode: String(this.#baseline.inode) }
  }

  /** What is there now, whatever edits wait; undefined when not all of it can be read. Answered in the order of the calls, or edits would overtake. */
  peek({ start, end }: ByteRange): Promise<Uint8Array | undefined> {
    return this.#peeks.run(async () => {
      try {
        const { bytes, unreadable } = await this.#source.read(start, end - start)
        return unreadable.length === 0 ? bytes : undefined
      } catch {
        return undefined
      }
    })
  }

  /** Stores one edit; edits happen strictly in the order of the calls. Resolves after the flush, with what was there before. */
  edit(edit: Edit): Promise<{ revision: number; replaced: Uint8Array }> {
    return this.#queue.run(() => this.#store(edit))
  }

  /** Adopts the file that the path names now. Reads of the old one in flight end well or are refused; none are mixed. */
  reload(): Promise<DocumentInfo> {
    return this.#queue.run(async () => {
      this.#assertOpen()
      const { source, readOnlyReason, clock } = mapPlace(this.place, this.#isWritable)
      this.#clock?.close()
      this.#clock = clock
      const old = this.#source
      const end = Math.max(old.byteLength, source.byteLength)
      this.#source = source
      this.#readOnlyReason = readOnlyReason
      this.#baseline = source.status()
      this.#pathState = 'same'
      this.#watched.bytes.forget()
      // What is in memory is there before anybody is told; the next look loads what is not.
      this.#watched.load().catch(() => undefined)
      this.#change('reload', { ranges: end === 0 ? [] : [{ start: 0, end }] })
      // Waits for its readers, which must not hold up the edits behind this one; closing a mapping cannot fail otherwise.
      old.close().catch(() => undefined)
      return this.info()
    })
  }

  /** Idempotent. Waits for the edits under way, then for what is being read. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#listeners.clear()
    await this.#queue.idle()
    this.#clock?.close()
    await this.#source.close()
  }

  #snapshot(): Snapshot {
    this.#assertOpen()
    this.checkDisk()
    const [source, revision] = [this.#source, this.#revision]
    const isCurrent = (): boolean => {
      if (this.#isClosed || this.#isStoring) return false
      this.checkDisk()
      return this.#revision === revision
    }
    return { source, revision, status: this.#baseline, isCurrent }
  }

  async #store(edit: Edit): Promise<{ revision: number; replaced: Uint8Array }> {
    this.#assertOpen()
    // What others did just before is reported first, as theirs.
    this.checkDisk()
    assertEditable(edit, this.info())
    this.#isStoring = true
    this.#storeCount++
    try {
      const result = await this.#source.write(edit.offset, edit.bytes, { expected: edit.expected })
      if (result.kind === 'conflict') throw conflict(result.present)
      this.#storedByteLength += edit.bytes.length
      this.#baseline = this.#withTraces(result.status)
      this.#watched.bytes.patch(edit.offset, edit.bytes)
      const range = { start: edit.offset, end: edit.offset + edit.bytes.length }
      this.#change('edit', { ranges: [range], clientId: edit.clientId })
      return { revision: this.#revision, replaced: result.replaced }
    } finally {
      this.#isStoring = false
      // What others did while it was flushed (milliseconds) is theirs, and told as such.
      this.checkDisk()
    }
  }

  /**
   * The baseline with our own store's traces, which are the two clocks; a change of size or links in that moment is somebody
   * else's and stays to be noticed. `stored` was taken right after the store: flushing moves no clock.
   */
  #withTraces(stored: FileStatus): FileStatus {
    const before = this.#baseline
    // A file that others have changed since has been dated by them, and their date must show.
    const isOurs = isSameStatus(this.#source.status(), stored)
    const isDated = isOurs && this.#clock?.advance(before, stored) === true
    const { modifiedNs, changedNs } = isDated ? this.#source.status() : stored
    return { ...before, modifiedNs, changedNs }
  }

  #change(
    cause: DocumentChange['cause'],
    {
      ranges,
      watched,
      clientId,
    }: { ranges: ByteRange[]; watched?: ByteRange[] | undefined; clientId?: string | undefined },
  ): void {
    this.#revision++
    this.#etag = undefined
    this.#log.push({ revision: this.#revision, cause, ranges, ...(clientId === undefined ? {} : { clientId }) })
    const change = { cause, document: this.info(), ranges, watched, clientId }
    for (const listener of this.#listeners) listener(change)
  }

  /** Undefined when nothing is watched. */
  #compareNow(): ByteRange[] | undefined {
    return this.#watched.bytes.isEmpty ? undefined : this.#watched.compareNow()
  }

  #lookAtPath(status: FileStatus, isTouched: boolean): PathState {
    const nowMs = performance.now()
    if (!isTouched && nowMs - this.#pathLookedAtMs < PATH_LOOK_INTERVAL_MS) return this.#pathState
    this.#pathLookedAtMs = nowMs
    return lookAtPath(this.place, status) ?? this.#pathState
  }

  #whole(): ByteRange[] {
    const { byteLength } = this.#source
    return byteLength === 0 ? [] : [{ start: 0, end: byteLength }]
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new ProblemError('ERR_NOT_FOUND', 'the document was closed; open it again')
  }
}

function conflict(present: Uint8Array): ProblemError {
  return new ProblemError('ERR_CONFLICT', 'other bytes are there now than were expected', {
    extras: { present: Buffer.from(present).toString('base64') },
  })
}
