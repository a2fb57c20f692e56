import type { ByteRange } from '../shared/index.ts'
import { type Zone, type ZoneRequest, zonesOf } from '../shared/search/zones.ts'
import type { EngineLimits } from './limits.ts'

export interface SegmentRequest extends ZoneRequest {
  readonly limits: EngineLimits
  readonly windowByteLength: number
  /** How long a window may be, as far as is known by now, for its hits to fit into one answer. */
  readonly fittingByteLength: () => number
  /** Takes off the near end of a run what need not be looked at. */
  readonly leap: (rest: ByteRange) => ByteRange
}

/**
 * The zones cut to what one job takes, in the order of the direction. Neighbours with little between them become one: a file of many small
 * extents would else cost a job for each.
 */
export async function* segmentsOf(request: SegmentRequest): AsyncGenerator<Zone> {
  const windows = new Windows(request)
  let run: ByteRange | undefined
  for await (const zone of zonesOf(request)) {
    const gap = run === undefined ? Number.POSITIVE_INFINITY : gapBetween(run, zone)
    const isJoined = gap <= request.limits.joinByteLength && isShort(zone, request.limits)
    if (run !== undefined && isJoined) {
      run = { start: Math.min(run.start, zone.start), end: Math.max(run.end, zone.end) }
    } else {
      if (run !== undefined) yield* windows.all(run)
      run = undefined
      if (zone.kind === 'match') yield zone
      else run = zone
    }
    if (run !== undefined) run = yield* windows.full(run)
  }
  if (run !== undefined) yield* windows.all(run)
}

function gapBetween(a: ByteRange, b: ByteRange): number {
  return Math.max(a.start, b.start) - Math.min(a.end, b.end)
}

/** Zeros that are known to match are cheaper computed than scanned when there are many. */
function isShort({ kind, start, end }: Zone, { joinByteLength }: EngineLimits): boolean {
  return kind === 'scan' || end - start <= joinByteLength
}

class Windows {
  readonly #request: SegmentRequest
  #byteLength: number

  constructor(request: SegmentRequest) {
    this.#request = request
    this.#byteLength = Math.min(request.limits.firstByteLength, request.windowByteLength)
  }

  /** Whole windows, and gives back what is left of the run. */
  *full(run: ByteRange): Generator<Zone, ByteRange | undefined> {
    let rest = this.#request.leap(run)
    while (rest.end - rest.start >= this.#fitting()) {
      const window = this.#cut(rest)
      yield window
      rest = this.#without(rest, window)
    }
    return rest.start < rest.end ? rest : undefined
  }

  *all(run: ByteRange): Generator<Zone> {
    const rest = yield* this.full(run)
    if (rest !== undefined) yield { kind: 'scan', start: rest.start, end: rest.end }
  }

  #fitting(): number {
    return Math.min(this.#byteLength, this.#request.fittingByteLength())
  }

  #cut({ start, end }: ByteRange): Zone {
    const byteLength = this.#fitting()
    this.#byteLength = Math.min(2 * this.#byteLength, this.#request.windowByteLength)
    return this.#request.direction === 'forward'
      ? { kind: 'scan', start, end: Math.min(end, start + byteLength) }
      : { kind: 'scan', start: Math.max(start, end - byteLength), end }
  }

  #without(rest: ByteRange, window: ByteRange): ByteRange {
    const left =
      this.#request.direction === 'forward'
        ? { start: window.end, end: rest.end }
        : { start: rest.start, end: window.start }
    return this.#request.leap(left)
  }
}
