import { availableParallelism } from 'node:os'
import type { CancelSignal } from '../shared/index.ts'

interface Waiting {
  start(): void
}

/**
 * Lets so many pieces of work go on at once and makes the rest wait, first come, first served. One lane limiter is shared by all that
 * scans: two searches at once must not take the pool that `node:fs` and `node:crypto` need as well.
 */
export class Lanes {
  readonly limit: number
  #running = 0
  // A Set keeps the order of arrival, and lets an aborted one leave from the middle.
  readonly #waiting: Set<Waiting> = new Set()

  /** @param limit how many may run at once, at least 1. */
  constructor(limit: number) {
    this.limit = Math.max(1, Math.floor(limit))
  }

  /**
   * Starts `work` when a lane is free and frees the lane when its promise settles. Rejects with the signal's reason when aborted before
   * its turn, in which case `work` is never called; an abort after that is for `work` to see.
   */
  run<T>(signal: CancelSignal | undefined, work: () => Promise<T>): Promise<T> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (this.#running < this.limit) return this.#work(work)
    return new Promise<T>((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting)
        reject(signal?.reason)
      }
      const waiting: Waiting = {
        start: () => {
          signal?.removeEventListener('abort', abort)
          this.#work(work).then(resolve, reject)
        },
      }
      this.#waiting.add(waiting)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  async #work<T>(work: () => Promise<T>): Promise<T> {
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      this.#startNext()
    }
  }

  #startNext(): void {
    const [next] = this.#waiting
    if (next === undefined || this.#running >= this.limit) return
    this.#waiting.delete(next)
    next.start()
  }
}

/** libuv's own default. */
const DEFAULT_POOL_THREADS = 4

/**
 * How many native jobs may be in flight: one for each core, and never the whole pool. Measured: 4 of 4 threads taken make others wait for
 * 4 to 16 ms, 2 make them wait for less than 2 ms and are as fast.
 */
export function laneCount(cores: number, poolThreads: number): number {
  return Math.max(1, Math.min(cores, poolThreads - 1))
}

function poolThreads(): number {
  const named = Number(process.env['UV_THREADPOOL_SIZE'])
  return Number.isInteger(named) && named > 0 ? named : DEFAULT_POOL_THREADS
}

/** The lanes of this thread's native jobs. */
export const nativeLanes: Lanes = new Lanes(laneCount(availableParallelism(), poolThreads()))
