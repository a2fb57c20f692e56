import { type ByteRange, includesOffset } from '../../src/shared/index.ts'

/** The stupid search: the first of `starts`, in their order, where every byte is readable and equal. */
export function naiveMatch(
  bytes: Uint8Array,
  needle: Uint8Array,
  starts: Iterable<number>,
  unreadable: readonly ByteRange[] = [],
): number {
  for (const start of starts) {
    const isMatch = needle.every((byte, at) => bytes[start + at] === byte && !includesOffset(unreadable, start + at))
    if (isMatch) return start
  }
  return -1
}

/** `low`, …, `high` - 1. */
export function ascending(low: number, high: number): number[] {
  return Array.from({ length: Math.max(0, high - low) }, (_, index) => low + index)
}
