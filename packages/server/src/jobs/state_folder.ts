import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobRecord } from './backend.ts'
import { FileJournal, type Journal, NO_JOURNAL } from './journal.ts'
import { ResultStore } from './results/result_store.ts'
import { stateProblem } from './state_problem.ts'

/** Where jobs are kept: what was there, and where more goes. */
export interface JobState {
  readonly journal: Journal
  readonly jobs: Map<string, JobRecord>
  readonly results: ResultStore
  /** After the journal is closed. */
  close(): void
}

/**
 * Opens the folder that jobs are kept in, made for its owner's eyes only; without one, results lie in a temporary folder that goes with the server.
 *
 * @throws ProblemError `ERR_OS` for a folder that cannot be had, or that another server has.
 */
export function openState(stateDirectory: string | undefined): JobState {
  if (stateDirectory === undefined) return temporaryState()
  try {
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
    chmodSync(stateDirectory, 0o700)
  } catch (error) {
    throw stateProblem(error)
  }
  const unlock = lock(join(stateDirectory, 'lock'))
  try {
    const { journal, jobs } = FileJournal.open(stateDirectory)
    const results = new ResultStore(join(stateDirectory, 'results'))
    results.keepOnly(new Set(jobs.keys()))
    return { journal, jobs, results, close: unlock }
  } catch (error) {
    unlock()
    throw stateProblem(error)
  }
}

function temporaryState(): JobState {
  const folder = mkdtempSync(join(tmpdir(), 'mapscope-jobs-'))
  return {
    journal: NO_JOURNAL,
    jobs: new Map(),
    results: new ResultStore(folder),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Two servers writing one journal would spoil it. A lock of a process that is gone, killed say, is taken over. */
function lock(path: string): () => void {
  const own = identityOf(process.pid)
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx', mode: 0o600 })
      return () => rmSync(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw stateProblem(error)
      if (isHeld(path))
        throw stateProblem(new Error('another server keeps its jobs in that folder; name another one with --state'))
      rmSync(path, { force: true })
    }
  }
  throw stateProblem(new Error('another server has just taken that folder; name another one with --state'))
}

function isHeld(path: string): boolean {
  let holder: string
  try {
    holder = readFileSync(path, 'utf8')
  } catch {
    return false
  }
  const pid = Number.parseInt(holder, 10)
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process, which lives.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return identityOf(pid) === holder
}

/** The number and, where the system tells, the time it began: numbers of processes are given again. */
function identityOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // Behind the name, which may hold anything: state is the third field, the start the 22nd.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return `${pid}`
  }
}
