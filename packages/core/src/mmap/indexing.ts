import { MapscopeError } from '../shared/index.ts'

/** Where an index points; negative ones count from the end. @throws `ERR_RANGE` outside the map. */
export function resolveIndex(index: number, length: number): number {
  const place = index < 0 ? index + length : index
  if (place >= 0 && place < length) return place
  throw new MapscopeError('ERR_RANGE', `Index ${index} is outside the map; use ${-length} to ${length - 1}.`)
}

/** The places `start`, `start + step`, … (`count` of them) that a slice names. */
export interface SlicePlaces {
  readonly start: number
  readonly step: number
  readonly count: number
}

export interface SliceBounds {
  readonly start: number | undefined
  readonly end: number | undefined
  readonly step: number | undefined
}

/** @throws `ERR_ARGUMENT` for a step of 0. */
export function checkStep(step: number | undefined): number {
  if (step === 0) throw new MapscopeError('ERR_ARGUMENT', 'A step of 0 goes nowhere; use 1 or more, or -1 or less.')
  return step ?? 1
}

/** Python's slices: bounds are clamped, never refused; a negative step walks back from the end. */
export function resolveSlice(bounds: SliceBounds, length: number): SlicePlaces {
  const step = checkStep(bounds.step)
  const isForward = step > 0
  const lowest = isForward ? 0 : -1
  const highest = isForward ? length : length - 1
  const clamp = (place: number): number => Math.min(highest, Math.max(lowest, place < 0 ? place + length : place))
  const start = bounds.start === undefined ? (isForward ? lowest : highest) : clamp(bounds.start)
  const end = bounds.end === undefined ? (isForward ? highest : lowest) : clamp(bounds.end)
  return { start, step, count: Math.max(0, Math.ceil((end - start) / step)) }
}

/** Bounds of a search: negative ones count from the end, both are clamped. Undefined when nothing can lie between them. */
export function resolveBounds(
  start: number | undefined,
  end: number | undefined,
  length: number,
): { readonly start: number; readonly end: number } | undefined {
  const from = fromEnd(start ?? 0, length)
  const to = Math.min(length, fromEnd(end ?? length, length))
  return from > length || to < from ? undefined : { start: from, end: to }
}

function fromEnd(place: number, length: number): number {
  return place < 0 ? Math.max(0, place + length) : place
}

/** A run of the map's bytes, named by where it begins and how long it is. */
export interface MapExtent {
  readonly offset: number
  readonly byteLength: number
}

/** Defaults: from the start, all that follows. Nothing is clamped. @throws `ERR_RANGE` for what is not wholly inside the map. */
export function resolveExtent(offset: number | undefined, byteLength: number | undefined, length: number): MapExtent {
  const from = offset ?? 0
  const count = byteLength ?? length - from
  if (from >= 0 && from <= length && count >= 0 && count <= length - from) return { offset: from, byteLength: count }
  throw new MapscopeError('ERR_RANGE', `${count} bytes at ${from} are outside the map; it has ${length} bytes.`)
}
