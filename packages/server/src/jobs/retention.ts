import type { JobRecord } from './backend.ts'
import { hasEnded } from './fold.ts'
import { kindOf } from './kinds/index.ts'
import type { JobLimits } from './limits.ts'

/** Bytes of rows that a job has on the disk, as far as its shards are done. */
export function resultByteLength(job: JobRecord): number {
  const codec = kindOf(job.order.request).rows?.(job.order.request)
  return job.rowCounts.reduce((sum, count) => sum + count, 0) * (codec?.rowByteLength ?? 0)
}

/** Roughly what a request takes in memory and in the journal. */
export function requestLength({ order: { request } }: Pick<JobRecord, 'order'>): number {
  return REQUEST_LENGTH + ('query' in request ? request.query.text.length : 0)
}

const REQUEST_LENGTH = 512

type RetentionLimits = Pick<
  JobLimits,
  'keepMs' | 'maxTotalByteLength' | 'maxResultByteLength' | 'maxKeptPerPrincipal' | 'maxKeptRequestLength'
>

export interface RetentionOptions extends RetentionLimits {
  readonly nowMs: number
}

/**
 * The jobs to be forgotten: what has ended long ago, what a principal has beyond the most that are kept for one, and of the rest the oldest, until there is
 * room for another job's rows.
 */
export function outdated(jobs: readonly JobRecord[], options: RetentionOptions): JobRecord[] {
  const { keepMs, maxTotalByteLength, maxResultByteLength, nowMs } = options
  const mostBytes = Math.max(0, maxTotalByteLength - maxResultByteLength)
  const surplus = surplusOf(jobs, options)
  let used = jobs.reduce((sum, job) => sum + resultByteLength(job), 0)
  return jobs
    .filter(hasEnded)
    .sort((a, b) => endOf(a) - endOf(b))
    .filter((job) => {
      const byteLength = resultByteLength(job)
      const isOld = endOf(job) < nowMs - keepMs || surplus.has(job)
      if (!isOld && (used <= mostBytes || byteLength === 0)) return false
      used -= byteLength
      return true
    })
}

/** Of each principal only its own, or one could make another's go. */
function surplusOf(jobs: readonly JobRecord[], limits: RetentionLimits): ReadonlySet<JobRecord> {
  const { maxKeptPerPrincipal, maxKeptRequestLength } = limits
  const kept = new Map<string, { count: number; length: number }>()
  const latestFirst = jobs.filter(hasEnded).sort((a, b) => endOf(b) - endOf(a))
  const surplus = latestFirst.filter((job) => {
    const own = kept.get(job.order.principal) ?? { count: 0, length: 0 }
    own.count++
    own.length += requestLength(job)
    kept.set(job.order.principal, own)
    return own.count > maxKeptPerPrincipal || own.length > maxKeptRequestLength
  })
  return new Set(surplus)
}

function endOf({ endedMs = 0 }: JobRecord): number {
  return endedMs
}
