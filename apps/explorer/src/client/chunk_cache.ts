import { type ByteRange, intersect } from '@mapscope/core/shared'
import { CHUNK_BYTE_LENGTH } from '@mapscope/protocol'
import { CELL_KNOWN, CELL_UNREAD, CELL_UNREADABLE, type CellBuffer } from '../hexview/grid_bytes.ts'

/** 32 MiB holds 512 chunks: some thousand screens, and a tab that stays small whatever is scrolled through. */
export const CACHE_BYTE_LENGTH: number = 32 * 1024 * 1024

interface Chunk {
  readonly bytes: Uint8Array
  /** One state a byte; absent once every byte is known, which is what nearly all chunks are. */
  states: Uint8Array | undefined
}

export interface ChunkCacheOptions {
  readonly byteLength: number
  readonly maxByteLength?: number
  readonly chunkByteLength?: number
}

/**
 * What is known of a document, on a fixed grid of chunks, bounded in bytes. The least recently shown chunk goes first and the
 * pinned (visible) ones never, even where they alone are more than the bound.
 */
export class ChunkCache {
  readonly chunkByteLength: number
  readonly #maxByteLength: number
  /** In order of use: `Map` keeps insertion order, and using a chunk inserts it anew. */
  readonly #chunks = new Map<number, Chunk>()
  #byteLength: number
  #heldByteLength = 0
  #pinned: ByteRange = { start: 0, end: 0 }

  constructor(options: ChunkCacheOptions) {
    this.#byteLength = options.byteLength
    this.#maxByteLength = options.maxByteLength ?? CACHE_BYTE_LENGTH
    this.chunkByteLength = options.chunkByteLength ?? CHUNK_BYTE_LENGTH
  }

  /** Bytes held, states included. */
  get heldByteLength(): number {
    return this.#heldByteLength
  }

  indexOf(offset: number): number {
    return Math.floor(offset / this.chunkByteLength)
  }

  rangeOf(index: number): ByteRange {
    const start = index * this.chunkByteLength
    return { start, end: Math.min(this.#byteLength, start + this.chunkByteLength) }
  }

  /** The chunks that touch `visible` are kept whatever happens. */
  pin(visible: ByteRange): void {
    this.#pinned = visible
    this.#evict()
  }

  /** The run from the first to the last byte of a chunk that nobody has asked for yet; `undefined` when there is none. */
  missingIn(index: number): ByteRange | undefined {
    const range = this.rangeOf(index)
    if (range.start >= range.end) return undefined
    const chunk = this.#chunks.get(index)
    if (chunk === undefined) return range
    if (chunk.states === undefined) return undefined
    const first = chunk.states.indexOf(CELL_UNREAD)
    if (first < 0) return undefined
    return { start: range.start + first, end: range.start + chunk.states.lastIndexOf(CELL_UNREAD) + 1 }
  }

  /** Fills `into` from `offset`; cells beyond the document are left unread. */
  read(offset: number, length: number, into: CellBuffer): void {
    into.states.fill(CELL_UNREAD, 0, length)
    for (const { index, part } of this.#parts({ start: offset, end: offset + length })) {
      const chunk = this.#use(index)
      if (chunk === undefined) continue
      const from = part.start - index * this.chunkByteLength
      const to = from + part.end - part.start
      into.values.set(chunk.bytes.subarray(from, to), part.start - offset)
      if (chunk.states === undefined) into.states.fill(CELL_KNOWN, part.start - offset, part.end - offset)
      else into.states.set(chunk.states.subarray(from, to), part.start - offset)
    }
  }

  /** Stores true bytes, creating chunks as needed. */
  fill(offset: number, bytes: Uint8Array): void {
    for (const { index, part } of this.#parts({ start: offset, end: offset + bytes.length })) {
      const chunk = this.#create(index)
      const from = part.start - index * this.chunkByteLength
      chunk.bytes.set(bytes.subarray(part.start - offset, part.end - offset), from)
      this.#setStates(index, chunk, part, CELL_KNOWN)
    }
    this.#evict()
  }

  /** Marks what of `range` lies in `within` as impossible to read; `range` may be terabytes long, so it must be bounded. */
  fillUnreadable(range: ByteRange, within: ByteRange): void {
    const bounded = intersect(range, within)
    if (bounded === undefined) return
    for (const { index, part } of this.#parts(bounded)) {
      this.#setStates(index, this.#create(index), part, CELL_UNREADABLE)
    }
    this.#evict()
  }

  /** Replaces bytes where a chunk holds them already; what is not held stays so. */
  patch(offset: number, bytes: Uint8Array): void {
    const range = { start: offset, end: offset + bytes.length }
    for (const { index, part } of this.#parts(range)) {
      const chunk = this.#chunks.get(index)
      if (chunk === undefined) continue
      chunk.bytes.set(bytes.subarray(part.start - offset, part.end - offset), part.start - index * this.chunkByteLength)
      this.#setStates(index, chunk, part, CELL_KNOWN)
    }
  }

  /** Makes bytes unread again. Walks the chunks held, not the range: the range may be the whole of a 15 TiB file. */
  forget(range: ByteRange): void {
    for (const [index, chunk] of this.#chunks) {
      const whole = this.rangeOf(index)
      const part = intersect(range, whole)
      if (part === undefined) continue
      if (part.start === whole.start && part.end === whole.end) this.#drop(index, chunk)
      else this.#setStates(index, chunk, part, CELL_UNREAD)
    }
  }

  /** Forgets everything; the document may have another length now. */
  reset(byteLength: number): void {
    this.#chunks.clear()
    this.#heldByteLength = 0
    this.#byteLength = byteLength
  }

  /** The pieces of `range` chunk by chunk, cut to the document. */
  *#parts(range: ByteRange): Generator<{ index: number; part: ByteRange }> {
    const end = Math.min(range.end, this.#byteLength)
    for (let start = range.start; start < end; ) {
      const index = this.indexOf(start)
      const part = { start, end: Math.min(end, (index + 1) * this.chunkByteLength) }
      yield { index, part }
      start = part.end
    }
  }

  #use(index: number): Chunk | undefined {
    const chunk = this.#chunks.get(index)
    if (chunk === undefined) return undefined
    this.#chunks.delete(index)
    this.#chunks.set(index, chunk)
    return chunk
  }

  #create(index: number): Chunk {
    const present = this.#use(index)
    if (present !== undefined) return present
    const { start, end } = this.rangeOf(index)
    const chunk: Chunk = { bytes: new Uint8Array(end - start), states: new Uint8Array(end - start) }
    this.#chunks.set(index, chunk)
    this.#heldByteLength += sizeOf(chunk)
    return chunk
  }

  #setStates(index: number, chunk: Chunk, part: ByteRange, state: number): void {
    if (chunk.states === undefined && state === CELL_KNOWN) return
    this.#heldByteLength -= sizeOf(chunk)
    const start = index * this.chunkByteLength
    chunk.states ??= new Uint8Array(chunk.bytes.length).fill(CELL_KNOWN)
    chunk.states.fill(state, part.start - start, part.end - start)
    const isAllKnown = !chunk.states.includes(CELL_UNREAD) && !chunk.states.includes(CELL_UNREADABLE)
    if (isAllKnown) chunk.states = undefined
    this.#heldByteLength += sizeOf(chunk)
  }

  #drop(index: number, chunk: Chunk): void {
    this.#chunks.delete(index)
    this.#heldByteLength -= sizeOf(chunk)
  }

  #evict(): void {
    if (this.#heldByteLength <= this.#maxByteLength) return
    for (const [index, chunk] of this.#chunks) {
      if (intersect(this.rangeOf(index), this.#pinned) !== undefined) continue
      this.#drop(index, chunk)
      if (this.#heldByteLength <= this.#maxByteLength) return
    }
  }
}

function sizeOf(chunk: Chunk): number {
  return chunk.bytes.length + (chunk.states?.length ?? 0)
}
