import { assertGiven, assertOptions } from '../../shared/arguments.ts'
import { type ByteRange, type Hit, HitBatch, MapscopeError } from '../../shared/index.ts'
import { decodeBlock, encodeBlock, HITS_PER_BLOCK } from './block_codec.ts'
import { Chunks } from './chunks.ts'
import { GrowingColumn } from './growing_column.ts'
import { PendingHits } from './pending_hits.ts'

export interface HitStoreOptions {
  /** Encoded hits held in memory, in bytes, at least a MiB; more go to a temporary file. Default 32 MiB. */
  readonly memoryByteLength?: number | undefined
}

const DEFAULT_MEMORY_BYTE_LENGTH: number = 32 * 1024 ** 2

/**
 * Hundreds of millions of hits in little memory: one to three bytes each for hits that lie close, as distances in blocks with an index; what does
 * not fit in memory lies on disk. Taken by index or by offset, without decoding what lies between.
 *
 * ```ts
 * using store = await HitStore.collect(search(source, query))
 * console.log(store.length, [...store.page(store.indexOfOffset(caret), 50)])
 * ```
 */
export class HitStore implements Iterable<Hit> {
  readonly #chunks: Chunks
  readonly #pending: PendingHits = new PendingHits(HITS_PER_BLOCK)
  /** For each block, its first hit's offset and its place in the chunks. */
  readonly #firstOffsets: GrowingColumn = new GrowingColumn()
  readonly #positions: GrowingColumn = new GrowingColumn()
  #lastOffset = 0
  #decoded: { readonly block: number; readonly hits: HitBatch } | undefined
  #isClosed = false

  constructor(options: HitStoreOptions = {}) {
    assertOptions(options)
    const { memoryByteLength = DEFAULT_MEMORY_BYTE_LENGTH } = options
    if (!(memoryByteLength >= 0))
      throw new MapscopeError('ERR_ARGUMENT', `memoryByteLength is ${memoryByteLength}; pass a number of bytes.`)
    this.#chunks = new Chunks(memoryByteLength)
  }

  /** Takes all the batches of a forward search. @throws what the search ends with; the hits are let go then. */
  static async collect(batches: AsyncIterable<HitBatch>, options: HitStoreOptions = {}): Promise<HitStore> {
    const store = new HitStore(options)
    assertGiven({ batches })
    try {
      for await (const batch of batches) store.add(batch)
      return store
    } catch (error) {
      store.close()
      throw error
    }
  }

  get length(): number {
    return this.#positions.length * HITS_PER_BLOCK + this.#pending.length
  }

  /** Of the encoded hits, how many bytes lie on disk. */
  get spilledByteLength(): number {
    return this.#chunks.spilledByteLength
  }

  /**
   * Hits go in as a forward search gives them. The batch may be reused.
   *
   * @throws `ERR_ARGUMENT` when one begins before the last one did; `ERR_CLOSED`; `ERR_OS` when the disk is full.
   */
  add(batch: HitBatch): void {
    this.#assertOpen()
    if (!(batch instanceof HitBatch))
      throw new MapscopeError('ERR_ARGUMENT', 'A store takes batches of hits, as a search gives them.')
    this.#assertSorted(batch.offsets)
    for (let start = 0; start < batch.length; ) {
      start += this.#pending.take(batch, start)
      if (this.#pending.isFull) this.#store()
    }
    this.#lastOffset = batch.offsets[batch.length - 1] ?? this.#lastOffset
  }

  /** Up to `count` hits from index `from` on. @throws `ERR_RANGE` for an index that is none; `ERR_CLOSED`. */
  page(from: number, count: number): HitBatch {
    this.#assertOpen()
    assertGiven({ from, count })
    if (![from, count].every((value) => Number.isSafeInteger(value) && value >= 0))
      throw new MapscopeError(
        'ERR_RANGE',
        `A page from ${from} with ${count} hits is none; pass whole numbers from 0 on.`,
      )
    const end = Math.min(this.length, from + count)
    const parts: HitBatch[] = []
    for (let at = from; at < end; ) {
      const block = Math.floor(at / HITS_PER_BLOCK)
      const start = at - block * HITS_PER_BLOCK
      const part = this.#block(block).slice(start, start + end - at)
      parts.push(part)
      at += part.length
    }
    return HitBatch.concat(parts)
  }

  /** How many hits begin before `offset`: the index of the first one that does not. */
  indexOfOffset(offset: number): number {
    this.#assertOpen()
    assertGiven({ offset })
    const block = this.#firstOffsets.countBelow(offset)
    // Hits before `offset` may end in the block before the first that begins at or behind it.
    const isPending = block === this.#firstOffsets.length && (this.#pending.firstOffset ?? offset) < offset
    const last = isPending ? block : block - 1
    if (last < 0) return 0
    return last * HITS_PER_BLOCK + countBelow(this.#block(last).offsets, offset)
  }

  /** How many hits begin in each of `bucketCount` equal parts of a range, as far as whole bytes can be equal. */
  histogram(range: ByteRange, bucketCount: number): Float64Array {
    this.#assertOpen()
    assertGiven({ range, bucketCount })
    const { start, end } = range
    if (!(Number.isSafeInteger(bucketCount) && bucketCount >= 1) || start > end)
      throw new MapscopeError('ERR_ARGUMENT', 'A histogram has at least one bucket over a range that runs forward.')
    const counts = new Float64Array(bucketCount)
    let below = this.indexOfOffset(start)
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const upTo = this.indexOfOffset(boundary({ start, end }, bucket + 1, bucketCount))
      counts[bucket] = upTo - below
      below = upTo
    }
    return counts
  }

  /** All hits in order, in batches. */
  *batches(): Generator<HitBatch> {
    for (let from = 0; from < this.length; from += HITS_PER_BLOCK) yield this.page(from, HITS_PER_BLOCK)
  }

  *[Symbol.iterator](): Iterator<Hit> {
    for (const batch of this.batches()) yield* batch
  }

  /** Idempotent. Memory and disk are given back; every other call throws `ERR_CLOSED` from now on. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#decoded = undefined
    this.#chunks.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #store(): void {
    const hits = this.#pending.batch()
    this.#firstOffsets.push(hits.offsets[0] as number)
    this.#positions.push(this.#chunks.append((target) => encodeBlock(hits, target)))
    this.#pending.clear()
    this.#decoded = undefined
  }

  #block(block: number): HitBatch {
    if (block === this.#positions.length) return this.#pending.batch()
    if (this.#decoded?.block === block) return this.#decoded.hits
    const position = this.#positions.at(block)
    const next = block + 1 < this.#positions.length ? this.#positions.at(block + 1) : this.#chunks.byteLength
    const end = Math.min(next, this.#chunks.limitOf(position))
    const place = { firstOffset: this.#firstOffsets.at(block), count: HITS_PER_BLOCK }
    const hits = decodeBlock(this.#chunks.read(position, end - position), place)
    this.#decoded = { block, hits }
    return hits
  }

  #assertSorted(offsets: Float64Array): void {
    let before = this.#lastOffset
    for (let index = 0; index < offsets.length; index++) {
      const offset = offsets[index] as number
      if (offset < before)
        throw new MapscopeError('ERR_ARGUMENT', `A hit at ${offset} cannot follow one at ${before}; add hits in order.`)
      before = offset
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new MapscopeError('ERR_CLOSED', 'This store of hits was closed; search again.')
  }
}

/** Where part `index` of `count` begins; in two steps, as a range of terabytes times a thousand parts is no exact number. */
function boundary({ start, end }: ByteRange, index: number, count: number): number {
  const byteLength = end - start
  return start + Math.floor(byteLength / count) * index + Math.floor(((byteLength % count) * index) / count)
}

function countBelow(offsets: Float64Array, offset: number): number {
  let low = 0
  let high = offsets.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((offsets[middle] as number) < offset) low = middle + 1
    else high = middle
  }
  return low
}
