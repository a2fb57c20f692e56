import type { JobInfo } from '@mapscope/protocol'
import type { JobRecord } from './backend.ts'
import { kindOf } from './kinds/index.ts'
import type { ResultShape } from './results/result_store.ts'
import type { ShardRun } from './shard_run.ts'
import { shardOf } from './shards.ts'

/** A job's rows as they are now, those of the shard under way included. */
export function shapeOf(job: JobRecord, run: ShardRun | undefined): ResultShape | undefined {
  const kind = kindOf(job.order.request)
  const codec = kind.rows?.(job.order.request)
  if (codec === undefined) return undefined
  const running = isUnderWay(job, run) ? (run.writer?.rowCount ?? 0) : 0
  const rowCounts = running === 0 ? job.rowCounts : [...job.rowCounts, running]
  const isDescending = kind.isDescending?.(job.order.request) === true
  return { jobId: job.order.id, codec, rowCounts, isDescending }
}

/** Files of a job that was planned long ago may be closed: then the id is of no document. */
const NO_DOCUMENT = 'not-open'

export function infoOf(job: JobRecord, run: ShardRun | undefined, documentId: string = NO_DOCUMENT): JobInfo {
  const { order, cuts, rowCounts, startedMs, endedMs, summary, problem, cutBy } = job
  const total = order.range.end - order.range.start
  const rows = shapeOf(job, run)?.rowCounts ?? []
  return {
    id: order.id,
    kind: order.request.kind,
    documentId,
    path: order.path,
    principal: order.principal,
    state: job.state,
    createdMs: order.createdMs,
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
    range: order.range,
    scanned: job.state === 'done' && cutBy === undefined ? total : scannedOf(job, run),
    total,
    ...(cuts === undefined ? {} : { shards: { done: rowCounts.length, count: cuts.length } }),
    rowCount: rows.reduce((sum, count) => sum + count, 0),
    ...(cutBy === undefined ? {} : { cutBy }),
    unreadable: [...job.unreadable],
    hasChanged: job.hasChanged,
    ...(summary === undefined ? {} : { summary }),
    ...(problem === undefined ? {} : { problem }),
  }
}

function scannedOf(job: JobRecord, run: ShardRun | undefined): number {
  const { order, cuts = [], rowCounts } = job
  const done = rowCounts.reduce((sum, _, shard) => {
    const { start, end } = shardOf(order, cuts, shard)
    return sum + end - start
  }, 0)
  return done + (isUnderWay(job, run) ? run.scanned : 0)
}

/** A run stays for a moment when its shard is done already, and its rows are counted then. */
function isUnderWay({ rowCounts }: JobRecord, run: ShardRun | undefined): run is ShardRun {
  return run?.index === rowCounts.length
}
