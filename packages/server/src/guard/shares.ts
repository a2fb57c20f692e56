import { ProblemError } from '../errors.ts'

/** What one person may have under way at once of one kind; what more is refused, not queued: a queue would hold the sockets. */
export class Shares {
  readonly #most: number
  readonly #what: string
  readonly #counts: Map<string, number> = new Map()

  constructor(most: number, what: string) {
    this.#most = most
    this.#what = what
  }

  /** Whether `take` would refuse. */
  isFull(name: string): boolean {
    return (this.#counts.get(name) ?? 0) >= this.#most
  }

  /** @returns what gives it back; more often than once does nothing. @throws ProblemError `ERR_TOO_MANY`. */
  take(name: string): () => void {
    const count = this.#counts.get(name) ?? 0
    if (count >= this.#most)
      throw new ProblemError('ERR_TOO_MANY', `${this.#most} ${this.#what} of yours are open; end some first`, {
        headers: { 'retry-after': '1' },
      })
    this.#counts.set(name, count + 1)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      const left = (this.#counts.get(name) ?? 1) - 1
      if (left === 0) this.#counts.delete(name)
      else this.#counts.set(name, left)
    }
  }
}
