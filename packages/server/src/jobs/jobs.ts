import { randomBytes } from 'node:crypto'
import type { JobDensity, JobDetail, JobInfo, JobRequest, JobResults, Problem } from '@mapscope/protocol'
import type { FastifyBaseLogger } from 'fastify'
import type { DocumentStore } from '../documents/store.ts'
import { ProblemError } from '../errors.ts'
import type { ServerEvents } from '../events/server_events.ts'
import { authorize, authorizeName } from '../guard/authorize.ts'
import type { Credentials } from '../guard/credentials.ts'
import type { Principal, Role } from '../guard/principal.ts'
import { problemOf } from '../problem_of.ts'
import type { JobBackend, JobOrder, JobRecord } from './backend.ts'
import { hasEnded } from './fold.ts'
import { JobDocuments } from './job_documents.ts'
import { JobFeed } from './job_feed.ts'
import { infoOf, shapeOf } from './job_info.ts'
import { kindOf } from './kinds/index.ts'
import { JOB_LIMITS, type JobLimits } from './limits.ts'
import { LocalBackend } from './local_backend.ts'
import { orderOf } from './order.ts'
import type { ResultStore } from './results/result_store.ts'
import { outdated, resultByteLength } from './retention.ts'
import { type JobState, openState } from './state_folder.ts'
import { JobWorker } from './worker.ts'

export interface JobsOptions {
  /** Where jobs are kept over a restart. Absent: they go with the server. */
  readonly stateDirectory?: string
  readonly documents: DocumentStore
  readonly events: ServerEvents
  /** Who may ask for jobs, and for whom they go on. */
  readonly credentials: Credentials
  readonly log: FastifyBaseLogger
  readonly jobLimits?: Partial<JobLimits>
  /** The time by which what has ended is kept. Default: the system's. */
  readonly nowMs?: () => number
}

export interface Asked {
  readonly documentId: string
  readonly request: JobRequest
  readonly principal: Principal
}

const SWEEP_INTERVAL_MS = 30_000
const DEFAULT_PAGE_LENGTH = 1_000
const DEFAULT_BUCKETS = 512

/** The jobs of a server: they belong to it and not to a connection, and each principal sees its own. */
export class Jobs {
  readonly #state: JobState
  readonly #backend: JobBackend
  readonly #documents: JobDocuments
  readonly #store: DocumentStore
  readonly #results: ResultStore
  readonly #worker: JobWorker
  readonly #limits: JobLimits
  readonly #feed: JobFeed
  readonly #credentials: Credentials
  readonly #log: FastifyBaseLogger
  readonly #nowMs: () => number
  readonly #sweeping: NodeJS.Timeout

  /** @throws ProblemError `ERR_OS` for a state directory that cannot be had. */
  constructor({ stateDirectory, documents, events, credentials, log, jobLimits = {}, nowMs = Date.now }: JobsOptions) {
    this.#limits = { ...JOB_LIMITS, ...jobLimits }
    this.#state = openState(stateDirectory)
    this.#results = this.#state.results
    this.#store = documents
    this.#credentials = credentials
    this.#log = log
    this.#nowMs = nowMs
    this.#documents = new JobDocuments(documents)
    this.#backend = new LocalBackend({ ...this.#state, limits: this.#limits, nowMs })
    this.#worker = new JobWorker({
      backend: this.#backend,
      documents: this.#documents,
      results: this.#results,
      limits: this.#limits,
      log,
      usedByteLength: () => this.#usedByteLength(),
      onProgress: (jobId) => this.#feed.progress(jobId),
    })
    this.#feed = new JobFeed({ backend: this.#backend, events, infoOf: (job) => this.#info(job) })
    this.#backend.watch((job, change) => {
      if (hasEnded(job)) this.#documents.release(job.order.id)
      if (change === 'removed')
        this.#results.remove(job.order.id).catch((error: unknown) => log.error({ err: error }, 'rows of a job stay'))
    })
    this.#sweeping = setInterval(() => this.#sweep(), SWEEP_INTERVAL_MS).unref()
  }

  /** Takes up what was under way when the server ended, of those who are still let in. */
  start(): void {
    for (const name of new Set(this.#backend.list().map(({ order }) => order.principal))) this.endOf(name)
    this.#sweep()
    this.#worker.pump()
  }

  /** Resolves once the order survives a crash. @throws ProblemError for what cannot be asked for. */
  async submit({ documentId, request, principal }: Asked): Promise<JobDetail> {
    authorize(this.#credentials, principal, roleOf(request))
    const id = randomBytes(12).toString('base64url')
    const { order, documents } = await orderOf({ id, request, principal, documents: this.#store, documentId })
    this.#documents.hold(id, documents)
    try {
      await this.#backend.submit(order)
    } catch (error) {
      this.#documents.release(id)
      throw error
    }
    // The token may have been taken back while the order was written down.
    this.endOf(principal.name)
    // Before it is taken up: whoever asked is told of a queued job first.
    const detail = this.detail(id, principal)
    // A job whose rows find no room ends with none: what is old makes room first.
    this.#sweep()
    setImmediate(() => this.#worker.pump())
    return detail
  }

  list(principal: Principal, documentId?: string): JobInfo[] {
    const infos = this.#own(principal).map((job) => this.#info(job))
    return documentId === undefined ? infos : infos.filter((info) => info.documentId === documentId)
  }

  /** Everybody's. */
  countByState(): ReadonlyMap<JobInfo['state'], number> {
    const counts = new Map<JobInfo['state'], number>()
    for (const { state } of this.#backend.list()) counts.set(state, (counts.get(state) ?? 0) + 1)
    return counts
  }

  detail(id: string, principal: Principal): JobDetail {
    const job = this.#get(id, principal)
    return { ...this.#info(job), request: job.order.request }
  }

  /** A page of rows: from an index, or from the first row at an offset (backward: before it). */
  results(
    id: string,
    principal: Principal,
    { start, offset, limit = DEFAULT_PAGE_LENGTH }: { start?: number; offset?: number; limit?: number },
  ): JobResults {
    if (start !== undefined && offset !== undefined)
      throw new ProblemError('ERR_REQUEST', 'ask by start, the index of a row, or by offset; not by both')
    const job = this.#get(id, principal)
    const shape = this.#shape(job)
    const rowCount = shape.rowCounts.reduce((sum, count) => sum + count, 0)
    const first = offset === undefined ? (start ?? 0) : this.#results.indexOfOffset(shape, offset)
    return { state: job.state, start: first, rowCount, rows: this.#results.page(shape, first, limit) }
  }

  async density(
    id: string,
    principal: Principal,
    { start, end, buckets = DEFAULT_BUCKETS }: { start?: number; end?: number; buckets?: number },
  ): Promise<JobDensity> {
    const job = this.#get(id, principal)
    const range = { start: start ?? job.order.range.start, end: end ?? job.order.range.end }
    if (range.start > range.end) throw new ProblemError('ERR_REQUEST', 'start lies behind end')
    return { range, counts: await this.#results.density(this.#shape(job), range, buckets) }
  }

  /** Cancels a job under way; removes one that has ended, with its rows. Gives the cancelled one. */
  async cancelOrRemove(id: string, principal: Principal): Promise<JobInfo | undefined> {
    const job = this.#get(id, principal)
    if (await this.#backend.cancel(id)) {
      this.#worker.pump()
      return this.#info(this.#backend.get(id) ?? job)
    }
    await this.#backend.remove(id)
    await this.#results.removed(id)
    return undefined
  }

  /** Cancels the jobs of that name that nobody of that name may ask for any more, now; says how many there were. */
  endOf(name: string): number {
    let count = 0
    for (const job of this.#backend.list()) {
      const problem = job.order.principal !== name || hasEnded(job) ? undefined : this.#refusalOf(job.order)
      if (problem === undefined) continue
      count++
      this.#backend
        .cancel(job.order.id, problem)
        .catch((error: unknown) => this.#log.error({ err: error }, 'the end of a job could not be written down'))
    }
    if (count > 0) setImmediate(() => this.#worker.pump())
    return count
  }

  /** Tells of the principal's jobs from now on, until the returned function is called. */
  watch(principal: Principal, listener: (info: JobInfo) => void): () => void {
    return this.#feed.watch((job, info) => {
      if (isOwn(job, principal)) listener(info)
    })
  }

  async close(): Promise<void> {
    clearInterval(this.#sweeping)
    this.#feed.close()
    const closed = this.#worker.close()
    await this.#backend.close()
    await closed
    await this.#results.removed()
    this.#state.close()
  }

  #info(job: JobRecord): JobInfo {
    return infoOf(job, this.#worker.runOf(job.order.id), this.#documents.idOf(job.order))
  }

  #shape(job: JobRecord): NonNullable<ReturnType<typeof shapeOf>> {
    const run = this.#worker.runOf(job.order.id)
    const shape = shapeOf(job, run)
    if (shape === undefined)
      throw new ProblemError(
        'ERR_NOT_FOUND',
        `a job of the kind ${job.order.request.kind} has no rows: see its summary`,
      )
    run?.writer?.flush()
    return shape
  }

  /** @throws ProblemError `ERR_NOT_FOUND`, also for somebody else's: whether there is one is not told. */
  #get(id: string, principal: Principal): JobRecord {
    const job = this.#backend.get(id)
    if (job !== undefined && isOwn(job, principal)) return job
    throw new ProblemError('ERR_NOT_FOUND', 'there is no job of that id: jobs that have ended are removed in time')
  }

  /** Why it may not go on, if it may not. */
  #refusalOf({ principal, request }: JobOrder): Problem | undefined {
    try {
      authorizeName(this.#credentials, principal, roleOf(request))
      return undefined
    } catch (error) {
      return problemOf(error).toProblem()
    }
  }

  #own(principal: Principal): JobRecord[] {
    return this.#backend.list().filter((job) => isOwn(job, principal))
  }

  #usedByteLength(): number {
    return this.#backend.list().reduce((sum, job) => sum + resultByteLength(job), 0)
  }

  #sweep(): void {
    for (const job of outdated(this.#backend.list(), { ...this.#limits, nowMs: this.#nowMs() }))
      this.#backend.remove(job.order.id).catch((error: unknown) => this.#log.error({ err: error }, 'a job stays'))
  }
}

function isOwn({ order }: { readonly order: JobOrder }, principal: Principal): boolean {
  return principal.role === 'admin' || order.principal === principal.name
}

function roleOf(request: JobRequest): Role {
  return kindOf(request).role ?? 'view'
}
