import { strings } from '@mapscope/core'
import { PLACE_ROWS } from '../results/row_codec.ts'
import type { JobKind, RequestOf, ShardOutcome, ShardTask } from './kind.ts'

const DEFAULT_MIN_LENGTH = 4
/** A character has at most so many bytes. */
const CHARACTER_BYTE_LENGTH = 4
/** A character may be cut by the end of a shard, and its string then seems to end that much before. */
const EDGE_BYTE_LENGTH = 8

export const stringsKind: JobKind<RequestOf<'strings'>> = {
  rows: () => PLACE_ROWS,
  cutting: () => ({ unit: 1 }),
  run: runStrings,
}

/**
 * A string that touches the end of its shard is left to the next one, which begins where it does. That one also looks again at as many bytes as a
 * string that is too short to be told may have; what ends before `told` was told.
 */
async function runStrings(task: ShardTask<RequestOf<'strings'>>): Promise<ShardOutcome> {
  const { request, source, range, shard, carry, signal } = task
  const { encoding = 'ascii', minLength = DEFAULT_MIN_LENGTH } = request
  const told = carry['told'] ?? 0
  const start = carry['from'] ?? shard.start
  const isLast = shard.end === range.end
  const toTell = isLast ? Number.POSITIVE_INFINITY : shard.end - EDGE_BYTE_LENGTH
  const again = minLength * CHARACTER_BYTE_LENGTH + EDGE_BYTE_LENGTH
  let from = Math.max(start, shard.end - again)
  const looked = { start, end: shard.end }
  const onProgress = ({ scanned }: { scanned: number }): void =>
    task.onScanned(Math.max(0, start + scanned - shard.start))
  for await (const page of strings(source, { encoding, minLength, range: looked, signal, onProgress })) {
    task.onUnreadable(page.unreadable)
    const { bounds } = page
    await task.breathe()
    for (let at = 0; at < bounds.length; at += 2) {
      const offset = bounds[at] as number
      const byteLength = bounds[at + 1] as number
      const end = offset + byteLength
      if (end > toTell) from = Math.min(from, offset)
      else if (end > told) task.add({ offset, byteLength })
    }
  }
  return { carry: { from, told: toTell === Number.POSITIVE_INFINITY ? range.end : toTell } }
}
