import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteRange, ByteSource } from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { checkedInteger, checkedRange } from './options.ts'
import {
  type FoundRun,
  foundRuns,
  type Page,
  type PagedOptions,
  pagesOf,
  type RunEvent,
  runSeries,
  type WindowEvent,
} from './run_series.ts'
import { zonesIn } from './zones.ts'

export interface RunsOptions extends PagedOptions {
  /** Fewest bytes of a run, at least 2. Default 64. */
  readonly minByteLength?: number | undefined
}

/** One byte again and again. */
export interface EqualRun extends ByteRange {
  readonly value: number
}

/**
 * Runs of one repeated byte, in order, in pages. Holes of a sparse file are runs of zeros, one with the zeros around them, and are not read.
 *
 * @throws `ERR_RANGE` for a range outside the source, `ERR_ARGUMENT` for a length that cannot be, the signal's reason when aborted, and
 *   whatever the source rejects with.
 */
export async function* runs(source: ByteSource, options: RunsOptions = {}): AsyncGenerator<Page<EqualRun>> {
  assertGiven({ source })
  assertOptions(options)
  const { signal } = options
  const minByteLength = checkedInteger('minByteLength', options.minByteLength ?? 64, { least: 2, most: 2 ** 32 - 1 })
  const range = checkedRange(source, options.range)
  const events = passingAll(source, options, (passed) =>
    runSeries({
      source: passed,
      range,
      // With so much of a hole, the zeros beside it are long enough to be told, and touch what is left of it.
      zones: zonesIn(passed, range, { margin: minByteLength }),
      options,
      search: (scanner, window) => scanner.equalRuns({ ...window, minByteLength }, { signal }),
    }),
  )
  const long = longEnough(joined(withHoles(events)), minByteLength)
  yield* pagesOf(long, { range, pageLength: options.pageLength }, ({ start, end, value }) => ({ start, end, value }))
}

/** A hole is a run of zeros. */
async function* withHoles(events: AsyncIterable<WindowEvent>): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if ('hole' in event) yield { runs: [{ ...event.hole, value: 0, isHole: true }] }
    else yield 'found' in event ? { runs: foundRuns(event.found) } : event
  }
}

/** Runs of the same byte that touch, as one. */
export async function* joined(events: AsyncIterable<RunEvent>): AsyncGenerator<RunEvent> {
  let last: FoundRun | undefined
  for await (const event of events) {
    if (!('runs' in event)) {
      yield event
      continue
    }
    const ended: FoundRun[] = []
    for (const run of event.runs) {
      if (last !== undefined && last.end === run.start && last.value === run.value) {
        last = { ...last, end: run.end }
        continue
      }
      if (last !== undefined) ended.push(last)
      last = run
    }
    if (ended.length > 0) yield { runs: ended }
  }
  if (last !== undefined) yield { runs: [last] }
}

async function* longEnough(events: AsyncIterable<RunEvent>, minByteLength: number): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if ('runs' in event) yield { runs: event.runs.filter(({ start, end }) => end - start >= minByteLength) }
    else yield event
  }
}
