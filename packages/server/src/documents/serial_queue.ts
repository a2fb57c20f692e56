/** Runs tasks one after another, in the order they came; a task that fails does not stop those behind it. */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve()

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task)
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** Waits for its turn like a task; those behind wait until the returned function is called (more often does nothing). */
  turn(): Promise<() => void> {
    return new Promise((resolveTurn) => {
      this.run(() => new Promise<void>((resolve) => resolveTurn(resolve))).catch(() => undefined)
    })
  }

  /** Resolves when everything queued so far is done, well or badly. */
  async idle(): Promise<void> {
    await this.#tail
  }
}
