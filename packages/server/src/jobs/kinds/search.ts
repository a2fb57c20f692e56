import { type ByteRange, countPart, findCut, type HitBatch, isMapscopeError, search } from '@mapscope/core'
import { ProblemError } from '../../errors.ts'
import { HIT_ROWS } from '../results/hit_rows.ts'
import type { CutTask, JobKind, RequestOf, ShardTask } from './kind.ts'
import { compiledQuery, mayOverlap } from './search_query.ts'

type Task = ShardTask<RequestOf<'search'>>

export const searchKind: JobKind<RequestOf<'search'>> = {
  check: ({ query, isOverlapping }) => assertSearchable(query, isOverlapping === true),
  rows: () => HIT_ROWS,
  isDescending: ({ direction }) => direction === 'backward',
  cutting: () => ({ unit: 1 }),
  settle: settledCut,
  run: runSearch,
}

/** How far behind a cut a better place is looked for. Most have one within some bytes; where matches follow one another for so long, they do for ever. */
const SETTLE_BYTE_LENGTH: number = 16 * 1024 ** 2

/**
 * Backward, whether hits overlap is settled from the front: a shard begins where no hit before it matters. Where there is no such place soon, the hits
 * are walked from the shard before, once for all that follow.
 */
async function settledCut(task: CutTask<RequestOf<'search'>>): Promise<number | undefined> {
  const { request, source, range, cut, before, next, signal } = task
  const { direction, isOverlapping = false, alignment = 1 } = request
  const query = compiledQuery(request.query)
  if (direction !== 'backward' || mayOverlap(query, isOverlapping)) return cut
  const onProgress = (): void => task.onProgress()
  const near = { start: cut, end: Math.min(next, cut + SETTLE_BYTE_LENGTH) }
  try {
    const place = await findCut(source, query, { range, starts: near, signal, onProgress })
    if (place !== undefined) return place
    const onUnreadable = (): void => undefined
    const walked = { range, starts: { start: before, end: cut }, alignment, signal, onProgress, onUnreadable }
    return Math.max(cut, (await countPart(source, query, walked)).lastEnd)
  } catch (error) {
    // An expression that meets what cannot be read: the shard in which that lies tells so.
    if (isMapscopeError(error) && error.code === 'ERR_FAULT') return undefined
    throw error
  }
}

/** Where hits of the shard begin: not in the last hit of the shard before, which reaches into it. */
export function startsOf({ shard, carry }: Pick<ShardTask, 'shard' | 'carry'>): ByteRange {
  return { start: Math.min(shard.end, Math.max(shard.start, carry['from'] ?? 0)), end: shard.end }
}

export function assertSearchable(query: RequestOf<'search'>['query'], isOverlapping: boolean): void {
  const compiled = compiledQuery(query)
  if (isOverlapping && compiled.kind === 'regexp' && compiled.characters === undefined)
    throw new ProblemError(
      'ERR_REQUEST',
      'leave out isOverlapping: the matches of expressions, and of gaps of more than one length, do not overlap',
    )
}

async function runSearch(task: Task): ReturnType<JobKind<RequestOf<'search'>>['run']> {
  const { request, source, range, shard, carry, rowCount, signal } = task
  const { direction, isOverlapping = false, alignment = 1, limit = Number.POSITIVE_INFINITY } = request
  const query = compiledQuery(request.query)
  // Of the matches of an expression an alignment picks some; the others keep those behind from beginning, too, so they are to be seen here.
  const pick = query.kind === 'regexp' ? alignment : 1
  const isDependent = direction !== 'backward' && !mayOverlap(query, isOverlapping)
  let from = carry['from'] ?? 0
  let left = limit - rowCount
  const hits = search(source, query, {
    range,
    ...(isWhole(task) ? {} : { starts: startsOf(task) }),
    direction,
    isOverlapping,
    alignment: pick === 1 ? alignment : 1,
    signal,
    ...(Number.isFinite(left) && pick === 1 ? { limit: left } : {}),
    onProgress: ({ scanned, total }) =>
      task.onScanned(Math.floor((scanned / Math.max(1, total)) * (shard.end - shard.start))),
    onUnreadable: (lost) => task.onUnreadable([lost]),
  })
  for await (const batch of hits) {
    const last = batch.length - 1
    if (isDependent) from = (batch.offsets[last] as number) + batch.byteLengthAt(last)
    const picked = pick === 1 ? batch : atMultiplesOf(pick, batch)
    await task.breathe()
    task.addHits(picked.slice(0, left))
    left -= picked.length
    if (left <= 0) break
  }
  return { carry: isDependent ? { from } : {}, isEnough: left <= 0 }
}

function atMultiplesOf(alignment: number, batch: HitBatch): HitBatch {
  const indexes: number[] = []
  for (let index = 0; index < batch.length; index++)
    if ((batch.offsets[index] as number) % alignment === 0) indexes.push(index)
  return batch.pick(indexes)
}

function isWhole({ range, shard }: Task): boolean {
  return range.start === shard.start && range.end === shard.end
}
