import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import { type ByteRange, type ByteSource, type Extent, MapscopeError, type WindowRuns } from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { checkedRange } from './options.ts'
import { PlainScanner, scannerOf } from './plain_scanner.ts'
import { foundRuns, type Page, type PagedOptions, pagesOf, type RunEvent } from './run_series.ts'
import { joined } from './runs.ts'
import { inOrder, KnownGaps, type Window, windowsOf } from './windows.ts'
import { extentsIn, shapedZones } from './zones.ts'

export type DifferencesOptions = PagedOptions

/** Runs of one job before the next goes on in the same window. */
const RUNS_PER_JOB = 65_536

/**
 * Where two sources differ at the same offset: longest ranges in which every byte differs, in order, in pages. What only the longer one has
 * is a difference. Bytes that either cannot give are in `unreadable` and in no range. Memory is bounded by a few windows.
 *
 * @throws `ERR_RANGE` for a range outside the longer source, the signal's reason when aborted, and whatever the sources reject with.
 */
export async function* differences(
  source: ByteSource,
  other: ByteSource,
  options: DifferencesOptions = {},
): AsyncGenerator<Page<ByteRange>> {
  assertGiven({ source, other })
  assertOptions(options)
  const longer = source.byteLength >= other.byteLength ? source : other
  const range = checkedRange(longer, options.range)
  const events = joined(
    passingAll(source, options, (passed) =>
      passingAll(other, options, (passedOther) =>
        differingRuns({ source: passed, other: passedOther, range, options }),
      ),
    ),
  )
  yield* pagesOf(events, { range, pageLength: options.pageLength }, ({ start, end }) => ({ start, end }))
}

interface Comparison {
  readonly source: ByteSource
  readonly other: ByteSource
  readonly range: ByteRange
  readonly options: DifferencesOptions
}

async function* differingRuns({ source, other, range, options }: Comparison): AsyncGenerator<RunEvent> {
  const { signal, onProgress } = options
  const total = range.end - range.start
  const end = Math.max(range.start, Math.min(range.end, source.byteLength, other.byteLength))
  const common = { start: range.start, end }
  const scanner = scannerOf(source)
  const breather = new Breather()
  const gaps = new KnownGaps()
  const compare = (piece: ByteRange): Promise<WindowRuns> =>
    scanner.differences({ other, range: piece, limit: RUNS_PER_JOB }, { signal }) ??
    new PlainScanner(source).differences({ other, range: piece, limit: RUNS_PER_JOB }, { signal })
  const zones = shapedZones(commonExtents(source, other, common), common, {})
  const byteLength = windowByteLength(source, other)
  const windows = windowsOf(zones, { byteLength, unit: 1, gaps, signal })
  const compared = inOrder(windows, scanner.ahead, async (window: Window) => {
    const result = window.kind === 'data' ? await compare(window) : undefined
    if (result !== undefined) gaps.add(result.unreadable)
    return { window, result }
  })
  for await (const { window, result } of compared) {
    for (let rest = result; rest !== undefined; ) {
      yield* eventsOf(rest)
      rest = rest.scannedTo < window.end ? await compare({ start: rest.scannedTo, end: window.end }) : undefined
      signal?.throwIfAborted()
    }
    onProgress?.({ scanned: window.end - range.start, total })
    await breather.pause()
    signal?.throwIfAborted()
  }
  signal?.throwIfAborted()
  if (common.end < range.end) yield { runs: [{ start: common.end, end: range.end, value: 0, isHole: false }] }
  onProgress?.({ scanned: total, total })
}

function windowByteLength(source: ByteSource, other: ByteSource): number {
  return Math.min(scannerOf(source).windowByteLength, scannerOf(other).windowByteLength)
}

function* eventsOf(found: WindowRuns): Generator<RunEvent> {
  if (found.runs.length > 0) yield { runs: foundRuns(found) }
  if (found.unreadable.length > 0) yield { unreadable: found.unreadable }
}

/** A hole where both have one; data where either has some. */
async function* commonExtents(source: ByteSource, other: ByteSource, range: ByteRange): AsyncGenerator<Extent> {
  const [mine, theirs] = [extentsIn(source, range), extentsIn(other, range)].map((extents) =>
    extents[Symbol.asyncIterator](),
  ) as [AsyncIterator<Extent>, AsyncIterator<Extent>]
  let own = await mine.next()
  let others = await theirs.next()
  for (let at = range.start; at < range.end; ) {
    if (own.done === true || others.done === true)
      throw new MapscopeError('ERR_RANGE', `The source tells of no extent at ${at}; extents must cover the range.`)
    const end = Math.min(own.value.end, others.value.end)
    const kind = own.value.kind === 'hole' && others.value.kind === 'hole' ? 'hole' : 'data'
    yield { kind, start: at, end }
    at = end
    if (own.value.end === end) own = await mine.next()
    if (others.value.end === end) others = await theirs.next()
  }
}
