import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { translateError } from '../native_errors.ts'
import type { ChunkDigests, HashRunOptions } from '../scan/hash_pieces.ts'
import { MapscopeError } from '../shared/index.ts'
import type { HashAnswer, HashTask } from './hash_messages.ts'

/** Hashing is bound by computing; more threads than this would take the cores from whatever else runs. */
const MOST_THREADS: number = Math.min(2, availableParallelism())

/** A thread takes 100 ms to start, so it waits for more work; then its memory is worth more. */
const IDLE_TIMEOUT_MS = 5_000

/** A program run from source has no JavaScript beside this file; the build has. */
const PROGRAM: URL = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/source/hash_worker.js', import.meta.url)
  : new URL('./hash_worker.js', import.meta.url)

interface Work {
  readonly task: HashTask
  readonly options: HashRunOptions
  readonly settle: (answer: ChunkDigests) => void
  readonly fail: (error: unknown) => void
}

const waiting: Work[] = []
const threads: Set<HashThread> = new Set()

/**
 * Hashes on a thread of its own, which opens the mapping by its number. The promise settles when the thread has let go of it: an abort
 * takes a window's time, half a millisecond a algorithm.
 */
export function hashOnThread(task: Omit<HashTask, 'cancelled'>, options: HashRunOptions): Promise<ChunkDigests> {
  const cancelled = new Int32Array(new SharedArrayBuffer(4))
  const cancel = (): void => void Atomics.store(cancelled, 0, 1)
  options.signal?.addEventListener('abort', cancel, { once: true })
  if (options.signal?.aborted === true) cancel()
  const result = new Promise<ChunkDigests>((settle, fail) => {
    waiting.push({ task: { ...task, cancelled }, options, settle, fail })
    assign()
  })
  return result.finally(() => options.signal?.removeEventListener('abort', cancel))
}

function assign(): void {
  while (waiting.length > 0) {
    const thread = [...threads].find((one) => !one.isBusy) ?? addThread()
    if (thread === undefined) return
    thread.run(waiting.shift() as Work)
  }
}

function addThread(): HashThread | undefined {
  if (threads.size >= MOST_THREADS) return undefined
  const thread = new HashThread()
  threads.add(thread)
  return thread
}

/** One worker, and what it is at. Keeps the process alive only while it works. */
class HashThread {
  readonly #worker: Worker = new Worker(PROGRAM, { name: 'mapscope hash', execArgv: [] })
  #work: Work | undefined
  #idle: NodeJS.Timeout | undefined

  constructor() {
    this.#worker.on('message', (answer: HashAnswer) => this.#receive(answer))
    this.#worker.on('error', (error) => this.#end(error))
    this.#worker.on('exit', () => this.#end(new MapscopeError('ERR_CLOSED', 'The hashing thread ended; try again.')))
  }

  get isBusy(): boolean {
    return this.#work !== undefined
  }

  run(work: Work): void {
    clearTimeout(this.#idle)
    this.#work = work
    this.#worker.ref()
    this.#worker.postMessage(work.task)
  }

  #receive(answer: HashAnswer): void {
    const work = this.#work
    if (work === undefined) return
    if (answer.kind === 'scanned') {
      tell(work, answer.byteLength)
      return
    }
    this.#rest()
    if (answer.kind === 'done') work.settle(answer.digests)
    else if (answer.kind === 'cancelled') work.fail(work.options.signal?.reason)
    else work.fail(translateError(Object.assign(new Error(answer.message), answer.fields)))
    assign()
  }

  #rest(): void {
    this.#work = undefined
    this.#worker.unref()
    this.#idle = setTimeout(() => {
      threads.delete(this)
      void this.#worker.terminate()
    }, IDLE_TIMEOUT_MS)
    this.#idle.unref()
  }

  #end(error: Error): void {
    clearTimeout(this.#idle)
    threads.delete(this)
    this.#work?.fail(error)
    this.#work = undefined
    assign()
  }
}

/** A caller's callback that throws ends its own work, and nobody else's. */
function tell({ task, options, fail }: Work, byteLength: number): void {
  try {
    options.onScanned?.(byteLength)
  } catch (error) {
    Atomics.store(task.cancelled, 0, 1)
    fail(error)
  }
}
