import { Breather } from '../shared/event_loop.ts'
import type { ByteRange, ByteSource, RunsWindow, WindowRuns, WindowScanner } from '../shared/index.ts'
import { checkedInteger, type ScanRangeOptions } from './options.ts'
import { scannerOf } from './plain_scanner.ts'
import { ToldGaps } from './told_gaps.ts'
import { KnownGaps } from './windows.ts'
import type { Zone } from './zones.ts'

/** Runs that one job gives back before the next goes on: 2 MiB of numbers. */
export const RUNS_PER_JOB = 131_072
/** A native search ends a multiple of it from where it began, and so many bytes before what it was given, but for the end of all. */
export const RUN_UNIT = 4096
/** Bytes behind a place that may have to be known to say what is there. */
export const RUN_MARGIN = 3
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

/** Runs in order, one window after the other, since where one begins only the windows before can tell. */
export async function* runSeries(series: RunSeries): AsyncGenerator<WindowEvent> {
  const { zones, options } = series
  const turn = new RunTurn(series)
  for await (const zone of zones) {
    options.signal?.throwIfAborted()
    yield* turn.passZone(zone)
  }
}

/** Where a search for runs stands: in order, and with what is open there. */
export class RunTurn {
  readonly scanner: WindowScanner
  readonly gaps: KnownGaps = new KnownGaps()
  readonly #series: RunSeries
  readonly #breather: Breather = new Breather()
  #at = 0
  #resume: readonly number[] | undefined

  constructor(series: RunSeries) {
    this.#series = series
    this.scanner = scannerOf(series.source)
  }

  get at(): number {
    return this.#at
  }

  /** What is open there, if anything is known of it. */
  get resume(): readonly number[] | undefined {
    return this.#resume
  }

  enter(zone: Zone): void {
    this.#at = zone.start
    this.#resume = undefined
  }

  async *passZone(zone: Zone): AsyncGenerator<WindowEvent> {
    this.enter(zone)
    if (zone.kind === 'hole') yield { hole: { start: zone.start, end: zone.end } }
    else yield* this.passTo(zone.end, zone)
    this.#settle(zone.end)
  }

  /** Window by window as far as `end`, or farther: by less than RUN_UNIT. */
  async *passTo(end: number, zone: Zone): AsyncGenerator<WindowEvent> {
    while (this.#at < end) {
      const wholeEnd = this.#at + Math.ceil((end - this.#at) / RUN_UNIT) * RUN_UNIT + RUN_MARGIN
      const windowEnd = Math.min(zone.end, wholeEnd, this.#at + this.scanner.windowByteLength)
      const window = { start: this.#at, end: windowEnd }
      const isEnd = windowEnd === zone.end
      const wanted = { range: window, isEnd, resume: this.#resume, limit: RUNS_PER_JOB }
      const result = await this.#series.search(this.scanner, wanted)
      this.#series.options.signal?.throwIfAborted()
      yield* this.take(result, zone)
    }
  }

  /** What was found from here on. */
  async *take(result: WindowRuns, zone: Zone): AsyncGenerator<WindowEvent> {
    if (result.runs.length > 0) yield { found: result }
    if (result.unreadable.length > 0) {
      this.gaps.add(result.unreadable)
      yield { unreadable: result.unreadable }
    }
    const next = Math.min(zone.end, this.gaps.endOf(result.scannedTo))
    this.#resume = next > result.scannedTo ? undefined : result.resume
    this.#at = next
    this.#settle(next)
    await this.#breather.pause()
    this.#series.options.signal?.throwIfAborted()
  }

  #settle(end: number): void {
    const { range, options } = this.#series
    options.onProgress?.({ scanned: end - range.start, total: range.end - range.start })
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
