import type { JobInfo } from '@mapscope/protocol'
import type { ServerEvents } from '../events/server_events.ts'
import type { JobBackend, JobRecord } from './backend.ts'

export interface JobFeedOptions {
  readonly backend: JobBackend
  readonly events: ServerEvents
  readonly infoOf: (job: JobRecord) => JobInfo
}

type Listener = (job: JobRecord, info: JobInfo) => void

/** Least time between two tellings of one job's progress. States are told at once. */
const PROGRESS_INTERVAL_MS = 200

/** Tells the sockets what becomes of jobs, and the audit trail when they begin and end. */
export class JobFeed {
  readonly #options: JobFeedOptions
  readonly #listeners: Set<Listener> = new Set()
  readonly #waiting: Map<string, NodeJS.Timeout> = new Map()
  readonly #stop: () => void

  constructor(options: JobFeedOptions) {
    this.#options = options
    this.#stop = options.backend.watch((job, change) => {
      if (change === 'removed') return
      if (change === 'checkpoint') return this.progress(job.order.id)
      this.#emit(job)
      this.#tell(job)
    })
  }

  watch(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Something is settled that was not: told with what else comes in the next moment. */
  progress(jobId: string): void {
    if (this.#listeners.size === 0 || this.#waiting.has(jobId)) return
    const tell = (): void => {
      this.#waiting.delete(jobId)
      const job = this.#options.backend.get(jobId)
      if (job?.state === 'running') this.#tell(job)
    }
    this.#waiting.set(jobId, setTimeout(tell, PROGRESS_INTERVAL_MS).unref())
  }

  close(): void {
    this.#stop()
    this.#listeners.clear()
    for (const timer of this.#waiting.values()) clearTimeout(timer)
    this.#waiting.clear()
  }

  #tell(job: JobRecord): void {
    if (this.#listeners.size === 0) return
    const info = this.#options.infoOf(job)
    for (const listener of this.#listeners) listener(job, info)
  }

  #emit({ order, state, problem }: JobRecord): void {
    const { principal: name, role, id: jobId, path, otherPath, range, request } = order
    this.#options.events.emit({
      kind: 'job',
      principal: { name, role },
      jobId,
      jobKind: request.kind,
      path,
      ...(otherPath === undefined ? {} : { otherPath }),
      state,
      range,
      ...(problem === undefined ? {} : { code: problem.code }),
    })
  }
}
