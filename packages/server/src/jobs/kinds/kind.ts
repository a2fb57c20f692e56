import type { ByteRange, ByteSource, HitBatch } from '@mapscope/core'
import type { DocumentInfo, JobKindName, JobRequest, JobRow, JobSummary } from '@mapscope/protocol'
import type { Role } from '../../guard/principal.ts'
import type { Carry } from '../backend.ts'
import type { RowCodec } from '../results/row_codec.ts'

export type RequestOf<Kind extends JobKindName> = Extract<JobRequest, { kind: Kind }>

/** The document that a shard is of, in the state it is in. */
export interface ShardDocument {
  readonly id: string
  readonly path: string
  readonly revision: number
  readonly generation: string
  /** Bytes that edits have stored since the server opened it. */
  readonly storedByteLength: number
  /** How the file that the path names differs from this. */
  readonly disk: DocumentInfo['disk']
}

/** One shard of a job: what to look at, and where what is found goes. */
export interface ShardTask<Request extends JobRequest = JobRequest> {
  readonly request: Request
  readonly document: ShardDocument
  readonly source: ByteSource
  /** Of a comparison. */
  readonly other: ByteSource | undefined
  /** Of the whole job. */
  readonly range: ByteRange
  /** The part of it that is this shard's: rows that begin here. */
  readonly shard: ByteRange
  /** From the shard before. */
  readonly carry: Carry
  /** From the shards before. */
  readonly summary: JobSummary | undefined
  /** Rows of the shards before. */
  readonly rowCount: number
  readonly signal: AbortSignal
  /** Throws when there is no room for more: let it through. */
  add(row: JobRow): void
  /** The same for codecs that have `encodeHits`. */
  addHits(hits: HitBatch): void
  /** To be awaited before every some thousand rows: lets other requests and jobs in when it is time, and ends a job that was cancelled. */
  breathe(): Promise<void>
  /** Bytes of the shard that are settled. */
  onScanned(byteLength: number): void
  onUnreadable(ranges: readonly ByteRange[]): void
}

export interface ShardOutcome {
  readonly carry?: Carry
  /** Of all shards until now. */
  readonly summary?: JobSummary
  /** No more rows are wanted. */
  readonly isEnough?: boolean
}

/** A cut that was planned by length alone. */
export interface CutTask<Request extends JobRequest = JobRequest> {
  readonly request: Request
  readonly source: ByteSource
  /** Of the whole job. */
  readonly range: ByteRange
  readonly cut: number
  /** The cut before, which is where it is to be, or the range's start. */
  readonly before: number
  /** The planned cut behind, or the range's end. */
  readonly next: number
  readonly signal: AbortSignal
  /** To be called now and then: who settles nothing for long is given up. */
  onProgress(): void
}

/** How a kind may be cut: not at all, or anywhere that lies a multiple of `unit` behind the start of the range. */
export type Cutting = 'whole' | { readonly unit: number }

/** One kind of job. One more: a file beside this one, a row in `index.ts`, a variant in the protocol. */
export interface JobKind<Request extends JobRequest = JobRequest> {
  /** The least role that may ask for it, and for whom it goes on. Default: `view`. */
  readonly role?: Role
  /** What the schema cannot see. @throws ProblemError `ERR_REQUEST` with what to change. */
  check?(request: Request): void
  /** Of its rows; absent for kinds without. */
  rows?(request: Request): RowCodec
  /** Its rows come last first, and so do its shards. */
  isDescending?(request: Request): boolean
  cutting(request: Request): Cutting
  /**
   * Where a cut has to be so that the shard behind can be worked on without knowing the one before, as last-first kinds do; `undefined`: there is no such place
   * before the next cut, so this one is left out.
   */
  settle?(task: CutTask<Request>): Promise<number | undefined>
  /** Its result is true of the state it names, whatever the file becomes meanwhile. */
  readonly isOfAnyState?: true
  run(task: ShardTask<Request>): Promise<ShardOutcome>
}
