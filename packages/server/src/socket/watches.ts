import { intersect } from '@mapscope/core/shared'
import { type ByteRange, SOCKET_LIMITS, WATCH_BLOCK_BYTE_LENGTH } from '@mapscope/protocol'
import type { Document, DocumentChange } from '../documents/document.ts'
import { ProblemError } from '../errors.ts'
import type { Credits } from './reads/credits.ts'
import { type FrameOutlet, generationOf } from './reads/frame_outlet.ts'

export interface WatchRequest {
  readonly id: number
  readonly document: Document
  readonly stream: number
  readonly ranges: readonly ByteRange[]
  readonly hasPatches: boolean
}

interface Room {
  /** Gives back the room of its copies. */
  giveBack: () => void
}

interface Watch extends WatchRequest, Room {
  readonly release: () => void
}

export interface WatchesOptions {
  readonly outlet: FrameOutlet
  readonly credits: Credits
  /** Room for copies of what is watched, until the returned function is called; undefined where there is none. */
  readonly reserve: (byteLength: number) => (() => void) | undefined
  /** Bytes of a document went out as patches: they were read as much as any others. */
  readonly onSent: (document: Document, sent: readonly ByteRange[]) => void
}

/** What one connection watches: one watch for each document and stream. */
export class Watches {
  readonly #outlet: FrameOutlet
  readonly #credits: Credits
  readonly #onSent: WatchesOptions['onSent']
  readonly #reserve: WatchesOptions['reserve']
  readonly #watches: Map<string, Watch> = new Map()

  constructor({ outlet, credits, onSent, reserve }: WatchesOptions) {
    this.#outlet = outlet
    this.#credits = credits
    this.#onSent = onSent
    this.#reserve = reserve
  }

  /** Resolves when the bytes are there to be compared with; false when another watch has taken its place meanwhile. @throws ProblemError. */
  async set(request: WatchRequest): Promise<boolean> {
    const key = keyOf(request.document.id, request.stream)
    if (!this.#watches.has(key) && this.#watches.size >= SOCKET_LIMITS.watchCount) {
      throw new ProblemError('ERR_TOO_MANY', `a connection has at most ${SOCKET_LIMITS.watchCount} watches`)
    }
    this.#credits.open(request.stream)
    const before = this.#watches.get(key)
    const { release, ready, giveBack } = this.#begin(request, before)
    // Only now: what both watch is not let go of in between.
    before?.release()
    const watch = { ...request, release, giveBack }
    this.#watches.set(key, watch)
    await ready
    return this.#watches.get(key) === watch
  }

  /** The room of the watch before counts for the one that takes its place. @throws ProblemError `ERR_TOO_MANY`: the one before goes on then. */
  #begin({ document, ranges }: WatchRequest, before: Watch | undefined): ReturnType<Document['watch']> & Room {
    before?.giveBack()
    const giveBack = this.#reserve(copiedByteLength(ranges))
    try {
      if (giveBack === undefined) throw noRoom()
      return { ...document.watch(ranges), giveBack }
    } catch (error) {
      giveBack?.()
      if (before !== undefined) before.giveBack = this.#reserve(copiedByteLength(before.ranges)) ?? before.giveBack
      throw error
    }
  }

  #drop(watch: Watch): void {
    watch.release()
    watch.giveBack()
  }

  /** Sends the bytes that are there now, to a watch that wants them. */
  sendPresent(documentId: string, stream: number): void {
    const watch = this.#watches.get(keyOf(documentId, stream))
    if (watch?.hasPatches === true) this.#sendPatches(watch, watch.ranges)
  }

  remove(documentId: string, stream: number): void {
    const key = keyOf(documentId, stream)
    const watch = this.#watches.get(key)
    if (watch !== undefined) this.#drop(watch)
    this.#watches.delete(key)
  }

  removeAllOf(documentId: string): void {
    for (const watch of [...this.#watches.values()]) {
      if (watch.document.id === documentId) this.remove(documentId, watch.stream)
    }
  }

  endAll(): void {
    for (const watch of this.#watches.values()) this.#drop(watch)
    this.#watches.clear()
  }

  /** After `changed`: the new bytes themselves, for those who asked for them. */
  tell(change: DocumentChange): void {
    for (const watch of this.#watches.values()) {
      if (watch.document.id !== change.document.id || !watch.hasPatches) continue
      const changed = change.watched ?? change.ranges
      const seen = watch.ranges.flatMap((range) => changed.map((other) => intersect(range, other)))
      this.#sendPatches(
        watch,
        seen.filter((range) => range !== undefined),
      )
    }
  }

  #sendPatches(watch: Watch, ranges: readonly ByteRange[]): void {
    const sent = this.#patch(watch, ranges)
    if (sent.length > 0) this.#onSent(watch.document, sent)
  }

  /** Says what was sent. Without credit or room nothing more is: `changed` has told, and whoever is behind reads when there is time. */
  #patch({ id, stream, document }: Watch, ranges: readonly ByteRange[]): ByteRange[] {
    const generation = generationOf(document.revision)
    const sent: ByteRange[] = []
    for (const range of ranges) {
      for (const { offset, bytes } of document.watchedCopies(range)) {
        if (this.#credits.left(stream) < bytes.length || this.#outlet.isFull || !this.#outlet.isOpen) return sent
        this.#credits.spend(stream, bytes.length)
        this.#outlet.bytes('patch', { stream, id, generation }, { offset, bytes, isLast: false })
        sent.push({ start: offset, end: offset + bytes.length })
      }
    }
    return sent
  }
}

function noRoom(): ProblemError {
  return new ProblemError('ERR_TOO_MANY', 'too many bytes are watched, by you or by all together; end some watches')
}

/** In whole blocks. */
function copiedByteLength(ranges: readonly ByteRange[]): number {
  const block = WATCH_BLOCK_BYTE_LENGTH
  return ranges.reduce((sum, { start, end }) => sum + (Math.ceil(end / block) - Math.floor(start / block)) * block, 0)
}

function keyOf(documentId: string, stream: number): string {
  return `${documentId} ${stream}`
}
