import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import { type ByteRange, type ByteSource, intersect, mergeRanges } from '../shared/index.ts'
import { passing } from '../shared/releasing_cache.ts'
import { entropyOf } from './byte_counts.ts'
import { checkedRange, type ScanRangeOptions } from './options.ts'
import { scannerOf } from './plain_scanner.ts'
import { inOrder, KnownGaps, windowsOf } from './windows.ts'
import { zonesIn } from './zones.ts'

/** Blocks of one native job: it asks for statistics of blocks as well, of which the counts alone are used. */
const BLOCK_BYTE_LENGTH = 1024 ** 2

export interface Histogram {
  /** How often each of the 256 byte values occurs. */
  readonly counts: Float64Array
  /** Bytes counted: those of the range that could be read. */
  readonly byteLength: number
  /** Bits per byte of all of them together, 0 to 8; NaN when there are none. */
  readonly entropy: number
  /** What could not be read and is not counted: sorted, disjoint. */
  readonly unreadable: readonly ByteRange[]
}

/**
 * Counts byte values. Holes of a sparse file are counted without being read.
 *
 * @throws `ERR_RANGE` for a range outside the source, the signal's reason when aborted, and whatever the source rejects with.
 */
export async function histogram(source: ByteSource, options: ScanRangeOptions = {}): Promise<Histogram> {
  assertGiven({ source })
  assertOptions(options)
  const range = checkedRange(source, options.range)
  return await passing(source, options, (passed) => countedIn(passed, range, options))
}

async function countedIn(
  source: ByteSource,
  range: ByteRange,
  { signal, onProgress }: ScanRangeOptions,
): Promise<Histogram> {
  const scanner = scannerOf(source)
  const gaps = new KnownGaps()
  const counts = new Float64Array(256)
  const breather = new Breather()
  const windows = windowsOf(zonesIn(source, range), { byteLength: scanner.windowByteLength, unit: 1, gaps, signal })
  const counted = inOrder(windows, scanner.ahead, async (window) => {
    if (window.kind !== 'data') return { window, stats: undefined }
    const stats = await scanner.byteStats(window, BLOCK_BYTE_LENGTH, { signal })
    gaps.add(stats.unreadable)
    return { window, stats }
  })
  // Of each window by itself: one that was counted before a cut is not lost because a later one found the cut.
  const missing: ByteRange[] = []
  for await (const { window, stats } of counted) {
    if (window.kind === 'lost') missing.push({ start: window.start, end: window.end })
    for (const gap of stats?.unreadable ?? []) missing.push(...intersections(gap, window))
    if (window.kind === 'hole') counts[0] = (counts[0] as number) + window.end - window.start
    for (let value = 0; stats !== undefined && value < 256; value++)
      counts[value] = (counts[value] as number) + (stats.counts[value] as number)
    onProgress?.({ scanned: window.end - range.start, total: range.end - range.start })
    await breather.pause()
    signal?.throwIfAborted()
  }
  const byteLength = counts.reduce((sum, count) => sum + count, 0)
  return { counts, byteLength, entropy: entropyOf(counts), unreadable: mergeRanges(missing) }
}

function intersections(gap: ByteRange, window: ByteRange): ByteRange[] {
  const inside = intersect(gap, window)
  return inside === undefined ? [] : [inside]
}
