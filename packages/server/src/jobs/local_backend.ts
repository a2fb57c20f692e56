import type { Problem } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import type { Claim, JobBackend, JobEnd, JobListener, JobOrder, JobRecord, ShardResult } from './backend.ts'
import { FairQueue, type Waiting } from './fair_queue.ts'
import { fold, hasEnded, isNext, type JournalEntry } from './fold.ts'
import type { Journal } from './journal.ts'
import { requestLength } from './retention.ts'

export interface BackendLimits {
  /** Jobs that have not ended: of one principal, and of all. */
  readonly maxJobsPerPrincipal: number
  readonly maxJobs: number
  /** Characters of what they look for, of one principal: lists of needles have up to 4 MiB. */
  readonly maxRequestLength: number
  /** Shards under way: of one client (of a principal), and of all. */
  readonly maxRunningPerClient: number
  readonly maxRunning: number
}

export const BACKEND_LIMITS: BackendLimits = {
  maxJobsPerPrincipal: 256,
  maxJobs: 1_024,
  maxRequestLength: 32 * 1024 ** 2,
  // A shard may be a whole file (a digest has no parts): one client's never take all the places.
  maxRunningPerClient: 2,
  maxRunning: 4,
}

export interface LocalBackendOptions {
  readonly journal: Journal
  /** What the journal knew. */
  readonly jobs: Map<string, JobRecord>
  readonly limits: BackendLimits
  readonly nowMs: () => number
}

interface Ticket extends Waiting {
  readonly jobId: string
}

interface Running extends Ticket {
  readonly stop: AbortController
}

/** Jobs of this process: kept in memory, and in the journal for the next one. */
export class LocalBackend implements JobBackend {
  readonly #journal: Journal
  readonly #jobs: Map<string, JobRecord>
  readonly #limits: BackendLimits
  readonly #nowMs: () => number
  readonly #waiting: FairQueue<Ticket> = new FairQueue()
  readonly #running: Map<string, Running> = new Map()
  readonly #listeners: Set<JobListener> = new Set()

  constructor({ journal, jobs, limits, nowMs }: LocalBackendOptions) {
    this.#journal = journal
    this.#jobs = jobs
    this.#limits = limits
    this.#nowMs = nowMs
    for (const job of jobs.values()) if (!hasEnded(job)) this.#waiting.push(ticketOf(job.order))
  }

  async submit(order: JobOrder): Promise<void> {
    this.#assertRoom(order)
    const entry: JournalEntry = { t: 'order', order }
    // Counted from now on, or many at once would all find room.
    fold(this.#jobs, entry)
    try {
      await this.#journal.append([entry])
    } catch (error) {
      this.#jobs.delete(order.id)
      throw error
    }
    // A cancel may have come in between.
    const job = this.#jobs.get(order.id)
    if (job === undefined) return
    if (!hasEnded(job)) this.#waiting.push(ticketOf(order))
    this.#tell(order.id, 'submitted')
  }

  watch(listener: JobListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async cancel(jobId: string, reason?: Problem): Promise<boolean> {
    const job = this.#jobs.get(jobId)
    if (job === undefined || hasEnded(job)) return false
    this.#waiting.remove((ticket) => ticket.jobId === jobId)
    this.#running.get(jobId)?.stop.abort()
    const end: JobEnd = { state: 'cancelled', ...(reason === undefined ? {} : { problem: reason }) }
    await this.#apply(jobId, { t: 'end', id: jobId, end, ms: this.#nowMs() }, 'state')
    return true
  }

  claim(): Claim | undefined {
    if (this.#running.size >= this.#limits.maxRunning) return undefined
    const ticket = this.#waiting.take((waiting) => this.#mayRun(waiting))
    const job = ticket && this.#jobs.get(ticket.jobId)
    if (ticket === undefined || job === undefined) return undefined
    const stop = new AbortController()
    this.#running.set(ticket.jobId, { ...ticket, stop })
    if (job.state === 'queued') {
      // Not waited for: a crash would only have it queued again.
      this.#apply(ticket.jobId, { t: 'start', id: ticket.jobId, ms: this.#nowMs() }, 'state').catch(() => undefined)
    }
    const started = this.#jobs.get(ticket.jobId) ?? job
    const key = { jobId: ticket.jobId, shard: started.rowCounts.length, generation: started.order.generation }
    return { key, job: started, signal: stop.signal }
  }

  async plan({ key }: Claim, cuts: readonly number[]): Promise<void> {
    await this.#apply(key.jobId, { t: 'plan', id: key.jobId, generation: key.generation, cuts }, 'checkpoint')
  }

  async checkpoint({ key }: Claim, result: ShardResult): Promise<void> {
    const job = this.#jobs.get(key.jobId)
    if (job !== undefined && !hasEnded(job) && isNext(job, key))
      await this.#apply(key.jobId, { t: 'shard', key, result }, 'checkpoint')
    // Not when it could not be written: whoever has the claim ends the job then.
    this.#release(key.jobId)
  }

  release({ key }: Claim): void {
    this.#release(key.jobId)
  }

  async end({ key }: Claim, end: JobEnd): Promise<void> {
    const job = this.#jobs.get(key.jobId)
    try {
      if (job !== undefined && !hasEnded(job))
        await this.#apply(key.jobId, { t: 'end', id: key.jobId, end, ms: this.#nowMs() }, 'state')
    } finally {
      this.#release(key.jobId)
    }
  }

  get(jobId: string): JobRecord | undefined {
    return this.#jobs.get(jobId)
  }

  list(): readonly JobRecord[] {
    return [...this.#jobs.values()]
  }

  async remove(jobId: string): Promise<void> {
    const job = this.#jobs.get(jobId)
    if (job === undefined || !hasEnded(job)) return
    this.#jobs.delete(jobId)
    for (const listener of this.#listeners) listener(job, 'removed')
    await this.#journal.append([{ t: 'remove', id: jobId }])
  }

  async close(): Promise<void> {
    for (const { stop } of this.#running.values()) stop.abort()
    await this.#journal.close()
  }

  /** The place is free, and the job waits for its next turn unless it is over. */
  #release(jobId: string): void {
    const running = this.#running.get(jobId)
    if (running === undefined) return
    this.#running.delete(jobId)
    const job = this.#jobs.get(jobId)
    if (job !== undefined && !hasEnded(job)) this.#waiting.push(ticketOf(job.order))
  }

  /**
   * Told at once, as a cancelled job is cancelled whatever the disk says; resolves when it is written down. What fails to be written is done again
   * after a restart, which changes nothing.
   */
  async #apply(jobId: string, entry: JournalEntry, change: 'state' | 'checkpoint'): Promise<void> {
    if (entry.t === 'shard' || entry.t === 'plan') {
      // Progress counts only once it would survive.
      await this.#journal.append([entry])
      fold(this.#jobs, entry)
      this.#tell(jobId, change)
      return
    }
    fold(this.#jobs, entry)
    this.#tell(jobId, change)
    await this.#journal.append([entry])
  }

  #tell(jobId: string, change: 'submitted' | 'state' | 'checkpoint'): void {
    const job = this.#jobs.get(jobId)
    if (job === undefined) return
    for (const listener of this.#listeners) listener(job, change)
  }

  #mayRun({ principal, clientId }: Ticket): boolean {
    let count = 0
    for (const running of this.#running.values())
      if (running.principal === principal && running.clientId === clientId) count++
    return count < this.#limits.maxRunningPerClient
  }

  #assertRoom(order: JobOrder): void {
    const open = this.list().filter((job) => !hasEnded(job))
    const { maxJobs, maxJobsPerPrincipal, maxRequestLength } = this.#limits
    const own = open.filter((job) => job.order.principal === order.principal)
    if (own.length >= maxJobsPerPrincipal)
      throw new ProblemError('ERR_TOO_MANY', `you have ${own.length} jobs under way; wait for some, or cancel some`)
    if (open.length >= maxJobs)
      throw new ProblemError('ERR_TOO_MANY', `${open.length} jobs are under way on this server; ask again later`)
    const length = [...own, { order }].reduce((sum, job) => sum + requestLength(job), 0)
    if (length > maxRequestLength)
      throw new ProblemError('ERR_TOO_MANY', 'your jobs under way look for too much together; wait for some')
  }
}

function ticketOf({ id, principal, clientId }: JobOrder): Ticket {
  return { jobId: id, principal, clientId }
}
