import { mergeRanges } from '@mapscope/core/shared'
import type { JobEnd, JobOrder, JobRecord, ShardKey, ShardResult } from './backend.ts'

/** One line of the journal. A new kind of line, or a member that older servers would misread, is a new version. */
export type JournalEntry =
  | { readonly t: 'order'; readonly order: JobOrder }
  | { readonly t: 'start'; readonly id: string; readonly ms: number }
  | { readonly t: 'plan'; readonly id: string; readonly generation: string; readonly cuts: readonly number[] }
  | { readonly t: 'shard'; readonly key: ShardKey; readonly result: ShardResult }
  | { readonly t: 'end'; readonly id: string; readonly end: JobEnd; readonly ms: number }
  | { readonly t: 'remove'; readonly id: string }

/** Ranges kept of what could not be read. A failing disk may have millions. */
const MAX_UNREADABLE = 1_024

/** What the journal says of its jobs, one entry after the other. Entries that repeat or come too late change nothing. */
export function fold(jobs: Map<string, JobRecord>, entry: JournalEntry): void {
  if (entry.t === 'order') {
    if (!jobs.has(entry.order.id)) jobs.set(entry.order.id, newRecord(entry.order))
    return
  }
  const id = entry.t === 'shard' ? entry.key.jobId : entry.id
  const job = jobs.get(id)
  if (job === undefined) return
  if (entry.t === 'remove') jobs.delete(id)
  else jobs.set(id, folded(job, entry))
}

type Change = Exclude<JournalEntry, { t: 'order' } | { t: 'remove' }>

function folded(job: JobRecord, entry: Change): JobRecord {
  if (hasEnded(job)) return job
  switch (entry.t) {
    case 'start':
      return { ...job, state: 'running', startedMs: job.startedMs ?? entry.ms }
    case 'plan':
      return entry.generation === job.order.generation && job.cuts === undefined ? { ...job, cuts: entry.cuts } : job
    case 'shard':
      return isNext(job, entry.key) ? withShard(job, entry.result) : job
    case 'end': {
      const problem = entry.end.state === 'done' ? undefined : entry.end.problem
      return { ...job, state: entry.end.state, problem, endedMs: entry.ms }
    }
  }
}

export function hasEnded({ state }: JobRecord): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled'
}

/** A second telling of the same shard, or one of another state of the file, counts for nothing. */
export function isNext(job: JobRecord, { shard, generation }: ShardKey): boolean {
  return shard === job.rowCounts.length && generation === job.order.generation
}

function withShard(job: JobRecord, result: ShardResult): JobRecord {
  return {
    ...job,
    rowCounts: [...job.rowCounts, result.rowCount],
    carry: result.carry,
    summary: result.summary ?? job.summary,
    unreadable: mergeRanges([...job.unreadable, ...result.unreadable]).slice(0, MAX_UNREADABLE),
    hasChanged: job.hasChanged || result.hasChanged,
    cutBy: result.cutBy,
  }
}

function newRecord(order: JobOrder): JobRecord {
  return {
    order,
    state: 'queued',
    startedMs: undefined,
    endedMs: undefined,
    cuts: undefined,
    rowCounts: [],
    carry: {},
    summary: undefined,
    unreadable: [],
    hasChanged: false,
    cutBy: undefined,
    problem: undefined,
  }
}

/** The fewest entries that come to the same job: what a journal is rewritten with. */
export function unfold(job: JobRecord): JournalEntry[] {
  const { order, startedMs, endedMs, cuts, rowCounts } = job
  const { id, generation } = order
  const entries: JournalEntry[] = [{ t: 'order', order }]
  if (startedMs !== undefined) entries.push({ t: 'start', id, ms: startedMs })
  if (cuts !== undefined) entries.push({ t: 'plan', id, generation, cuts })
  for (const [shard, rowCount] of rowCounts.entries()) {
    const isLast = shard === rowCounts.length - 1
    entries.push({
      t: 'shard',
      key: { jobId: id, shard, generation },
      result: isLast ? lastResult(job, rowCount) : { rowCount, carry: {}, unreadable: [], hasChanged: false },
    })
  }
  const end = endOf(job)
  if (end !== undefined) entries.push({ t: 'end', id, end, ms: endedMs ?? 0 })
  return entries
}

function endOf({ state, problem }: JobRecord): JobEnd | undefined {
  if (state === 'done') return { state }
  if (state === 'cancelled') return { state, ...(problem === undefined ? {} : { problem }) }
  return state === 'failed' && problem !== undefined ? { state, problem } : undefined
}

function lastResult(job: JobRecord, rowCount: number): ShardResult {
  const { carry, unreadable, hasChanged, summary, cutBy } = job
  return {
    rowCount,
    carry,
    unreadable,
    hasChanged,
    ...(summary === undefined ? {} : { summary }),
    ...(cutBy === undefined ? {} : { cutBy }),
  }
}
