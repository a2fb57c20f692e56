import type { ByteRange, ByteSource } from '../../shared/index.ts'

/** Starts of matches: in a hole, an expression that begins there sees zeros and nothing else; other zones must be read. */
export interface Zone extends ByteRange {
  readonly kind: 'read' | 'zeros'
}

export interface ZoneRequest {
  /** All the bytes that are searched. */
  readonly range: ByteRange
  /** Where matches may begin. */
  readonly starts: ByteRange
  /** How far an expression sees before a start, and from it on. */
  readonly behind: number
  readonly ahead: number
  /** A shorter stretch of zeros is read like all else. */
  readonly minZeros: number
}

/** The zones of `starts`, in order and without gaps. */
export async function* zonesOf(source: ByteSource, request: ZoneRequest): AsyncGenerator<Zone> {
  const { starts } = request
  let at = starts.start
  for await (const hole of holesOf(source, request)) {
    const zeros = zerosIn(hole, at, request)
    if (zeros === undefined) continue
    if (at < zeros.start) yield { kind: 'read', start: at, end: zeros.start }
    yield zeros
    at = zeros.end
  }
  if (at < starts.end) yield { kind: 'read', start: at, end: starts.end }
}

/** Holes around the starts, touching ones joined. */
async function* holesOf(source: ByteSource, { range, starts, behind, ahead }: ZoneRequest): AsyncGenerator<ByteRange> {
  if (source.extents === undefined || starts.start >= starts.end) return
  const around = { start: Math.max(range.start, starts.start - behind), end: Math.min(range.end, starts.end + ahead) }
  let pending: ByteRange | undefined
  for await (const { kind, start, end } of source.extents(around)) {
    if (kind === 'data') continue
    if (pending !== undefined && pending.end === start) {
      pending = { start: pending.start, end }
      continue
    }
    if (pending !== undefined) yield pending
    pending = { start, end }
  }
  if (pending !== undefined) yield pending
}

function zerosIn(
  hole: ByteRange,
  at: number,
  { range, starts, behind, ahead, minZeros }: ZoneRequest,
): Zone | undefined {
  const start = Math.max(at, starts.start, hole.start + behind)
  // The end of all is seen by `$`, so it is read.
  const end = Math.min(starts.end, Math.min(hole.end, range.end - 1) - ahead)
  return end - start >= minZeros ? { kind: 'zeros', start, end } : undefined
}
