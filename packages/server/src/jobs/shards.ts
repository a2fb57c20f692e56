import type { ByteRange } from '@mapscope/protocol'
import type { JobOrder } from './backend.ts'
import { kindOf } from './kinds/index.ts'

/** The bytes of a shard, by its place in the order of the work: from the front, or of kinds whose rows come last first from the end. Cuts are in order of the file. */
export function shardOf({ range, request }: JobOrder, cuts: readonly number[], shard: number): ByteRange {
  const isDescending = kindOf(request).isDescending?.(request) === true
  const index = isDescending ? cuts.length - 1 - shard : shard
  return { start: index === 0 ? range.start : (cuts[index - 1] as number), end: cuts[index] as number }
}
