import type { JobRecord } from './backend.ts'
import { hasEnded } from './fold.ts'
import { kindOf } from './kinds/index.ts'
import type { JobLimits } from './limits.ts'

/** Bytes of rows that a job has on the disk, as far as its shards are done. */
export function resultByteLength(job: JobRecord): number {
  const codec = kindOf(job.order.request).rows?.(job.order.request)
  return job.rowCounts.reduce((sum, count) => sum + count, 0) * (codec?.rowByteLength ?? 0)
}

export interface RetentionOptions extends Pick<JobLimits, 'keepMs' | 'maxTotalByteLength' | 'maxResultByteLength'> {
  readonly nowMs: number
}

/** The jobs to be forgotten: what has ended long ago, and of the rest the oldest, until there is room for another job's rows. */
export function outdated(jobs: readonly JobRecord[], options: RetentionOptions): JobRecord[] {
  const { keepMs, maxTotalByteLength, maxResultByteLength, nowMs } = options
  const mostBytes = Math.max(0, maxTotalByteLength - maxResultByteLength)
  let used = jobs.reduce((sum, job) => sum + resultByteLength(job), 0)
  return jobs
    .filter(hasEnded)
    .sort((a, b) => endOf(a) - endOf(b))
    .filter((job) => {
      const byteLength = resultByteLength(job)
      const isOld = endOf(job) < nowMs - keepMs
      if (!isOld && (used <= mostBytes || byteLength === 0)) return false
      used -= byteLength
      return true
    })
}

function endOf({ endedMs = 0 }: JobRecord): number {
  return endedMs
}
