import type { ByteRange } from '../range.ts'
import type { ByteSource, Extent, SearchDirection } from '../source.ts'
import type { SearchLimits } from './limits.ts'

/**
 * A run of places where a match may start: `scan` must be looked at, `match` is known to match at each of its places (zeros
 * looked for inside a hole). Places that are in no zone cannot match.
 */
export interface Zone extends ByteRange {
  readonly kind: 'scan' | 'match'
}

export interface NeedleShape {
  /** Of the longest match. */
  readonly byteLength: number
  /** Whether bytes that are all zero match, at each place. */
  readonly isAllZero: boolean
  /** Whether some matches are shorter. Default false. */
  readonly isVariable?: boolean | undefined
}

export interface ZoneRequest {
  readonly source: ByteSource
  readonly shape: NeedleShape
  /** Places where a match may start; the bytes looked at reach one needle, less one, beyond the end. */
  readonly starts: ByteRange
  /** …but not beyond this, when it is given. */
  readonly byteEnd?: number | undefined
  readonly direction: SearchDirection
  readonly limits: SearchLimits
}

/** The zones of `starts` in the order of the direction: disjoint, none empty, touching ones of one kind joined. */
export function zonesOf(request: ZoneRequest): AsyncGenerator<Zone> {
  return request.direction === 'forward' ? forwardZones(request, request.starts) : backwardZones(request)
}

async function* forwardZones(request: ZoneRequest, starts: ByteRange): AsyncGenerator<Zone> {
  let pending: Zone | undefined
  for await (const extent of joinedExtents(request, starts)) {
    for (const zone of zonesIn(extent, request.shape, starts)) {
      if (pending?.kind === zone.kind && zone.start <= pending.end) {
        pending = { kind: pending.kind, start: pending.start, end: Math.max(pending.end, zone.end) }
      } else {
        if (pending !== undefined) yield pending
        pending = zone
      }
    }
  }
  if (pending !== undefined) yield pending
}

/**
 * Extents only come forward, so the range is walked in pieces from its end and each piece's zones are turned round. A piece with
 * too many zones to hold is thrown away and tried again at half its length.
 */
async function* backwardZones(request: ZoneRequest): AsyncGenerator<Zone> {
  const { starts, limits } = request
  let pieceLength = limits.pieceByteLength
  let end = starts.end
  while (end > starts.start) {
    const start = Math.max(starts.start, end - pieceLength)
    const zones = await collectZones(request, { start, end })
    if (zones === undefined) {
      pieceLength = Math.ceil(pieceLength / 2)
      continue
    }
    yield* zones.reverse()
    end = start
  }
}

async function collectZones(request: ZoneRequest, piece: ByteRange): Promise<Zone[] | undefined> {
  const { zonesHeld, windowByteLength } = request.limits
  const isDivisible = piece.end - piece.start > windowByteLength
  const zones: Zone[] = []
  for await (const zone of forwardZones(request, piece)) {
    zones.push(zone)
    if (isDivisible && zones.length > zonesHeld) return undefined
  }
  return zones
}

/** The source's extents under `starts`, neighbours of one kind joined: a needle may lie across two holes that touch. */
async function* joinedExtents(
  { source, shape, byteEnd = Number.POSITIVE_INFINITY }: ZoneRequest,
  starts: ByteRange,
): AsyncGenerator<Extent> {
  const range = { start: starts.start, end: Math.min(byteEnd, starts.end + shape.byteLength - 1) }
  if (source.extents === undefined) {
    yield { kind: 'data', ...range }
    return
  }
  let pending: Extent | undefined
  for await (const extent of source.extents(range)) {
    if (pending?.kind === extent.kind) {
      pending = { kind: extent.kind, start: pending.start, end: extent.end }
    } else {
      if (pending !== undefined) yield pending
      pending = extent
    }
  }
  if (pending !== undefined) yield pending
}

/**
 * Data: every place whose match would touch it, which is a needle less one before it. Hole: every place whose match would lie
 * wholly inside it; such a match is certain for zeros and impossible for anything else. Behind those, before the hole's end, only the
 * shorter matches fit, if there are any: they are looked for, in the few bytes that these are.
 */
function zonesIn(extent: Extent, shape: NeedleShape, starts: ByteRange): Zone[] {
  const reach = shape.byteLength - 1
  if (extent.kind === 'data') return clipped('scan', extent.start - reach, extent.end, starts)
  if (!shape.isAllZero) return []
  const matching = clipped('match', extent.start, extent.end - reach, starts)
  if (shape.isVariable !== true) return matching
  return [...matching, ...clipped('scan', Math.max(extent.start, extent.end - reach), extent.end, starts)]
}

function clipped(kind: Zone['kind'], from: number, to: number, starts: ByteRange): Zone[] {
  const start = Math.max(from, starts.start)
  const end = Math.min(to, starts.end)
  return start < end ? [{ kind, start, end }] : []
}
