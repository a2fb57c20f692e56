import { Breather } from '../shared/event_loop.ts'
import type { ByteRange, ByteSource, RunsWindow, WindowRuns, WindowScanner } from '../shared/index.ts'
import { checkedInteger, type ScanRangeOptions } from './options.ts'
import { scannerOf } from './plain_scanner.ts'
import { ToldGaps } from './told_gaps.ts'
import { KnownGaps } from './windows.ts'
import type { Zone } from './zones.ts'

/** Runs that one job gives back before the next goes on: 1 MiB of numbers. */
const RUNS_PER_JOB = 65_536
const DEFAULT_PAGE_LENGTH = 4096

export interface PagedOptions extends ScanRangeOptions {
  /** Most items of one page. Default 4096. */
  readonly pageLength?: number | undefined
}

/** Some results, in order, and what came to be known as unreadable since the page before. A page without items may tell of that alone. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly unreadable: readonly ByteRange[]
}

export interface FoundRun extends ByteRange {
  readonly value: number
  readonly isHole: boolean
}

export interface RunSeries {
  readonly source: ByteSource
  readonly range: ByteRange
  readonly zones: AsyncIterable<Zone>
  readonly options: ScanRangeOptions
  search(scanner: WindowScanner, window: RunsWindow): Promise<WindowRuns>
}

/** Either of some runs, in order, and what cannot be read. Many at once, as each step of an asynchronous generator takes a microsecond. */
export type RunEvent = { readonly runs: readonly FoundRun[] } | { readonly unreadable: readonly ByteRange[] }

/** The same as a scanner gives it: numbers, and no object for each run. */
export type WindowEvent =
  | { readonly found: WindowRuns }
  | { readonly hole: ByteRange }
  | { readonly unreadable: readonly ByteRange[] }

/**
 * Runs in order, one window after the other, since where one begins only the windows before can tell.
 */
export async function* runSeries(series: RunSeries): AsyncGenerator<WindowEvent> {
  const { source, range, zones, options } = series
  const { signal, onProgress } = options
  const scanner = scannerOf(source)
  const breather = new Breather()
  const gaps = new KnownGaps()
  const settled = (end: number): void => onProgress?.({ scanned: end - range.start, total: range.end - range.start })
  for await (const zone of zones) {
    signal?.throwIfAborted()
    if (zone.kind === 'hole') yield { hole: { start: zone.start, end: zone.end } }
    let resume: readonly number[] | undefined
    for (let at = zone.start; zone.kind === 'data' && at < zone.end; ) {
      const end = Math.min(zone.end, at + scanner.windowByteLength)
      const window = { range: { start: at, end }, isEnd: end === zone.end, resume, limit: RUNS_PER_JOB }
      const result = await series.search(scanner, window)
      signal?.throwIfAborted()
      if (result.runs.length > 0) yield { found: result }
      if (result.unreadable.length > 0) {
        gaps.add(result.unreadable)
        yield { unreadable: result.unreadable }
      }
      const next = Math.min(zone.end, gaps.endOf(result.scannedTo))
      resume = next > result.scannedTo ? undefined : result.resume
      at = next
      settled(at)
      await breather.pause()
      signal?.throwIfAborted()
    }
    settled(zone.end)
  }
}

/** With a loop: `Array.from` over a length looks up a property of it for each, which takes as long as all else. */
export function foundRuns({ runs, values }: WindowRuns): FoundRun[] {
  const found: FoundRun[] = []
  for (let at = 0; at < runs.length; at += 2) {
    const start = runs[at] as number
    found.push({ start, end: start + (runs[at + 1] as number), value: values[at / 2] ?? 0, isHole: false })
  }
  return found
}

export function checkedPageLength(pageLength: number | undefined): number {
  return checkedInteger('pageLength', pageLength ?? DEFAULT_PAGE_LENGTH, { least: 1, most: 2 ** 24 })
}

/** Events as pages. What is unreadable is told once, clipped to the range. */
export async function* pagesOf<T>(
  events: AsyncIterable<RunEvent>,
  { range, pageLength }: { readonly range: ByteRange; readonly pageLength?: number | undefined },
  itemOf: (run: FoundRun) => T,
): AsyncGenerator<Page<T>> {
  const most = checkedPageLength(pageLength)
  const gaps = new ToldGaps(range)
  let items: T[] = []
  const page = (): Page<T> => ({ items, unreadable: gaps.take() })
  for await (const event of events) {
    if ('unreadable' in event) {
      gaps.add(event.unreadable)
      continue
    }
    for (const run of event.runs) {
      if (items.push(itemOf(run)) < most) continue
      yield page()
      items = []
    }
  }
  const last = page()
  if (last.items.length > 0 || last.unreadable.length > 0) yield last
}
