/** Longest time that rows are written for without anybody else having a turn, whatever the number of jobs. */
const TURN_MS = 4

/**
 * Turns of the event loop that all the jobs of a server share: one job at a time, and everything else between two of them. When each job took turns of its own, those
 * of two came one behind the other.
 */
export class Turns {
  readonly #turnMs: number
  readonly #waiting: (() => void)[] = []
  #endMs = 0

  /** @param turnMs for tests. */
  constructor(turnMs: number = TURN_MS) {
    this.#turnMs = turnMs
  }

  /** Resolves at once while the turn lasts; else when the caller's next one has begun. */
  async take(): Promise<void> {
    if (performance.now() < this.#endMs) return
    await new Promise<void>((resume) => {
      this.#waiting.push(resume)
      if (this.#waiting.length === 1) setImmediate(() => this.#next())
    })
  }

  #next(): void {
    const resume = this.#waiting.shift()
    // What is set for now is run in the next round of the loop.
    if (this.#waiting.length > 0) setImmediate(() => this.#next())
    this.#endMs = performance.now() + this.#turnMs
    resume?.()
  }
}
