import { binding, type NativeMapping } from '@mapscope/native'
import type { ByteRange } from '../shared/index.ts'
import type { JobsInFlight } from './native_jobs.ts'

/** What the disk is asked for beyond a window: two windows. More is brought in no sooner, and may be gone again before it is needed. */
const AHEAD_BYTE_LENGTH: number = 32 * 1024 ** 2

const { MADV_WILLNEED } = binding.constants
const PAGE = binding.pageSize

/**
 * Asks the disk for what a search comes to next while it looks at what is there. The kernel's own read-ahead sees threads that jump from window to
 * window, and takes none of them for a sequential reader.
 */
export class ReadAhead {
  readonly #native: NativeMapping
  readonly #jobs: JobsInFlight
  #lastStart = 0

  constructor(native: NativeMapping, jobs: JobsInFlight) {
    this.#native = native
    this.#jobs = jobs
  }

  /** To be called with each window of a search, in order, as work on it begins. */
  beyond({ start, end }: ByteRange, fileEnd: number): void {
    const isForward = start >= this.#lastStart
    this.#lastStart = start
    const next = isForward
      ? { start: end, end: Math.min(end + AHEAD_BYTE_LENGTH, fileEnd) }
      : { start: Math.max(0, start - AHEAD_BYTE_LENGTH), end: start }
    if (MADV_WILLNEED === undefined || next.start >= next.end) return
    // The page that is farthest off, since the near ones were asked for with the window before. Its neighbours came, or did not, with it.
    if (this.#native.residency(isForward ? next.end - 1 : next.start, 1)[0] === 1) return
    const from = Math.floor(next.start / PAGE) * PAGE
    const { result } = this.#native.adviseAsync(MADV_WILLNEED, from, next.end - from)
    // A wish: when it cannot be had, the search itself says what is wrong.
    this.#jobs.track(result.catch(() => undefined))
  }
}
