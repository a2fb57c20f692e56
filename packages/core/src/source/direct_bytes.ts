import type { NativeMapping } from '@mapscope/native'
import { watchSignalListeners } from '../mmap/signal_listeners.ts'
import { viewFaults } from '../mmap/view_faults.ts'
import { translated } from '../native_errors.ts'
import { type ByteRange, isMapscopeError, MapscopeError, type ScanOptions } from '../shared/index.ts'
import { type JobsInFlight, settle } from './native_jobs.ts'
import { pastViewFaults } from './past_view_faults.ts'
import type { ResidentBudget } from './resident_budget.ts'
import { copyResident, isResident } from './resident_copy.ts'

/**
 * What one window shows, and how far it overlaps the next: so every loan lies in one window. Long, because making one costs a collection of
 * garbage; few, because the engine counts them as memory.
 */
const PIECE_BYTE_LENGTH: number = 1024 ** 3
export const MAX_LOAN_BYTE_LENGTH: number = 8 * 1024 ** 2
const MAX_WINDOWS = 8

/** Bytes of the file itself, for the system to read from: handed to a socket's write, say. Nobody may store to them. */
export interface BytesLoan {
  readonly bytes: Uint8Array
  /**
   * Whether what was read from the loan so far is what the file held, as far as its size and the process's faults tell. To be asked after the
   * last read; false is for ever. Somebody who wants to know of changes compares the file's status besides.
   */
  isTrue(): boolean
  /** Gives it back; once more does nothing. A source waits with its end until all are back. */
  release(): void
}

export interface DirectOptions {
  readonly native: NativeMapping
  readonly jobs: JobsInFlight
  readonly budget: ResidentBudget | undefined
  /** @throws `ERR_CLOSED`, `ERR_RANGE`. */
  assertUsable(range: ByteRange): void
}

interface Window {
  readonly range: ByteRange
  readonly bytes: Uint8Array
  loanCount: number
}

/** A mapped file's bytes on this thread, for what is in memory already: no thread between, and where wanted no copy. */
export class DirectBytes {
  readonly #native: NativeMapping
  readonly #jobs: JobsInFlight
  readonly #budget: ResidentBudget | undefined
  readonly #assertUsable: DirectOptions['assertUsable']
  /** By piece, the longest unused first. */
  readonly #windows: Map<number, Window> = new Map()
  #lastMissed = -1
  #tellsResidency: boolean | undefined

  constructor({ native, jobs, budget, assertUsable }: DirectOptions) {
    this.#native = native
    this.#jobs = jobs
    this.#budget = budget
    this.#assertUsable = assertUsable
  }

  /**
   * Whether all of the range is in memory, so that touching it does not wait for a disk. A picture, not a promise. Always false where the
   * system does not tell. Says nothing of bytes that the file has lost.
   */
  isInMemory(range: ByteRange): boolean {
    this.#assertUsable(range)
    if (!this.#isTold()) return false
    return translated(() => pastViewFaults(() => isResident(this.#native, range.start, range.end - range.start)))
  }

  /**
   * Fills `target` on this thread when all of it is in memory: a disk is never waited for. False when it is not, when any of it cannot be
   * read, or when the system does not tell; then `target` means nothing.
   */
  copyInMemory(offset: number, target: Uint8Array): boolean {
    const range = { start: offset, end: offset + target.length }
    this.#assertUsable(range)
    if (!this.#isTold()) return target.length === 0
    const copy = translated(() => copyResident(this.#native, offset, target))
    if (copy === 'touched') this.#budget?.spend(range)
    return copy !== 'absent'
  }

  /**
   * The bytes without a copy, for writes of the system's: a read of what is gone fails there (`EFAULT`) and harms nobody. Undefined where
   * there is none to be had, or it is not worth it: the first ever of a far place.
   *
   * @throws `ERR_RANGE` beyond `MAX_LOAN_BYTE_LENGTH`.
   */
  lend(range: ByteRange): BytesLoan | undefined {
    this.#assertUsable(range)
    const byteLength = range.end - range.start
    if (byteLength > MAX_LOAN_BYTE_LENGTH)
      throw new MapscopeError('ERR_RANGE', `At most ${MAX_LOAN_BYTE_LENGTH} bytes are lent at once, not ${byteLength}.`)
    const window = this.#windowOf(range)
    if (window === undefined) return undefined
    // In this order: asking the status heals what faults of other readers left there, and the counter tells of those that come after.
    const faults = viewFaults()
    const presentByteLength = (): number => translated(() => pastViewFaults(() => this.#native.status())).byteLength
    if (presentByteLength() < range.end) return undefined
    const from = range.start - window.range.start
    let isStillTrue = true
    window.loanCount++
    const release = this.#held(() => {
      window.loanCount--
      this.#budget?.spend(range)
    })
    const isTrue = (): boolean => {
      isStillTrue &&= presentByteLength() >= range.end && viewFaults() === faults
      return isStillTrue
    }
    return { bytes: window.bytes.subarray(from, from + byteLength), isTrue, release }
  }

  /** Brings a range into memory, off this thread. False when part of it cannot be had. */
  async bringIn(range: ByteRange, { signal }: ScanOptions = {}): Promise<boolean> {
    this.#assertUsable(range)
    const job = translated(() => pastViewFaults(() => this.#native.populateAsync(range.start, range.end - range.start)))
    try {
      await settle(job, { jobs: this.#jobs, signal })
      return true
    } catch (error) {
      if (isMapscopeError(error, 'ERR_FAULT')) return false
      throw error
    }
  }

  #isTold(): boolean {
    this.#tellsResidency ??= translated(() => pastViewFaults(() => this.#native.tellsResidency()))
    return this.#tellsResidency
  }

  #windowOf(range: ByteRange): Window | undefined {
    const piece = Math.floor(range.start / PIECE_BYTE_LENGTH)
    const known = this.#windows.get(piece)
    if (known === undefined) return this.#open(piece)
    this.#windows.delete(piece)
    this.#windows.set(piece, known)
    return known
  }

  #open(piece: number): Window | undefined {
    const start = piece * PIECE_BYTE_LENGTH
    const end = Math.min(start + PIECE_BYTE_LENGTH + MAX_LOAN_BYTE_LENGTH, this.#native.byteLength)
    // Random reads over terabytes would make a window each.
    const isAgain = this.#lastMissed === piece || this.#native.byteLength <= MAX_WINDOWS * PIECE_BYTE_LENGTH
    this.#lastMissed = piece
    if (!isAgain || !this.#makeRoom()) return undefined
    const bytes = translated(() => pastViewFaults(() => this.#native.window(start, end - start)))
    if (bytes === undefined) return undefined
    watchSignalListeners()
    const window = { range: { start, end }, bytes, loanCount: 0 }
    this.#windows.set(piece, window)
    return window
  }

  /** False when every window has loans out. */
  #makeRoom(): boolean {
    if (this.#windows.size < MAX_WINDOWS) return true
    for (const [piece, { range, loanCount }] of this.#windows) {
      if (loanCount > 0) continue
      this.#windows.delete(piece)
      translated(() => pastViewFaults(() => this.#native.closeWindow(range.start, range.end - range.start)))
      return true
    }
    return false
  }

  /** Has the source's end wait until the returned function was called, which calls `done`. */
  #held(done: () => void): () => void {
    let end: () => void = () => undefined
    const returned = new Promise<void>((resolve) => {
      end = resolve
    })
    this.#jobs.track(returned).catch(() => undefined)
    let isHeld = true
    return () => {
      if (isHeld) done()
      isHeld = false
      end()
    }
  }
}
