import {
  type ByteRange,
  type ByteSource,
  type CacheOptions,
  type CancelSignal,
  MapscopeError,
} from '../shared/index.ts'

/** Bytes that are settled (holes count), of how many. */
export interface ScanProgress {
  readonly scanned: number
  readonly total: number
}

export interface ScanRangeOptions extends CacheOptions {
  /** Default: the whole source. */
  readonly range?: ByteRange | undefined
  readonly signal?: CancelSignal | undefined
  /** Called after each window and at the end; throttling is the caller's. */
  readonly onProgress?: ((progress: ScanProgress) => void) | undefined
}

/** @throws `ERR_RANGE` for one that is not inside the source. */
export function checkedRange(source: ByteSource, range: ByteRange | undefined): ByteRange {
  const { start, end } = range ?? { start: 0, end: source.byteLength }
  const isInside =
    Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= source.byteLength
  if (isInside) return { start, end }
  throw new MapscopeError(
    'ERR_RANGE',
    `Bytes ${start} to ${end} are outside the source; it has ${source.byteLength} bytes.`,
  )
}

/** @throws `ERR_ARGUMENT` for anything but an integer in the range, both ends included. */
export function checkedInteger(name: string, value: number, { least, most }: { least: number; most: number }): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  throw new MapscopeError('ERR_ARGUMENT', `${name} is ${value}; pass an integer from ${least} to ${most}.`)
}
