import { type ByteRange, intersect } from '../range.ts'
import type { ByteSource, Chunk, ScanOptions, ScanResult, SearchDirection } from '../source.ts'
import { type LiteralFinder, literalFinder } from './literal.ts'

/** First (backward: last) match wholly inside a range that is short enough to hold in memory. */
export type WindowSearch = (range: ByteRange, options: ScanOptions) => Promise<ScanResult>

/** The source's own search when it has one; else reading the window and searching the bytes. */
export function windowSearch(source: ByteSource, needle: Uint8Array, direction: SearchDirection): WindowSearch {
  const { findIn } = source
  if (findIn !== undefined) return (range, options) => findIn.call(source, needle, range, direction, options)
  const finder = literalFinder(needle, direction)
  return async (range, options) => {
    const chunk = await source.read(range.start, range.end - range.start, options)
    return { offset: findInChunk(chunk, finder, direction), unreadable: chunk.unreadable }
  }
}

/** Searches each readable stretch by itself: bytes on both sides of an unreadable one are not neighbours. */
function findInChunk(chunk: Chunk, finder: LiteralFinder, direction: SearchDirection): number {
  const stretches = readableStretches(chunk)
  if (direction === 'backward') stretches.reverse()
  for (const { start, end } of stretches) {
    const found = finder(chunk.bytes, { start: start - chunk.offset, end: end - chunk.offset })
    if (found >= 0) return chunk.offset + found
  }
  return -1
}

/** What of a chunk was read, in order, in source offsets. */
export function readableStretches(chunk: Chunk): ByteRange[] {
  const whole = { start: chunk.offset, end: chunk.offset + chunk.bytes.length }
  const stretches: ByteRange[] = []
  let start = whole.start
  for (const gap of chunk.unreadable) {
    const inside = intersect(gap, whole)
    if (inside === undefined) continue
    if (start < inside.start) stretches.push({ start, end: inside.start })
    start = inside.end
  }
  if (start < whole.end) stretches.push({ start, end: whole.end })
  return stretches
}
