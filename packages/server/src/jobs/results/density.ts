import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ByteRange } from '@mapscope/protocol'
import type { RowCodec } from './row_codec.ts'
import { type OffsetReader, openOffsets } from './shard_file.ts'

/** Looked at before others have their turn. */
const TURN_MS = 5
/** Rows that are read at once: where the parts of a range are shorter, each row is read once, and not a dozen times for each part. */
const BLOCK_ROW_COUNT = 1_024

/** Rows of one shard, in the order of their offsets. */
export interface Shard {
  readonly path: string
  readonly rowCount: number
}

export interface DensityOptions {
  readonly shards: readonly Shard[]
  readonly codec: RowCodec
  readonly isDescending: boolean
  readonly range: ByteRange
  readonly buckets: number
}

/** How many rows begin in each of `buckets` equal parts of a range, as far as whole bytes can be equal. A thousand parts of millions of rows take a while: others have their turns. */
export async function densityOf(options: DensityOptions): Promise<number[]> {
  const { shards, codec, isDescending, range, buckets } = options
  const edges = Array.from({ length: buckets + 1 }, (_, index) => edgeOf(range, index, buckets))
  const indexes = edges.map(() => 0)
  let breathedMs = performance.now()
  // Edges whose row is in a later shard.
  let open = edges.map((_, index) => index)
  for (const { path, rowCount } of shards) {
    if (open.length === 0) break
    if (rowCount === 0) continue
    const rows = new Rows(openOffsets(path, codec), rowCount)
    try {
      const later: number[] = []
      for (const at of open) {
        const edge = edges[at] as number
        const before = rows.countBefore((offset) => (isDescending ? offset >= edge : offset < edge))
        indexes[at] = (indexes[at] as number) + before
        if (before === rowCount) later.push(at)
        if (performance.now() - breathedMs < TURN_MS) continue
        await nextTurn()
        breathedMs = performance.now()
      }
      open = later
    } finally {
      rows.close()
    }
  }
  return indexes.slice(1).map((index, bucket) => Math.abs(index - (indexes[bucket] as number)))
}

/** Halves the rows down to a block always at the same places, which it remembers. */
class Rows {
  readonly #reader: OffsetReader
  readonly #rowCount: number
  readonly #known: Map<number, number> = new Map()
  #block: { readonly start: number; readonly offsets: Float64Array } | undefined

  constructor(reader: OffsetReader, rowCount: number) {
    this.#reader = reader
    this.#rowCount = rowCount
  }

  countBefore(isBefore: (offset: number) => boolean): number {
    let low = 0
    let high = this.#rowCount
    while (high - low > BLOCK_ROW_COUNT) {
      const middle = Math.floor((low + high) / 2)
      if (isBefore(this.#offsetAt(middle))) low = middle + 1
      else high = middle
    }
    const { start, offsets } = this.#blockOf(low, high)
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (isBefore(offsets[middle - start] as number)) low = middle + 1
      else high = middle
    }
    return low
  }

  close(): void {
    this.#reader.close()
  }

  #offsetAt(index: number): number {
    const known = this.#known.get(index)
    if (known !== undefined) return known
    const offset = this.#reader.read(index, 1)[0] as number
    this.#known.set(index, offset)
    return offset
  }

  #blockOf(start: number, end: number): { readonly start: number; readonly offsets: Float64Array } {
    const block = this.#block
    if (block?.start === start && block.offsets.length === end - start) return block
    this.#block = { start, offsets: this.#reader.read(start, end - start) }
    return this.#block
  }
}

/** In two steps, as a range of terabytes times a thousand parts is no exact number. */
function edgeOf({ start, end }: ByteRange, index: number, count: number): number {
  const byteLength = end - start
  return start + Math.floor(byteLength / count) * index + Math.floor(((byteLength % count) * index) / count)
}
