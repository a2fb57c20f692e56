import { type ByteRange, search } from '@mapscope/core'
import { ProblemError } from '../../errors.ts'
import type { RowCodec, RowPlace } from '../results/row_codec.ts'
import type { JobKind, RequestOf, ShardTask } from './kind.ts'
import { compiledQuery, mayOverlap } from './search_query.ts'

type Task = ShardTask<RequestOf<'search'>>

/** About a millisecond of rows. */
const ROWS_PER_BREATH = 4_096
const NO_NEEDLE = 0xffff_ffff

/** 16 bytes a hit: a match is shorter than 4 GiB, a list has fewer needles than that. */
const HIT_ROWS: RowCodec = {
  rowByteLength: 16,
  encode: ({ offset, byteLength = 0, which = NO_NEEDLE }, view, at) =>
    encodeHit({ view, at }, offset, byteLength, which),
  encodeHit: (place, offset, byteLength, which) => encodeHit(place, offset, byteLength, which ?? NO_NEEDLE),
  decode: (view, at) => {
    const hit = { offset: view.getFloat64(at, true), byteLength: view.getUint32(at + 8, true) }
    const which = view.getUint32(at + 12, true)
    return which === NO_NEEDLE ? hit : { ...hit, which }
  },
}

function encodeHit({ view, at }: RowPlace, offset: number, byteLength: number, which: number): void {
  view.setFloat64(at, offset, true)
  view.setUint32(at + 8, byteLength, true)
  view.setUint32(at + 12, which, true)
}

export const searchKind: JobKind<RequestOf<'search'>> = {
  check: ({ query, isOverlapping }) => assertSearchable(query, isOverlapping === true),
  rows: () => HIT_ROWS,
  isDescending: ({ direction }) => direction === 'backward',
  // Backward, whether hits overlap is settled from the front. Matches that an alignment does not pick are not told, but the next one may not overlap them.
  cutting: ({ query, direction, alignment = 1 }) => {
    const isPicked = alignment > 1 && compiledQuery(query).kind === 'regexp'
    return direction === 'backward' || isPicked ? 'whole' : { unit: 1 }
  },
  run: runSearch,
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
  let from = carry['from'] ?? 0
  let left = limit - rowCount
  const hits = search(source, query, {
    range,
    ...(isWhole(task) ? {} : { starts: startsOf(task) }),
    direction,
    isOverlapping,
    alignment,
    signal,
    ...(Number.isFinite(left) ? { limit: left } : {}),
    onProgress: ({ scanned, total }) =>
      task.onScanned(Math.floor((scanned / Math.max(1, total)) * (shard.end - shard.start))),
    onUnreadable: (lost) => task.onUnreadable([lost]),
  })
  const isDependent = !mayOverlap(query, isOverlapping)
  for await (const batch of hits) {
    for (let index = 0; index < batch.length; index++) {
      const offset = batch.offsets[index] as number
      const byteLength = batch.byteLengthAt(index)
      task.addHit(offset, byteLength, batch.which?.[index])
      if (isDependent) from = offset + byteLength
      if (index % ROWS_PER_BREATH === 0) await task.breathe()
    }
    left -= batch.length
  }
  return { carry: isDependent ? { from } : {}, isEnough: left <= 0 }
}

function isWhole({ range, shard }: Task): boolean {
  return range.start === shard.start && range.end === shard.end
}
