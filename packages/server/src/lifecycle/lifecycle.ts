/** What `/healthz` says: requests are answered, or the server finishes what it has begun and takes nothing new. */
export type LifecycleState = 'ok' | 'closing'

/** Saves what must not be lost, before the signal is aborted: a job's checkpoint. */
export type ClosingTask = (signal: AbortSignal) => Promise<void>

/** How far along its life a server is, and what has to be done before it ends. */
export class Lifecycle {
  /** How long `app.close()` lets others finish; 0, as long as nobody asks for more, breaks them at once. */
  graceMs = 0
  #state: LifecycleState = 'ok'
  readonly #tasks: Set<ClosingTask> = new Set()

  get state(): LifecycleState {
    return this.#state
  }

  /** Runs `task` when the server begins to close; until the returned function is called. */
  whenClosing(task: ClosingTask): () => void {
    this.#tasks.add(task)
    return () => this.#tasks.delete(task)
  }

  /** Takes nothing new from here on. Resolves when every task is done, failed, or late; a failure is `onError`'s and ends nothing. */
  async close(signal: AbortSignal, onError: (error: unknown) => void): Promise<void> {
    this.#state = 'closing'
    const tasks = [...this.#tasks].map((task) => task(signal).catch(onError))
    await Promise.race([Promise.all(tasks), aborted(signal)])
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
