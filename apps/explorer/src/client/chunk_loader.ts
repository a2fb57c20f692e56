import { type ByteRange, intersect } from '@mapscope/core/shared'
import { type BackoffOptions, backoffMs } from './backoff.ts'
import type { BytesReply } from './bytes_reply.ts'
import type { ChunkCache } from './chunk_cache.ts'
import { isClientError } from './client_error.ts'
import { type Direction, wantedChunks } from './wanted_chunks.ts'

const MAX_IN_FLIGHT = 6
const RETRY: BackoffOptions = { baseMs: 300, maxMs: 8_000 }
/** How long a refusal for its revision waits for the socket to say what changed, before the state is asked for. */
const STALE_WAIT_MS = 1_000

export interface ChunkLoaderOptions {
  readonly cache: ChunkCache
  /** The document as it is known now. */
  readonly present: () => { readonly revision: number; readonly byteLength: number }
  readonly fetchBytes: (range: ByteRange, revision: number, signal: AbortSignal) => Promise<BytesReply>
  /** Cells came in. */
  readonly onFilled: () => void
  /** A request failed; it is tried again after a pause, so this is for telling people. Aborts are not failures. */
  readonly onFailure: (error: unknown) => void
  /** The server is at another revision, and nobody has told us what changed since ours. */
  readonly onStale: () => void
  readonly retry?: BackoffOptions
  readonly staleWaitMs?: number
}

interface Request {
  readonly range: ByteRange
  readonly controller: AbortController
}

/**
 * Keeps the wanted chunks coming: what is visible first, then ahead in the direction of scrolling, never more than six at once,
 * nothing that is no longer wanted. Bytes enter the cache only if nothing changed under them since they were asked for.
 */
export class ChunkLoader {
  readonly #options: ChunkLoaderOptions
  readonly #inFlight = new Map<number, Request>()
  #wanted: readonly number[] = []
  #failures = 0
  /** The revision the server refused; asking on with it is pointless. */
  #staleRevision = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDisposed = false
  #isPaused = false
  #run: { direction: Direction; length: number } = { direction: 'none', length: 0 }

  constructor(options: ChunkLoaderOptions) {
    this.#options = options
  }

  get inFlightCount(): number {
    return this.#inFlight.size
  }

  want(visible: ByteRange, direction: Direction): void {
    const isSameRun = direction === this.#run.direction
    this.#run = { direction, length: isSameRun ? this.#run.length + 1 : 1 }
    const { cache, present } = this.#options
    const byteLength = present().byteLength
    this.#wanted = wantedChunks({ visible, byteLength, chunkByteLength: cache.chunkByteLength, ...this.#run })
    for (const [index, request] of this.#inFlight) {
      if (!this.#wanted.includes(index)) this.#abort(index, request)
    }
    this.#pump()
  }

  /** Bytes of `ranges` are others now: what is under way for them would arrive false. */
  invalidate(ranges: readonly ByteRange[]): void {
    for (const [index, request] of this.#inFlight) {
      if (ranges.some((range) => intersect(range, request.range) !== undefined)) this.#abort(index, request)
    }
    this.#pump()
  }

  /** Something the loader was waiting for happened: a new revision, a connection. Tries at once. */
  wake(): void {
    this.#pause(undefined)
    this.#failures = 0
    this.#pump()
  }

  dispose(): void {
    this.#isDisposed = true
    clearTimeout(this.#timer)
    for (const [index, request] of this.#inFlight) this.#abort(index, request)
  }

  #pump(): void {
    if (this.#isDisposed || this.#isPaused) return
    const { cache, present } = this.#options
    if (present().revision === this.#staleRevision) return
    for (const index of this.#wanted) {
      if (this.#inFlight.has(index)) continue
      const range = cache.missingIn(index)
      if (range === undefined) continue
      if (this.#inFlight.size >= MAX_IN_FLIGHT && !this.#yieldSlotTo(index)) return
      void this.#load(index, range)
    }
  }

  /** Drops the least wanted request if `index` is more wanted than it: prefetching must not hold up what is on screen. */
  #yieldSlotTo(index: number): boolean {
    const rank = (chunk: number) => this.#wanted.indexOf(chunk)
    let least: [number, Request] | undefined
    for (const entry of this.#inFlight) {
      if (least === undefined || rank(entry[0]) > rank(least[0])) least = entry
    }
    if (least === undefined || rank(least[0]) <= rank(index)) return false
    this.#abort(...least)
    return true
  }

  async #load(index: number, range: ByteRange): Promise<void> {
    const controller = new AbortController()
    this.#inFlight.set(index, { range, controller })
    const { revision } = this.#options.present()
    try {
      const reply = await this.#options.fetchBytes(range, revision, controller.signal)
      if (controller.signal.aborted) return
      this.#accept(range, reply)
      this.#failures = 0
    } catch (error) {
      if (!controller.signal.aborted) this.#fail(error, revision)
    } finally {
      if (this.#inFlight.get(index)?.controller === controller) this.#inFlight.delete(index)
    }
    this.#pump()
  }

  #accept(range: ByteRange, reply: BytesReply): void {
    const { cache, onFilled } = this.#options
    cache.fill(range.start, reply.bytes)
    // The bytes end before the first unreadable one; what lies between the unreadable ranges is asked for next.
    for (const gap of reply.unreadable) cache.fillUnreadable(gap, range)
    onFilled()
  }

  #fail(error: unknown, revision: number): void {
    if (isClientError(error, 'ERR_REVISION')) {
      if (this.#options.present().revision !== revision || this.#staleRevision === revision) return
      this.#staleRevision = revision
      this.#pause(this.#options.staleWaitMs ?? STALE_WAIT_MS, () => {
        this.#staleRevision = 0
        if (this.#options.present().revision === revision) this.#options.onStale()
      })
      return
    }
    this.#options.onFailure(error)
    this.#pause(backoffMs(this.#failures++, this.#options.retry ?? RETRY))
  }

  /** Holds new requests back for a while; `undefined` ends the pause now. */
  #pause(delayMs: number | undefined, then?: () => void): void {
    clearTimeout(this.#timer)
    this.#isPaused = delayMs !== undefined
    if (delayMs === undefined) {
      this.#staleRevision = 0
      return
    }
    this.#timer = setTimeout(() => {
      this.#isPaused = false
      then?.()
      this.#pump()
    }, delayMs)
  }

  #abort(index: number, request: Request): void {
    this.#inFlight.delete(index)
    request.controller.abort()
  }
}
