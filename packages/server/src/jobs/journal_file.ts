import { closeSync, constants, fchmodSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { JobRecord } from './backend.ts'
import { fold, type JournalEntry, unfold } from './fold.ts'
import { stateProblem } from './state_problem.ts'

const VERSION = 1
const HEADER = JSON.stringify({ mapscopeJobs: VERSION })
const NEWLINE = 0x0a
/** Read or written before others may have their turn: some milliseconds. A journal may be longer than the longest text that V8 makes (512 MiB). */
const PIECE_BYTE_LENGTH: number = 1024 ** 2

/** Folds what a journal tells into `jobs`, and pauses after each piece. @throws ProblemError for damage, and for another version. */
export function* readJournal(path: string, jobs: Map<string, JobRecord>): Generator<void, void> {
  let number = 0
  let unpausedLength = 0
  for (const line of linesOf(path)) {
    number++
    if (number === 1) assertVersion(line)
    else foldLine(jobs, line, number)
    unpausedLength += line.length
    if (unpausedLength < PIECE_BYTE_LENGTH) continue
    unpausedLength = 0
    yield
  }
}

/**
 * Writes a journal of these jobs beside the one that is there, and renames it over that: a crash leaves one of the two. Pauses after each piece, with
 * the descriptor, and gives it in the end, open for more. The folder is still to be synced.
 */
export function* writeJournal(path: string, jobs: ReadonlyMap<string, JobRecord>): Generator<number, number> {
  const fresh = `${path}.new`
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND
  const fd = openSync(fresh, flags, 0o600)
  try {
    fchmodSync(fd, 0o600)
    for (const piece of piecesOf(jobs)) {
      for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done)
      yield fd
    }
    fsyncSync(fd)
    renameSync(fresh, path)
    return fd
  } catch (error) {
    closeSync(fd)
    rmSync(fresh, { force: true })
    throw error
  }
}

export function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function* piecesOf(jobs: ReadonlyMap<string, JobRecord>): Generator<Buffer> {
  let text = `${HEADER}\n`
  for (const job of jobs.values()) {
    for (const entry of unfold(job)) {
      text += `${JSON.stringify(entry)}\n`
      if (text.length < PIECE_BYTE_LENGTH) continue
      yield Buffer.from(text)
      text = ''
    }
  }
  if (text !== '') yield Buffer.from(text)
}

function assertVersion(line: string): void {
  const version = versionOf(line)
  if (version === VERSION) return
  const what =
    version === undefined
      ? 'the file jobs.jsonl in that folder is no journal of jobs'
      : `the journal is of version ${String(version)}, this server writes ${VERSION}`
  throw stateProblem(new Error(what))
}

function versionOf(header: string): unknown {
  try {
    return (JSON.parse(header) as { mapscopeJobs?: unknown } | null)?.mapscopeJobs
  } catch {
    return undefined
  }
}

function foldLine(jobs: Map<string, JobRecord>, line: string, number: number): void {
  try {
    fold(jobs, JSON.parse(line) as JournalEntry)
  } catch (cause) {
    throw stateProblem(new Error(`line ${number} of the journal is damaged`, { cause }))
  }
}

/** Whole lines only: what follows the last newline was never synced, let alone acknowledged. */
function* linesOf(path: string): Generator<string> {
  const fd = openToRead(path)
  if (fd === undefined) return
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTE_LENGTH)
    let rest: Buffer[] = []
    for (let length = readSync(fd, piece); length > 0; length = readSync(fd, piece)) {
      const bytes = piece.subarray(0, length)
      let start = 0
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
        yield Buffer.concat([...rest, bytes.subarray(start, end)]).toString()
        rest = []
        start = end + 1
      }
      if (start < length) rest.push(Buffer.from(bytes.subarray(start)))
    }
  } finally {
    closeSync(fd)
  }
}

function openToRead(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw stateProblem(error)
  }
}
