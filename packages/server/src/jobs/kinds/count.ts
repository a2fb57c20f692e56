import { countPart } from '@mapscope/core'
import type { JobKind, RequestOf } from './kind.ts'
import { assertSearchable, startsOf } from './search.ts'
import { compiledQuery } from './search_query.ts'

/** Counts of shards add up: each counts the hits that begin in it, from where the last hit of the one before ended. */
export const countKind: JobKind<RequestOf<'count'>> = {
  check: ({ query, isOverlapping }) => assertSearchable(query, isOverlapping === true),
  cutting: () => ({ unit: 1 }),
  run: async (task) => {
    const { request, source, range, shard, carry, summary, signal } = task
    const { alignment = 1, isOverlapping = false } = request
    const { count, lastEnd } = await countPart(source, compiledQuery(request.query), {
      range,
      starts: startsOf(task),
      alignment,
      isOverlapping,
      signal,
      onProgress: ({ scanned, total }) => task.onScanned(partOf(shard.end - shard.start, scanned, total)),
      onUnreadable: (lost) => task.onUnreadable([lost]),
    })
    const before = summary?.kind === 'count' ? summary.count : 0
    return {
      carry: { from: Math.max(carry['from'] ?? 0, lastEnd) },
      summary: { kind: 'count', count: before + count },
    }
  },
}

function partOf(byteLength: number, scanned: number, total: number): number {
  return Math.floor((scanned / Math.max(1, total)) * byteLength)
}
