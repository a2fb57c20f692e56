import { intersect, mergeRanges } from '@mapscope/core/shared'
import { type ByteRange, WATCH_BLOCK_BYTE_LENGTH } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import { differingRuns } from './differing.ts'

const BLOCK = WATCH_BLOCK_BYTE_LENGTH
/** 16 MiB of copies for a document, compared five times a second in 10 ms each (measured; in turns of 512 KiB). */
const MAX_BLOCK_COUNT = 4_096
/** What is read and compared in one go. */
const RUN_BLOCK_COUNT = 16

interface Block {
  /** The bytes as they were told last; those that could not be read are 0. Absent until they were read for the first time. */
  bytes: Uint8Array | undefined
  unreadable: readonly ByteRange[]
  watcherCount: number
}

/** Bytes of a document as they are now, to be compared with those told last. */
export interface ReadRun {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly unreadable: readonly ByteRange[]
}

/**
 * A copy of what anybody watches of one document, in blocks that all its watchers share: a store through another process's mapping shows
 * nowhere but in the bytes themselves.
 */
export class WatchedBytes {
  readonly #blocks: Map<number, Block> = new Map()
  #sorted: readonly number[] | undefined

  get isEmpty(): boolean {
    return this.#blocks.size === 0
  }

  /** Counts a watcher of these ranges in, until the returned function is called. @throws ProblemError `ERR_TOO_MANY`. */
  hold(ranges: readonly ByteRange[]): () => void {
    const indices = blocksOf(ranges)
    const added = indices.filter((index) => !this.#blocks.has(index)).length
    if (this.#blocks.size + added > MAX_BLOCK_COUNT) {
      const most = MAX_BLOCK_COUNT * BLOCK
      throw new ProblemError('ERR_TOO_MANY', `at most ${most} bytes of a document are watched, by all together`)
    }
    for (const index of indices) {
      const block = this.#blocks.get(index)
      if (block === undefined) this.#blocks.set(index, { bytes: undefined, unreadable: [], watcherCount: 1 })
      else block.watcherCount++
    }
    this.#sorted = undefined
    return () => this.#letGo(indices.splice(0))
  }

  /** What is watched, in runs short enough to be read at once; with `isNew`, only what was never read. */
  runs(byteLength: number, isNew = false): ByteRange[] {
    this.#sorted ??= [...this.#blocks.keys()].sort((a, b) => a - b)
    const runs: { start: number; end: number }[] = []
    for (const index of this.#sorted) {
      if (isNew && this.#blocks.get(index)?.bytes !== undefined) continue
      const range = { start: index * BLOCK, end: Math.min(byteLength, (index + 1) * BLOCK) }
      if (range.start >= range.end) continue
      const last = runs.at(-1)
      const isJoined = last?.end === range.start && range.end - last.start <= RUN_BLOCK_COUNT * BLOCK
      if (last !== undefined && isJoined) last.end = range.end
      else runs.push(range)
    }
    return runs
  }

  /** Takes bytes in and says which of them are others than before. What was never read before differs from nothing. */
  take({ offset, bytes, unreadable }: ReadRun): ByteRange[] {
    const differing: ByteRange[] = []
    for (let at = 0; at < bytes.length; at += BLOCK) {
      const block = this.#blocks.get((offset + at) / BLOCK)
      if (block === undefined) continue
      const range = { start: offset + at, end: offset + Math.min(bytes.length, at + BLOCK) }
      const gaps = unreadable.map((gap) => intersect(gap, range)).filter((gap) => gap !== undefined)
      differing.push(...renew(block, { offset: range.start, bytes: bytes.subarray(at, at + BLOCK), unreadable: gaps }))
    }
    return mergeRanges(differing)
  }

  /** Bytes that we stored ourselves, and tell as an edit. */
  patch(offset: number, bytes: Uint8Array): void {
    const edited = { start: offset, end: offset + bytes.length }
    for (let index = Math.floor(offset / BLOCK); index * BLOCK < edited.end; index++) {
      const block = this.#blocks.get(index)?.bytes
      const part = intersect(edited, { start: index * BLOCK, end: (index + 1) * BLOCK })
      if (block === undefined || part === undefined) continue
      block.set(bytes.subarray(part.start - offset, part.end - offset), part.start - index * BLOCK)
    }
  }

  /** Nothing is known of the bytes any more: another file is there. */
  forget(): void {
    for (const block of this.#blocks.values()) {
      block.bytes = undefined
      block.unreadable = []
    }
  }

  /** A copy of what was told last of a range; only what is watched, was read and can be, in order. */
  copies(range: ByteRange): { readonly offset: number; readonly bytes: Uint8Array }[] {
    const copies: { offset: number; bytes: Uint8Array }[] = []
    for (let index = Math.floor(range.start / BLOCK); index * BLOCK < range.end; index++) {
      const block = this.#blocks.get(index)
      if (block?.bytes === undefined || block.unreadable.length > 0) continue
      const start = index * BLOCK
      const part = intersect(range, { start, end: start + block.bytes.length })
      if (part === undefined) continue
      copies.push({ offset: part.start, bytes: block.bytes.slice(part.start - start, part.end - start) })
    }
    return copies
  }

  #letGo(indices: readonly number[]): void {
    for (const index of indices) {
      const block = this.#blocks.get(index)
      if (block !== undefined && --block.watcherCount === 0) this.#blocks.delete(index)
    }
    this.#sorted = undefined
  }
}

function blocksOf(ranges: readonly ByteRange[]): number[] {
  const indices = new Set<number>()
  for (const { start, end } of ranges)
    for (let index = Math.floor(start / BLOCK); index * BLOCK < end; index++) indices.add(index)
  return [...indices]
}

function renew(block: Block, { offset, bytes, unreadable }: ReadRun): ByteRange[] {
  const before = block.bytes
  const isSame = before !== undefined && unreadable.length === 0 && block.unreadable.length === 0
  if (isSame && before.length === bytes.length && Buffer.compare(before, bytes) === 0) return []
  // Not slice: a Buffer's gives a view.
  const copy = new Uint8Array(bytes)
  for (const gap of unreadable) copy.fill(0, gap.start - offset, gap.end - offset)
  const gapsBefore = block.unreadable
  block.bytes = copy
  block.unreadable = unreadable
  if (before === undefined || before.length !== copy.length) return []
  const differing = differingRuns(before, copy, offset)
  const isSameGaps = JSON.stringify(gapsBefore) === JSON.stringify(unreadable)
  return isSameGaps ? differing : [...differing, ...gapsBefore, ...unreadable]
}
