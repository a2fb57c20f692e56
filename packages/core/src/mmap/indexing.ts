import type { NativeMapping } from '@mapscope/native'
import { MapscopeError } from '../shared/index.ts'
import { allocate } from '../source/native_jobs.ts'

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

/** Python's slices: bounds are clamped, never refused; a negative step walks back from the end. */
export function resolveSlice(
  bounds: { readonly start: number | undefined; readonly end: number | undefined; readonly step: number | undefined },
  length: number,
): SlicePlaces {
  const step = bounds.step ?? 1
  if (step === 0) throw new MapscopeError('ERR_ARGUMENT', 'A step of 0 goes nowhere; use 1 or more, or -1 or less.')
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

/** Bytes looked through at once when a step leaves some of them out. */
const BLOCK_BYTE_LENGTH = 1_048_576
/** From this step on single bytes are fetched: a block would mostly hold what nobody asked for. */
const SPARSE_STEP = 4096

/** Copies the places out of the map, whatever the step. */
export function copySlice(native: NativeMapping, { start, step, count }: SlicePlaces): Uint8Array {
  const bytes = allocate(count)
  if (step === 1) native.copyOut(start, bytes)
  else if (Math.abs(step) >= SPARSE_STEP) for (let n = 0; n < count; n++) bytes[n] = native.getByte(start + n * step)
  else copyStrided(native, { start, step, count }, bytes)
  return bytes
}

function copyStrided(native: NativeMapping, { start, step, count }: SlicePlaces, bytes: Uint8Array): void {
  const perBlock = Math.floor(BLOCK_BYTE_LENGTH / Math.abs(step))
  const block = new Uint8Array(Math.min(count, perBlock) * Math.abs(step))
  for (let done = 0; done < count; done += perBlock) {
    const here = Math.min(perBlock, count - done)
    const first = start + done * step
    const last = first + (here - 1) * step
    const low = Math.min(first, last)
    native.copyOut(low, block.subarray(0, Math.abs(last - first) + 1))
    for (let n = 0; n < here; n++) bytes[done + n] = block[first + n * step - low] as number
  }
}
