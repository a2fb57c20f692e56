import type { ByteRange, ByteSource, Extent } from '../shared/index.ts'

/** A run of bytes to look at, or one that is known to be zeros. */
export type Zone = Extent

export interface ZoneShape {
  /** Zones to look at begin and end at multiples of it, counted from the start of the range: no block lies in two zones. */
  readonly unit?: number | undefined
  /** …and take so many bytes of the holes on both sides with them, for what crosses the edge. */
  readonly margin?: number | undefined
}

/** A hole shorter than this is read: it takes less time than a job of its own. */
const SHORTEST_HOLE = 65_536

/** The range in order and without gaps. Two zones of the same kind never follow each other. */
export async function* zonesIn(source: ByteSource, range: ByteRange, shape: ZoneShape = {}): AsyncGenerator<Zone> {
  yield* shapedZones(extentsIn(source, range), range, shape)
}

/** A source without extents is all data. */
export function extentsIn(source: ByteSource, range: ByteRange): AsyncIterable<Extent> {
  return source.extents?.(range) ?? allData(range)
}

async function* allData(range: ByteRange): AsyncGenerator<Extent> {
  if (range.start < range.end) yield { kind: 'data', ...range }
}

/** Extents made into zones: widened, and joined where little lies between. */
export async function* shapedZones(
  extents: AsyncIterable<Extent>,
  range: ByteRange,
  { unit = 1, margin = 0 }: ZoneShape,
): AsyncGenerator<Zone> {
  let data: ByteRange | undefined
  let at = range.start
  for await (const extent of extents) {
    if (extent.kind === 'hole') continue
    const wide = widened(extent, range, { unit, margin })
    if (data === undefined) {
      data = wide.start - range.start < SHORTEST_HOLE ? { start: range.start, end: wide.end } : wide
    } else if (wide.start - data.end < SHORTEST_HOLE) {
      data = { start: data.start, end: Math.max(data.end, wide.end) }
    } else {
      if (at < data.start) yield { kind: 'hole', start: at, end: data.start }
      yield { kind: 'data', ...data }
      at = data.end
      data = wide
    }
  }
  if (data !== undefined) {
    if (at < data.start) yield { kind: 'hole', start: at, end: data.start }
    yield { kind: 'data', ...data }
    at = data.end
  }
  if (at < range.end) yield { kind: 'hole', start: at, end: range.end }
}

function widened(data: ByteRange, range: ByteRange, { unit, margin }: { unit: number; margin: number }): ByteRange {
  const start = Math.max(0, data.start - margin - range.start)
  const end = data.end + margin - range.start
  return {
    start: range.start + Math.floor(start / unit) * unit,
    end: Math.min(range.end, range.start + Math.ceil(end / unit) * unit),
  }
}
