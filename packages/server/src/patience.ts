import { ProblemError } from './errors.ts'

/** Ends work that settles nothing for a while, as a catastrophic expression does: nobody waits for it, and its thread is wanted. */
export class Patience {
  readonly #stop: AbortController = new AbortController()
  readonly #patienceMs: number
  readonly #watching: NodeJS.Timeout
  readonly #outer: AbortSignal
  readonly #abort: () => void
  #lastMs: number = performance.now()

  /** @param outer ends the work as well, with its reason. */
  constructor(outer: AbortSignal, patienceMs: number) {
    this.#outer = outer
    this.#patienceMs = patienceMs
    this.#abort = () => this.#stop.abort(outer.reason)
    outer.addEventListener('abort', this.#abort, { once: true })
    this.#watching = setInterval(() => this.#assertMoving(), Math.max(1, patienceMs / 4)).unref()
    if (outer.aborted) this.#abort()
  }

  /** Aborted with `ERR_TIMEOUT` when patience is at its end. */
  get signal(): AbortSignal {
    return this.#stop.signal
  }

  /** Something was settled. */
  renew(): void {
    this.#lastMs = performance.now()
  }

  end(): void {
    clearInterval(this.#watching)
    this.#outer.removeEventListener('abort', this.#abort)
  }

  #assertMoving(): void {
    if (performance.now() - this.#lastMs < this.#patienceMs) return
    const seconds = Math.round(this.#patienceMs / 1_000)
    const detail = `nothing was settled for ${seconds} s: write the expression so that it has fewer ways to match`
    this.#stop.abort(new ProblemError('ERR_TIMEOUT', detail))
  }
}
