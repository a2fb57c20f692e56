import { type ByteRange, MapscopeError } from '../shared/index.ts'

/** @throws `ERR_RANGE` for a place to start from that is not in the range, or at its end. */
export function assertFrom(from: number, { start, end }: ByteRange): void {
  if (Number.isSafeInteger(from) && from >= start && from <= end) return
  throw new MapscopeError('ERR_RANGE', `A search from ${from} is outside its range; start at ${start} to ${end}.`)
}
