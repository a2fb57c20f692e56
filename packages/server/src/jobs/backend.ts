import type { ByteRange, JobRequest, JobState, JobSummary, Problem } from '@mapscope/protocol'
import type { Role } from '../guard/principal.ts'

/** What a kind hands from one shard to the next: where a hit or a string that crosses the edge goes on. Numbers, so that it can be journalled. */
export type Carry = Readonly<Record<string, number>>

/** A job as it was asked for: plain data that any process can take up. */
export interface JobOrder {
  readonly id: string
  readonly principal: string
  readonly role: Role
  readonly clientId: string
  /** By path, as ids of documents do not survive a restart. */
  readonly path: string
  readonly otherPath?: string
  readonly request: JobRequest
  readonly range: ByteRange
  /** The state of the file (and of the other one) that the results are to be of. */
  readonly generation: string
  readonly createdMs: number
}

/** A shard is the bytes between two cuts; results are keyed by (job, shard, generation). */
export interface ShardKey {
  readonly jobId: string
  readonly shard: number
  readonly generation: string
}

/** A shard that is done. Told twice, it counts once. */
export interface ShardResult {
  readonly rowCount: number
  readonly carry: Carry
  /** Of all the shards until now. */
  readonly summary?: JobSummary
  /** What could not be read in this shard. */
  readonly unreadable: readonly ByteRange[]
  /** The file is not what it was; only of live jobs. */
  readonly hasChanged: boolean
  /** Nothing more is wanted of the shards behind. */
  readonly cutBy?: 'limit' | 'space'
}

export type JobEnd =
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly problem: Problem }
  /** With the reason, when it was not somebody's wish. */
  | { readonly state: 'cancelled'; readonly problem?: Problem }

/** All that is known of a job; what a backend holds and a journal can rebuild. */
export interface JobRecord {
  readonly order: JobOrder
  readonly state: JobState
  readonly startedMs: number | undefined
  readonly endedMs: number | undefined
  /** Where each shard ends, in order of the file, also of a job that is worked on from the end; absent until it was planned. */
  readonly cuts: readonly number[] | undefined
  /** Of the shards that are done, in order. */
  readonly rowCounts: readonly number[]
  readonly carry: Carry
  readonly summary: JobSummary | undefined
  readonly unreadable: readonly ByteRange[]
  readonly hasChanged: boolean
  readonly cutBy: 'limit' | 'space' | undefined
  readonly problem: Problem | undefined
}

/** A shard that somebody works on now. Whoever has it ends it with `checkpoint` or `end`. */
export interface Claim {
  readonly key: ShardKey
  readonly job: JobRecord
  /** Aborted when the job was cancelled, or somebody else has the shard. */
  readonly signal: AbortSignal
}

export type JobListener = (job: JobRecord, change: 'submitted' | 'state' | 'checkpoint' | 'removed') => void

/**
 * Where jobs wait and are kept. One in this process now (`local_backend.ts`); a Redis queue per evidence host fits behind it: only orders, cuts and
 * checkpoints pass through here, never bytes and never rows. Work is done at least once: a shard may be claimed again after a crash, and
 * checkpoints are keyed so that the second one changes nothing. See docs/jobs.md.
 */
export interface JobBackend {
  /** Resolves once the order survives a crash. @throws ProblemError `ERR_TOO_MANY`, `ERR_OS`. */
  submit(order: JobOrder): Promise<void>
  /** Tells of every change from now on, until the returned function is called. */
  watch(listener: JobListener): () => void
  /** Ends a job that has not ended; says whether it had not. It is cancelled when this returns, and stays so after a crash once it resolves. */
  cancel(jobId: string, reason?: Problem): Promise<boolean>
  /** The shard whose turn it is, if there is one and the claimant may have it. */
  claim(): Claim | undefined
  /** Says into which shards a claimed job falls. Resolves once that survives a crash. */
  plan(claim: Claim, cuts: readonly number[]): Promise<void>
  /** A shard is done, and its place is free. Resolves once that survives a crash. */
  checkpoint(claim: Claim, result: ShardResult): Promise<void>
  /** Gives a shard back undone: the server is being closed. */
  release(claim: Claim): void
  /** The job is over. */
  end(claim: Claim, end: JobEnd): Promise<void>
  get(jobId: string): JobRecord | undefined
  list(): readonly JobRecord[]
  /** Forgets a job that has ended. */
  remove(jobId: string): Promise<void>
  close(): Promise<void>
}
