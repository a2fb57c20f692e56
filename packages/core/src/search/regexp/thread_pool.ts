import { availableParallelism } from 'node:os'
import type { ScanJob, ScanReport } from './messages.ts'
import { RegexpThread } from './regexp_thread.ts'

/** A second thread is worth 1.6 to 1.9 times one; more only where there are cores for them, and memory bandwidth ends it soon. */
const THREADS: number = Math.max(1, Math.min(2, availableParallelism()))
/** However many searches are caught in windows that do not end, the process has no more threads than that. */
const MAX_THREADS = 16
/** A thread costs 10 MB, and 75 to 125 ms to start. */
const IDLE_MS = 30_000
/** How long a window that nobody waits for may go on before its thread is ended; most are done in less, and a new thread costs more. */
const GRACE_MS = 50
/** A window that takes this long may never end: a spare thread is started, so that its end leaves one. */
const SUSPICIOUS_MS = 100

/** The threads of all searches of this thread. */
export class ThreadPool {
  readonly #idle: RegexpThread[] = []
  readonly #busy: Set<RegexpThread> = new Set()
  /** Threads whose window nobody waits for any more. */
  readonly #abandoned: Set<RegexpThread> = new Set()
  readonly #waiting: Set<() => void> = new Set()
  #idleTimer: NodeJS.Timeout | undefined

  /** How many windows of one search are worth running at once. */
  get lanes(): number {
    return THREADS
  }

  /** For tests. */
  get counts(): { readonly idle: number; readonly busy: number; readonly abandoned: number } {
    return { idle: this.#idle.length, busy: this.#busy.size, abandoned: this.#abandoned.size }
  }

  /**
   * A thread for one window.
   *
   * @param isFirst the search has no other window running: then it does not wait behind other searches, which may never end.
   */
  async take(isFirst: boolean): Promise<RegexpThread> {
    while (true) {
      const thread = this.#idle.pop() ?? this.#started(isFirst)
      if (thread !== undefined) {
        this.#busy.add(thread)
        return thread
      }
      await new Promise<void>((resume) => this.#waiting.add(resume))
    }
  }

  /** Runs a window on a thread that was taken. */
  run(thread: RegexpThread, job: ScanJob): Promise<ScanReport> {
    const spare = setTimeout(() => this.#startSpare(), SUSPICIOUS_MS)
    spare.unref()
    return thread.run(job).finally(() => clearTimeout(spare))
  }

  /** Nobody waits for this thread's window any more. It comes back when that ends soon, and else it is ended. */
  abandon(thread: RegexpThread): void {
    if (!this.#busy.delete(thread)) return
    if (!thread.isBusy) {
      this.#setFree(thread)
      return
    }
    this.#abandoned.add(thread)
    thread.cancel()
    this.#endAfterGrace(thread)
  }

  /** No search needs this mapping any more. */
  forget(mapping: number): void {
    for (const thread of [...this.#idle, ...this.#busy, ...this.#abandoned]) thread.forget(mapping)
  }

  /** One that is still starting finds its window cancelled as soon as it comes to it. */
  #endAfterGrace(thread: RegexpThread): void {
    const grace = setTimeout(() => {
      if (!this.#abandoned.has(thread)) return
      if (!thread.isReady) {
        this.#endAfterGrace(thread)
        return
      }
      this.#startSpare()
      thread.end()
    }, GRACE_MS)
    grace.unref()
  }

  #started(isFirst: boolean): RegexpThread | undefined {
    const active = this.#busy.size
    const all = active + this.#abandoned.size
    if (active >= THREADS && !isFirst) return undefined
    return all < MAX_THREADS ? this.#start() : undefined
  }

  #start(): RegexpThread {
    return new RegexpThread(
      (thread) => this.#setFree(thread),
      (thread) => this.#drop(thread),
    )
  }

  #startSpare(): void {
    const all = this.#busy.size + this.#abandoned.size
    if (this.#idle.length > 0 || all >= MAX_THREADS) return
    this.#setFree(this.#start())
  }

  #setFree(thread: RegexpThread): void {
    this.#busy.delete(thread)
    this.#abandoned.delete(thread)
    this.#idle.push(thread)
    this.#idleTimer?.refresh()
    this.#idleTimer ??= this.#startIdleTimer()
    this.#wakeOne()
  }

  #drop(thread: RegexpThread): void {
    this.#busy.delete(thread)
    this.#abandoned.delete(thread)
    const place = this.#idle.indexOf(thread)
    if (place >= 0) this.#idle.splice(place, 1)
    this.#wakeOne()
  }

  #wakeOne(): void {
    const [resume] = this.#waiting
    if (resume === undefined) return
    this.#waiting.delete(resume)
    resume()
  }

  #startIdleTimer(): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#idleTimer = undefined
      for (const thread of this.#idle.splice(0)) thread.end()
    }, IDLE_MS)
    timer.unref()
    return timer
  }
}

/** One for each thread that searches: its workers are shared by all searches there. */
export const threadPool: ThreadPool = new ThreadPool()
