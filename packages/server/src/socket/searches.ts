import { ProblemError } from '../errors.ts'

/** Searches a connection may have under way. A tab needs one; typing on cancels the one before, which may still be ending. */
const MAX_SEARCH_COUNT = 4

/** The searches of one connection, by the id of the request. */
export class Searches {
  readonly #running: Map<number, AbortController> = new Map()
  /** Cancelled ones count until they have really stopped, or a flood of search and cancel would pile up work. */
  #activeCount = 0

  has(id: number): boolean {
    return this.#running.has(id)
  }

  /**
   * Runs a search under its id. Resolves `undefined` when it was cancelled meanwhile.
   *
   * @throws ProblemError `ERR_TOO_MANY`, and whatever the search throws.
   */
  async run<T>(id: number, search: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    if (this.#activeCount >= MAX_SEARCH_COUNT) {
      throw new ProblemError('ERR_TOO_MANY', `a connection has at most ${MAX_SEARCH_COUNT} searches; cancel one first`)
    }
    const controller = new AbortController()
    this.#running.set(id, controller)
    this.#activeCount++
    try {
      const result = await search(controller.signal)
      return controller.signal.aborted ? undefined : result
    } catch (error) {
      if (controller.signal.aborted) return undefined
      throw error
    } finally {
      this.#activeCount--
      if (this.#running.get(id) === controller) this.#running.delete(id)
    }
  }

  /** False for an id that is unknown or finished. */
  cancel(id: number): boolean {
    const controller = this.#running.get(id)
    this.#running.delete(id)
    controller?.abort()
    return controller !== undefined
  }

  cancelAll(): void {
    for (const id of [...this.#running.keys()]) this.cancel(id)
  }
}
