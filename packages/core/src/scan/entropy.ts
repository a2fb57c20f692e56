import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import type { BlockSeries, ByteRange, ByteSource } from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { emptySeries, zeroSeries } from './block_series.ts'
import { checkedInteger, checkedRange, type ScanRangeOptions } from './options.ts'
import { scannerOf } from './plain_scanner.ts'
import { inOrder, KnownGaps, type Window, windowsOf } from './windows.ts'
import { zonesIn } from './zones.ts'

export interface EntropyOptions extends ScanRangeOptions {
  /** 1 to 2^32 - 1. Default 64 KiB. Blocks are counted from the start of the range; the last may be shorter. */
  readonly blockByteLength?: number | undefined
}

/** Blocks that follow each other, from `offset` on. Bytes that could not be read count in none. */
export interface BlockBatch extends BlockSeries {
  readonly offset: number
  readonly byteLength: number
  readonly blockByteLength: number
  readonly unreadable: readonly ByteRange[]
}

const DEFAULT_BLOCK_BYTE_LENGTH = 65_536

/** Most blocks of one batch: 2 MiB of numbers. */
const BATCH_BLOCKS = 65_536

/**
 * Entropy, byte classes, least and greatest byte of each block of a range, in order, in batches. Holes of a sparse file are told without
 * being read, unless a block is only partly in one.
 *
 * @throws `ERR_RANGE` for a range outside the source, `ERR_ARGUMENT` for a block length that cannot be, the signal's reason when aborted,
 *   and whatever the source rejects with.
 */
export async function* entropy(source: ByteSource, options: EntropyOptions = {}): AsyncGenerator<BlockBatch> {
  assertGiven({ source })
  assertOptions(options)
  const unit = options.blockByteLength ?? DEFAULT_BLOCK_BYTE_LENGTH
  const blockByteLength = checkedInteger('blockByteLength', unit, { least: 1, most: 2 ** 32 - 1 })
  const range = checkedRange(source, options.range)
  yield* passingAll(source, options, (passed) => blocksIn(passed, { range, blockByteLength }, options))
}

async function* blocksIn(
  source: ByteSource,
  { range, blockByteLength }: { readonly range: ByteRange; readonly blockByteLength: number },
  { signal, onProgress }: EntropyOptions,
): AsyncGenerator<BlockBatch> {
  const unit = blockByteLength
  const scanner = scannerOf(source)
  const gaps = new KnownGaps()
  const breather = new Breather()
  const blocks = Math.max(1, Math.min(BATCH_BLOCKS, Math.floor(scanner.windowByteLength / unit)))
  const zones = zonesIn(source, range, { unit })
  const windows = windowsOf(zones, { byteLength: blocks * unit, unit, gaps, signal })
  const batches = inOrder(batchesOf(windows, unit), scanner.ahead, async (window): Promise<BlockBatch> => {
    const place = { offset: window.start, byteLength: window.end - window.start, blockByteLength }
    if (window.kind === 'hole') return { ...place, ...zeroSeries(place.byteLength, unit), unreadable: [] }
    if (window.kind === 'lost') return { ...place, ...lostSeries(window, unit), unreadable: gaps.within(window) }
    const { counts: _, ...series } = await scanner.byteStats(window, unit, { signal })
    gaps.add(series.unreadable)
    return { ...place, ...series, unreadable: gaps.within(window) }
  })
  for await (const batch of batches) {
    yield batch
    onProgress?.({ scanned: batch.offset + batch.byteLength - range.start, total: range.end - range.start })
    await breather.pause()
    signal?.throwIfAborted()
  }
}

function lostSeries({ start, end }: ByteRange, unit: number): BlockSeries {
  return emptySeries(Math.ceil((end - start) / unit))
}

/** A hole may be of any length; a batch may not. */
async function* batchesOf(windows: AsyncIterable<Window>, unit: number): AsyncGenerator<Window> {
  for await (const { kind, start, end } of windows) {
    for (let at = start; at < end; at += BATCH_BLOCKS * unit)
      yield { kind, start: at, end: Math.min(end, at + BATCH_BLOCKS * unit) }
  }
}
