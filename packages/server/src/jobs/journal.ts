import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  write,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { JobRecord } from './backend.ts'
import { fold, type JournalEntry, unfold } from './fold.ts'
import { stateProblem } from './state_problem.ts'

/** What is done for a job is told here before it is told to anybody else. */
export interface Journal {
  /** Resolves once the entries survive a crash. @throws ProblemError `ERR_OS` when the disk does not take them. */
  append(entries: readonly JournalEntry[]): Promise<void>
  close(): Promise<void>
}

/** For servers without a state directory: nothing outlives the process, so there is nothing to write. */
export const NO_JOURNAL: Journal = { append: async () => undefined, close: async () => undefined }

const VERSION = 1
const HEADER = JSON.stringify({ mapscopeJobs: VERSION })
const NEWLINE = 0x0a

const writeTo = promisify(write)
const syncData = promisify(fdatasync)

/** JSON lines in one file, only ever added to; one sync for all that came while the one before ran. */
export class FileJournal implements Journal {
  readonly #fd: number
  #waiting: Buffer[] = []
  #flushing: Promise<void> = Promise.resolve()
  #next: Promise<void> | undefined
  #isClosed = false
  /** As far as it is known to be on the disk. */
  #byteLength: number
  /** What the file ends with is not known: no more goes in. */
  #failure: unknown

  private constructor(fd: number) {
    this.#fd = fd
    this.#byteLength = fstatSync(fd).size
  }

  /**
   * The jobs that the journal in that folder tells of, and the journal, written anew without what is past. A torn last line, of a write that a
   * crash cut short, was acknowledged to nobody and is left out; a line in the middle that makes no sense is damage and is told.
   */
  static open(folder: string): { readonly journal: FileJournal; readonly jobs: Map<string, JobRecord> } {
    const path = join(folder, 'jobs.jsonl')
    const jobs = readJournal(path)
    try {
      rewrite(path, jobs)
      return { journal: new FileJournal(openSync(path, constants.O_WRONLY | constants.O_APPEND)), jobs }
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
      this.#flushing = flushed.catch(() => undefined)
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

function readJournal(path: string): Map<string, JobRecord> {
  const jobs = new Map<string, JobRecord>()
  const lines = linesOf(path)
  if (lines.length === 0) return jobs
  const mapscopeJobs = versionOf(lines[0] as string)
  if (mapscopeJobs === undefined)
    throw stateProblem(new Error('the file jobs.jsonl in that folder is no journal of jobs'))
  if (mapscopeJobs !== VERSION)
    throw stateProblem(new Error(`the journal is of version ${String(mapscopeJobs)}, this server writes ${VERSION}`))
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue
    try {
      fold(jobs, JSON.parse(line) as JournalEntry)
    } catch (cause) {
      throw stateProblem(new Error(`line ${index + 1} of the journal is damaged`, { cause }))
    }
  }
  return jobs
}

function versionOf(header: string): unknown {
  try {
    return (JSON.parse(header) as { mapscopeJobs?: unknown } | null)?.mapscopeJobs
  } catch {
    return undefined
  }
}

/** Whole lines only: what follows the last newline was never synced, let alone acknowledged. */
function linesOf(path: string): string[] {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw stateProblem(error)
  }
  const end = bytes.lastIndexOf(NEWLINE)
  return end < 0 ? [] : bytes.toString('utf8', 0, end).split('\n')
}

/** Beside the old one and renamed over it: a crash leaves one of the two. */
function rewrite(path: string, jobs: ReadonlyMap<string, JobRecord>): void {
  const fresh = `${path}.new`
  const fd = openSync(fresh, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
  try {
    fchmodSync(fd, 0o600)
    const text = [HEADER, ...[...jobs.values()].flatMap(unfold).map((entry) => JSON.stringify(entry))].join('\n')
    writeWhole(fd, Buffer.from(`${text}\n`))
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(fresh, path)
  const folder = openSync(dirname(path), constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function writeWhole(fd: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}
