import { BACKEND_LIMITS, type BackendLimits } from './local_backend.ts'

export interface JobLimits extends BackendLimits {
  /** Stored bytes of a file that one shard has; holes are free. */
  readonly shardByteLength: number
  /** Rows on disk: of one job, and of all. */
  readonly maxResultByteLength: number
  readonly maxTotalByteLength: number
  /** How long a job that has ended is kept. */
  readonly keepMs: number
  /** Ended jobs that are kept for one principal, and what their requests take (a list of needles has up to 4 MiB): those without rows are bounded by nothing else. */
  readonly maxKeptPerPrincipal: number
  readonly maxKeptRequestLength: number
  /** A shard that settles nothing for so long is given up: an expression may go back and forth over a few bytes for ever. */
  readonly patienceMs: number
}

const GIB: number = 1024 ** 3

export const JOB_LIMITS: JobLimits = {
  ...BACKEND_LIMITS,
  shardByteLength: 2 * GIB,
  maxResultByteLength: 2 * GIB,
  maxTotalByteLength: 16 * GIB,
  keepMs: 7 * 24 * 60 * 60_000,
  maxKeptPerPrincipal: 1_000,
  maxKeptRequestLength: 16 * 1024 ** 2,
  patienceMs: 5 * 60_000,
}
