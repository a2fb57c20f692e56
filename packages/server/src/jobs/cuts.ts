import type { ByteRange, ByteSource, CancelSignal, Extent } from '@mapscope/core'

export interface CutOptions {
  /** Cuts lie a multiple of it behind the start of the range. */
  readonly unit: number
  /** Stored bytes of a shard; holes are free. */
  readonly shardByteLength: number
  readonly signal: CancelSignal
}

/** Longest shard, holes included: a checkpoint after each, also where rows are computed of nothing. */
const MAX_SHARD_BYTE_LENGTH: number = 1024 ** 4

/** Where the shards of a range end: each has about as much to read. The same file gives the same cuts. */
export async function cutsOf(source: ByteSource, range: ByteRange, options: CutOptions): Promise<number[]> {
  const { unit, shardByteLength, signal } = options
  const cuts: number[] = []
  let start = range.start
  let stored = 0
  for await (const extent of source.extents?.(range) ?? allData(range)) {
    signal.throwIfAborted()
    for (let at = Math.max(extent.start, start); at < extent.end; ) {
      const room = Math.min(
        start + MAX_SHARD_BYTE_LENGTH - at,
        extent.kind === 'data' ? shardByteLength - stored : Number.POSITIVE_INFINITY,
      )
      const end = Math.min(extent.end, at + room)
      if (extent.kind === 'data') stored += end - at
      at = end
      if (stored < shardByteLength && at - start < MAX_SHARD_BYTE_LENGTH) continue
      start = range.start + Math.ceil((at - range.start) / unit) * unit
      at = Math.max(at, start)
      stored = 0
      if (start < range.end) cuts.push(start)
    }
  }
  return [...cuts, range.end]
}

async function* allData(range: ByteRange): AsyncGenerator<Extent> {
  yield { ...range, kind: 'data' }
}
