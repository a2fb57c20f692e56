import type { FastifyBaseLogger } from 'fastify'
import { ProblemError } from '../errors.ts'
import { problemOf } from '../problem_of.ts'
import type { Claim, JobBackend } from './backend.ts'
import type { JobDocuments, JobView } from './job_documents.ts'
import { kindOf } from './kinds/index.ts'
import type { JobLimits } from './limits.ts'
import { plannedCuts } from './planned_cuts.ts'
import type { ResultStore } from './results/result_store.ts'
import { ShardRun } from './shard_run.ts'
import { Turns } from './turns.ts'

export interface WorkerOptions {
  readonly backend: JobBackend
  readonly documents: JobDocuments
  readonly results: ResultStore
  readonly limits: JobLimits
  readonly log: FastifyBaseLogger
  /** Bytes of rows that all jobs have, for the bound on the disk. */
  readonly usedByteLength: () => number
  readonly onProgress: (jobId: string) => void
}

/** Takes shards from the backend, one after the other, as many at once as it gives. The work itself is on other threads. */
export class JobWorker {
  readonly #options: WorkerOptions
  readonly #runs: Map<string, ShardRun> = new Map()
  readonly #turns: Turns = new Turns()
  readonly #working: Set<Promise<void>> = new Set()
  #isClosed = false

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /** The shard of that job that is under way. */
  runOf(jobId: string): ShardRun | undefined {
    return this.#runs.get(jobId)
  }

  /** Takes what there is. To be called whenever there may be something. */
  pump(): void {
    for (;;) {
      const claim = this.#isClosed ? undefined : this.#options.backend.claim()
      if (claim === undefined) return
      const working = this.#work(claim).finally(() => {
        this.#runs.delete(claim.key.jobId)
        this.#working.delete(working)
        this.pump()
      })
      this.#working.add(working)
    }
  }

  /** Takes no more; resolves when what was under way has stopped. The backend aborts it. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all(this.#working)
  }

  async #work(claim: Claim): Promise<void> {
    const { backend, log } = this.#options
    try {
      await this.#shard(claim)
    } catch (error) {
      if (claim.signal.aborted) return backend.release(claim)
      const problem = problemOf(error)
      if (problem.status >= 500) log.error({ err: error, job: claim.key.jobId }, 'a job failed')
      await backend.end(claim, { state: 'failed', problem: problem.toProblem() }).catch((cause: unknown) => {
        log.error({ err: cause, job: claim.key.jobId }, 'the end of a job could not be written down')
      })
    }
  }

  async #shard(claim: Claim): Promise<void> {
    const { backend, documents } = this.#options
    const { order, cutBy } = claim.job
    if (cutBy !== undefined || claim.key.shard === claim.job.cuts?.length)
      return await backend.end(claim, { state: 'done' })
    const view = await documents.view(order)
    const isOfAnyState = order.request.isLive === true || kindOf(order.request).isOfAnyState === true
    if (!isOfAnyState && view.generation !== order.generation) throw changed()
    const cuts = claim.job.cuts ?? (await this.#plan(claim, view))
    const result = await this.#run(claim, view, cuts)
    if (result.hasChanged && !isOfAnyState) throw changed()
    const hasChanged = result.hasChanged || view.generation !== order.generation
    const isLast = claim.key.shard === cuts.length - 1 || result.cutBy !== undefined
    const told = { ...result, hasChanged: hasChanged && order.request.isLive === true }
    await backend.checkpoint(claim, told)
    // The last checkpoint ends the job at its next turn, and a crash between the two as well.
    if (isLast) this.pump()
  }

  async #plan(claim: Claim, view: JobView): Promise<readonly number[]> {
    const { backend, limits } = this.#options
    const cuts = await plannedCuts(claim, view, limits)
    await backend.plan(claim, cuts)
    return cuts
  }

  async #run(claim: Claim, view: JobView, cuts: readonly number[]): ReturnType<ShardRun['run']> {
    const { jobId, shard } = claim.key
    const { results, limits, onProgress } = this.#options
    const kind = kindOf(claim.job.order.request)
    const codec = kind.rows?.(claim.job.order.request)
    const writer = codec && results.writer(jobId, shard, codec)
    const run = new ShardRun({
      claim,
      kind,
      view,
      cuts,
      writer,
      room: codec === undefined ? 0 : this.#roomOf(claim, codec.rowByteLength),
      patienceMs: limits.patienceMs,
      turns: this.#turns,
      onProgress: () => onProgress(jobId),
    })
    this.#runs.set(jobId, run)
    let isDone = false
    try {
      const result = await run.run()
      isDone = true
      return result
    } finally {
      writer?.close()
      // Rows of a shard that is not done count for nothing, not against the bound on the disk either.
      if (!isDone) {
        this.#runs.delete(jobId)
        await results.removeShard(jobId, shard)
      }
    }
  }

  /** Rows that this shard may still have, of the job's room and its share of what is left of all. */
  #roomOf({ job }: Claim, rowByteLength: number): number {
    const { limits, usedByteLength } = this.#options
    const own = job.rowCounts.reduce((sum, count) => sum + count, 0) * rowByteLength
    const shared = (limits.maxTotalByteLength - usedByteLength()) / limits.maxRunning
    return Math.max(0, Math.floor(Math.min(limits.maxResultByteLength - own, shared) / rowByteLength))
  }
}

function changed(): ProblemError {
  const detail = 'the file changed since the job was asked for: ask again, or with isLive for results of no one state'
  return new ProblemError('ERR_REVISION', detail)
}
