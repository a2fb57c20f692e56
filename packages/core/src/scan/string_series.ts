import type { ByteRange, WindowRuns } from '../shared/index.ts'
import { joinedRuns } from './joined_runs.ts'
import {
  RUN_MARGIN,
  RUN_UNIT,
  RUNS_PER_JOB,
  type RunSeries,
  RunTurn,
  runSeries,
  type WindowEvent,
} from './run_series.ts'
import { inOrder } from './windows.ts'
import type { Zone } from './zones.ts'

export interface StringSeries extends RunSeries {
  /** Fewest characters of a string. */
  readonly minLength: number
}

/** A part of a zone, or all of a hole. */
interface Stretch extends ByteRange {
  readonly zone: Zone
  /** Worth a search before its turn. */
  readonly isAhead: boolean
}

/** The stretch, and what a search found that did not know of anything before. */
interface Searched {
  readonly stretch: Stretch
  readonly result: WindowRuns | undefined
}

/**
 * Runs of characters in order, windows of them searched side by side where the scanner can tell a window's first run however short it is.
 * What that cannot settle is searched again in its turn: a window with unreadable bytes. What has more runs than an answer holds goes on
 * in its turn, for memory's sake.
 */
export async function* stringSeries(series: StringSeries): AsyncGenerator<WindowEvent> {
  const turn = new RunTurn(series)
  const { stringsByteLength, ahead } = turn.scanner
  if (stringsByteLength === undefined) return yield* runSeries(series)
  const stretches = stretchesOf(series, { byteLength: stringsByteLength, turn })
  const searched = inOrder(stretches, ahead, async (stretch) => ({ stretch, result: await search(stretch) }))

  async function search({ zone, start, end, isAhead }: Stretch): Promise<WindowRuns | undefined> {
    if (!isAhead) return undefined
    const isEnd = end === zone.end
    const range = { start, end: isEnd ? end : end + RUN_MARGIN }
    return await series.search(turn.scanner, { range, isEnd, resume: undefined, limit: RUNS_PER_JOB })
  }

  for await (const { stretch, result } of searched) {
    series.options.signal?.throwIfAborted()
    yield* inTurn(turn, { stretch, result }, series.minLength)
  }
}

async function* inTurn(turn: RunTurn, { stretch, result }: Searched, minLength: number): AsyncGenerator<WindowEvent> {
  const { zone, start, end } = stretch
  if (zone.kind === 'hole') return yield* turn.passZone(zone)
  if (start === zone.start) turn.enter(zone)
  if (result !== undefined && turn.at === start && result.unreadable.length === 0) {
    const { across, next } = joinedRuns({ open: turn.resume ?? [], edge: start, next: result, minLength })
    if (across.length > 0) yield { found: { ...result, runs: Float64Array.from(across) } }
    yield* turn.take(next, zone)
  }
  yield* turn.passTo(end, zone)
}

async function* stretchesOf(
  { zones, options }: RunSeries,
  { byteLength, turn }: { readonly byteLength: number; readonly turn: RunTurn },
): AsyncGenerator<Stretch> {
  for await (const zone of zones) {
    options.signal?.throwIfAborted()
    if (zone.kind === 'hole') yield { zone, start: zone.start, end: zone.end, isAhead: false }
    for (let at = zone.start; zone.kind === 'data' && at < zone.end; ) {
      const skipped = Math.max(turn.gaps.endOf(at), at + lagOf(turn, at, zone))
      const isAhead = skipped === at
      const end = isAhead ? at + byteLength : skipped
      const isLast = end + RUN_MARGIN >= zone.end
      yield { zone, start: at, end: isLast ? zone.end : end, isAhead }
      at = isLast ? zone.end : end
    }
  }
}

/** Behind unreadable bytes the windows of the search in turn begin elsewhere: how far `at` has to move to be one of their beginnings. */
function lagOf(turn: RunTurn, at: number, zone: Zone): number {
  if (turn.at <= zone.start || turn.at >= zone.end) return 0
  return (((turn.at - at) % RUN_UNIT) + RUN_UNIT) % RUN_UNIT
}
