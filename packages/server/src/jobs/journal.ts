import { closeSync, fdatasync, fstatSync, ftruncateSync, write } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { JobRecord } from './backend.ts'
import type { JournalEntry } from './fold.ts'
import { readJournal, syncFolderOf, writeJournal } from './journal_file.ts'
import { stateProblem } from './state_problem.ts'

/** What is done for a job is told here before it is told to anybody else. */
export interface Journal {
  /** Resolves once the entries survive a crash. @throws ProblemError `ERR_OS` when the disk does not take them. */
  append(entries: readonly JournalEntry[]): Promise<void>
  close(): Promise<void>
}

/** For servers without a state directory: nothing outlives the process, so there is nothing to write. */
export const NO_JOURNAL: Journal = { append: async () => undefined, close: async () => undefined }

/** A journal is written anew when it is twice as long as when that was done last, and at least this long. */
const MIN_COMPACT_BYTE_LENGTH: number = 16 * 1024 ** 2

const writeTo = promisify(write)
const syncData = promisify(fdatasync)

/** JSON lines in one file, only ever added to; one sync for all that came while the one before ran. */
export class FileJournal implements Journal {
  readonly #path: string
  #fd: number
  #waiting: Buffer[] = []
  #flushing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isClosed = false
  /** As far as it is known to be on the disk. */
  #byteLength: number
  /** What the file ends with is not known: no more goes in. */
  #failure: unknown

  #compactByteLength: number
  readonly #minCompactByteLength: number

  private constructor(path: string, fd: number, minCompactByteLength: number) {
    this.#path = path
    this.#fd = fd
    this.#byteLength = fstatSync(fd).size
    this.#minCompactByteLength = minCompactByteLength
    this.#compactByteLength = this.#nextCompactByteLength()
  }

  /**
   * The jobs that the journal in that folder tells of, and the journal, written anew without what is past. A torn last line, of a write that a
   * crash cut short, was acknowledged to nobody and is left out; a line in the middle that makes no sense is damage and is told.
   */
  static open(
    folder: string,
    minCompactByteLength: number = MIN_COMPACT_BYTE_LENGTH,
  ): { readonly journal: FileJournal; readonly jobs: Map<string, JobRecord> } {
    const path = join(folder, 'jobs.jsonl')
    const jobs = new Map<string, JobRecord>()
    drained(readJournal(path, jobs))
    try {
      const fd = drained(writeJournal(path, jobs))
      syncFolderOf(path)
      return { journal: new FileJournal(path, fd, minCompactByteLength), jobs }
    } catch (error) {
      throw stateProblem(error)
    }
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    if (this.#isClosed) throw stateProblem(new Error('the journal is closed'))
    this.#waiting.push(Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')))
    // The flush that has not begun yet takes these along; behind one that runs, there is at most one.
    this.#next ??= this.#flushing.then(() => {
      this.#next = undefined
      const flushed = this.#flush()
      // Whoever waits for the flush does not wait for this.
      this.#flushing = flushed.then(() => this.#compactWhenLong()).catch(() => undefined)
      return flushed
    })
    await this.#next
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#next?.catch(() => undefined)
    await this.#flushing
    closeSync(this.#fd)
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    if (this.#failure !== undefined) throw stateProblem(this.#failure)
    await this.#write(bytes)
    try {
      await syncData(this.#fd)
      this.#byteLength += bytes.length
    } catch (error) {
      // What of it is on the disk cannot be known, not even by syncing again.
      this.#failure = error
      throw stateProblem(error)
    }
  }

  /**
   * Written anew without what is past, from what it says itself: what the server knows may be ahead of it, or behind. Nothing is appended meanwhile.
   * Where that cannot be done (a full disk), it goes on growing to twice its length.
   */
  async #compactWhenLong(): Promise<void> {
    if (this.#byteLength < this.#compactByteLength || this.#isClosed) return
    try {
      const jobs = new Map<string, JobRecord>()
      for (const _pause of readJournal(this.#path, jobs)) await nextTurn()
      this.#goOnIn(await this.#written(jobs))
    } finally {
      this.#compactByteLength = this.#nextCompactByteLength()
    }
  }

  async #written(jobs: ReadonlyMap<string, JobRecord>): Promise<number> {
    const steps = writeJournal(this.#path, jobs)
    for (;;) {
      const { done, value: fd } = steps.next()
      if (done === true) return fd
      await syncData(fd)
    }
  }

  #goOnIn(fd: number): void {
    closeSync(this.#fd)
    this.#fd = fd
    this.#byteLength = fstatSync(fd).size
    try {
      syncFolderOf(this.#path)
    } catch (error) {
      this.#failure = error
    }
  }

  #nextCompactByteLength(): number {
    return Math.max(this.#minCompactByteLength, 2 * this.#byteLength)
  }

  /** All of it or nothing, so that there is no half line for the next one to follow. */
  async #write(bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; )
        done += (await writeTo(this.#fd, bytes, done, bytes.length - done, null)).bytesWritten
    } catch (error) {
      try {
        ftruncateSync(this.#fd, this.#byteLength)
      } catch (truncating) {
        this.#failure = truncating
      }
      throw stateProblem(error)
    }
  }
}

/** To its end at once. */
function drained<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}
