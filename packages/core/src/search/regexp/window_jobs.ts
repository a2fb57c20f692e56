import { type ByteRange, type ByteSource, intersect } from '../../shared/index.ts'
import type { Program, ScanJob, ScanReport, Subject } from './messages.ts'
import type { Patience } from './patience.ts'
import type { RegexpThread } from './regexp_thread.ts'
import { threadPool } from './thread_pool.ts'
import { passPages } from './warm_pages.ts'

/** The matches to look for in one window, in offsets of the source. */
export interface Window {
  /** What the expression sees. */
  readonly text: ByteRange
  /** Where matches may begin. */
  readonly starts: ByteRange
  readonly limit: number
}

export interface WindowJobsOptions {
  readonly source: ByteSource
  readonly program: Program
  /** All the bytes that are searched: a text that ends with them ends for good. */
  readonly range: ByteRange
  readonly patience: Patience
}

/** The windows of one search that are running. */
export class WindowJobs {
  readonly lanes: number = threadPool.lanes
  readonly #options: WindowJobsOptions
  readonly #mapping: number | undefined
  readonly #threads: Set<RegexpThread> = new Set()
  #inFlight = 0
  #isEnded = false

  constructor(options: WindowJobsOptions) {
    this.#options = options
    this.#mapping = options.source.share?.()
  }

  /** Runs a window on a thread of the pool. */
  async run(window: Window): Promise<ScanReport> {
    if (this.#isEnded) throw endedError()
    const isFirst = this.#inFlight++ === 0
    try {
      const { subject, text, lost } = await this.#subject(window.text)
      if (lost !== undefined && text.end <= window.starts.start)
        return { hits: new Uint32Array(0), state: 'done', next: window.starts.start, lost }
      const job = this.#job({ ...window, text }, subject, lost !== undefined)
      const look = (): Promise<ScanReport> => this.#runOnThread(job, isFirst)
      const report = await (subject.kind === 'mapping' ? this.#around(text, look) : look())
      return lost === undefined ? report : { ...report, hits: endingBefore(report.hits, text.end - text.start), lost }
    } finally {
      this.#inFlight--
    }
  }

  /** Nobody waits for any window any more. */
  end(): void {
    this.#isEnded = true
    for (const thread of this.#threads) threadPool.abandon(thread)
    this.#threads.clear()
    if (this.#mapping !== undefined) threadPool.forget(this.#mapping)
  }

  async #runOnThread(job: ScanJob, isFirst: boolean): Promise<ScanReport> {
    const thread = await threadPool.take(isFirst)
    if (this.#isEnded) {
      threadPool.abandon(thread)
      throw endedError()
    }
    this.#threads.add(thread)
    try {
      return await threadPool.run(thread, job)
    } finally {
      this.#threads.delete(thread)
    }
  }

  #around(text: ByteRange, look: () => Promise<ScanReport>): Promise<ScanReport> {
    const { source } = this.#options
    return source.around === undefined ? look() : source.around(text, look)
  }

  #job({ text, starts, limit }: Window, subject: Subject, isCut: boolean): ScanJob {
    const { program, range } = this.#options
    const isLast = isCut || text.end === range.end
    const [textStart, textEnd] = [text.start, text.end]
    return { program, subject, textStart, textEnd, from: starts.start, ownEnd: starts.end, isLast, limit }
  }

  async #subject(text: ByteRange): Promise<{ subject: Subject; text: ByteRange; lost?: ScanReport['lost'] }> {
    const { source, patience } = this.#options
    if (this.#mapping !== undefined) {
      // A source that gives its cache back can do so only of pages that are mapped no more.
      const release = source.around === undefined ? passPages(source, text) : { before: [], after: [text] }
      return { subject: { kind: 'mapping', mapping: this.#mapping, release }, text }
    }
    const { bytes, unreadable } = await source.read(text.start, text.end - text.start, { signal: patience.signal })
    const gap = unreadable.map((one) => intersect(one, text)).find((one) => one !== undefined)
    // A copy: what a source hands out may be its own, and the thread is given the memory.
    if (gap === undefined) return { subject: { kind: 'bytes', bytes: bytes.slice() }, text }
    const readable = bytes.slice(0, gap.start - text.start)
    const lost = { offset: gap.start, fileByteLength: source.byteLength }
    return { subject: { kind: 'bytes', bytes: readable }, text: { start: text.start, end: gap.start }, lost }
  }
}

function endingBefore(hits: Uint32Array, end: number): Uint32Array {
  let length = hits.length
  while (length > 0 && (hits[length - 2] as number) + (hits[length - 1] as number) >= end) length -= 2
  return hits.subarray(0, length)
}

/** Nobody sees it: whoever ended the search no longer waits. */
function endedError(): Error {
  return new Error('the search has ended')
}
