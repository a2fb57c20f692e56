import { Worker } from 'node:worker_threads'
import { faultError } from '../../native_errors.ts'
import { MapscopeError } from '../../shared/index.ts'
import type { Answer, Failure, Ready, Request, ScanJob, ScanReport, ThreadData } from './messages.ts'

/**
 * The thread's program is the build's also where this runs from source (tests): Node 20 does not run TypeScript.
 */
const PROGRAM: URL = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/search/regexp/worker.js', import.meta.url)
  : new URL('./worker.js', import.meta.url)

interface Pending {
  readonly id: number
  resolve(report: ScanReport): void
  reject(error: unknown): void
}

/** One thread that runs one window at a time. It keeps the process alive only while it does. */
export class RegexpThread {
  readonly #worker: Worker
  readonly #cancelled: Int32Array
  readonly #mappings: Set<number> = new Set()
  readonly #onFree: (thread: RegexpThread) => void
  readonly #onEnd: (thread: RegexpThread) => void
  #pending: Pending | undefined
  #jobs = 0
  #isReady = false
  #isEnding = false

  /** @param onFree called when a window is done, also one that nobody waits for any more; `onEnd` when the thread is no more. */
  constructor(onFree: (thread: RegexpThread) => void, onEnd: (thread: RegexpThread) => void) {
    this.#onFree = onFree
    this.#onEnd = onEnd
    const cancelled = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
    this.#cancelled = new Int32Array(cancelled)
    // No flags of the process: a loader or a condition that it runs under is none of the thread's.
    this.#worker = new Worker(PROGRAM, { workerData: { cancelled } satisfies ThreadData, execArgv: [] })
    this.#worker.unref()
    // Seen in Node 20: what was said before it ran is lost, and an idle one kept the process for 30 s.
    this.#worker.once('online', () => this.isBusy || this.#worker.unref())
    this.#worker.on('message', (message: Answer | Ready) => {
      if ('isReady' in message) this.#begin()
      else this.#settle(message)
    })
    this.#worker.on('error', (error) => this.#pending?.reject(error))
    this.#worker.once('exit', () => {
      this.#pending?.reject(new Error('the thread of a regular expression ended'))
      this.#pending = undefined
      this.#onEnd(this)
    })
  }

  get isBusy(): boolean {
    return this.#pending !== undefined
  }

  run(job: ScanJob): Promise<ScanReport> {
    const id = ++this.#jobs
    if (job.subject.kind === 'mapping') this.#mappings.add(job.subject.mapping)
    return new Promise((resolve, reject) => {
      this.#pending = { id, resolve, reject }
      this.#worker.ref()
      const transferred = job.subject.kind === 'bytes' ? [job.subject.bytes.buffer as ArrayBuffer] : []
      this.#post({ kind: 'scan', id, job }, transferred)
    })
  }

  /** Lets the window in hand stop at its next match. Within one, nothing but `end` stops it. */
  cancel(): void {
    if (this.#pending !== undefined) Atomics.store(this.#cancelled, 0, this.#pending.id)
  }

  forget(mapping: number): void {
    if (this.#mappings.delete(mapping)) this.#post({ kind: 'forget', mapping })
  }

  /** Its program is loaded. Until then nothing ends it, for Node leaves the files open that a thread was loading. */
  get isReady(): boolean {
    return this.#isReady
  }

  end(): void {
    this.#isEnding = true
    if (this.#isReady) void this.#worker.terminate()
  }

  #begin(): void {
    this.#isReady = true
    if (this.#isEnding) void this.#worker.terminate()
  }

  #post(request: Request, transferred: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transferred)
  }

  #settle(answer: Answer): void {
    const pending = this.#pending
    if (pending === undefined || answer.id !== pending.id) return
    this.#pending = undefined
    this.#worker.unref()
    if ('report' in answer) pending.resolve(answer.report)
    else pending.reject(errorOf(answer.failure))
    // Its last window may be done while it is being ended: the next search must not be given a thread that is about to go.
    if (!this.#isEnding) this.#onFree(this)
  }
}

function errorOf({ code, message, offset, fileByteLength }: Failure): Error {
  if (code === 'ERR_FAULT') return faultError({ offset, fileByteLength })
  if (code === 'ERR_STACK') {
    return new MapscopeError(
      'ERR_RANGE',
      `The engine’s stack is too small for this expression (${message}); say less than (a|b)* of so many bytes, as [ab]*.`,
    )
  }
  if (code === 'ERR_CLOSED') return new MapscopeError('ERR_CLOSED', message)
  return new Error(`The thread of a regular expression failed: ${message}`)
}
