import { type CancelSignal, MapscopeError } from '../../shared/index.ts'

/** How long a search waits: until its signal aborts or its time is spent. Time that the caller takes between two batches does not count. */
export class Patience {
  readonly signal: CancelSignal | undefined
  readonly #budgetMs: number | undefined
  #spentMs = 0

  constructor(signal: CancelSignal | undefined, budgetMs: number | undefined) {
    this.signal = signal
    this.#budgetMs = budgetMs
  }

  /** Settles as `work` does, or rejects at once: with the signal's reason, or with `ERR_TIMEOUT`. */
  async wait<T>(work: Promise<T>): Promise<T> {
    this.signal?.throwIfAborted()
    const start = performance.now()
    let finish = (): void => undefined
    const end = new Promise<never>((_, reject) => {
      const abort = (): void => reject(this.signal?.reason)
      this.signal?.addEventListener('abort', abort, { once: true })
      const timer = this.#startTimer(reject)
      finish = () => {
        this.signal?.removeEventListener('abort', abort)
        clearTimeout(timer)
      }
    })
    try {
      return await Promise.race([work, end])
    } finally {
      finish()
      this.#spentMs += performance.now() - start
    }
  }

  #startTimer(reject: (error: unknown) => void): NodeJS.Timeout | undefined {
    const budgetMs = this.#budgetMs
    if (budgetMs === undefined) return undefined
    return setTimeout(() => reject(timeoutError(budgetMs)), Math.max(0, budgetMs - this.#spentMs))
  }
}

function timeoutError(budgetMs: number): MapscopeError {
  return new MapscopeError(
    'ERR_TIMEOUT',
    `The expression took more than ${budgetMs} ms; make it simpler (a repetition within a repetition, as (a+)+, can take for ever), or allow more time.`,
  )
}
