/** A half-open run of bytes: `start` is in it, `end` is not. Exact integers, 0 to 2^53 - 1. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** How many bytes the range holds; 0 for an empty or inverted one. */
export function byteLengthOf(range: ByteRange): number {
  return Math.max(0, range.end - range.start)
}

/** The bytes both ranges hold, or `undefined` when they share none. */
export function intersect(a: ByteRange, b: ByteRange): ByteRange | undefined {
  const start = Math.max(a.start, b.start)
  const end = Math.min(a.end, b.end)
  return start < end ? { start, end } : undefined
}

/** Sorted, disjoint and non-touching ranges that hold exactly the bytes of `ranges`. */
export function mergeRanges(ranges: readonly ByteRange[]): ByteRange[] {
  const merged: { start: number; end: number }[] = []
  const sorted = ranges.filter((range) => range.start < range.end).sort((a, b) => a.start - b.start)
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end)
    else merged.push({ start: range.start, end: range.end })
  }
  return merged
}

/** The bytes of `ranges` that none of `taken` holds. Both lists are sorted, disjoint and non-touching, as `mergeRanges` makes them. */
export function subtractRanges(ranges: readonly ByteRange[], taken: readonly ByteRange[]): ByteRange[] {
  const left: ByteRange[] = []
  let next = 0
  for (const { start, end } of ranges) {
    while (next < taken.length && (taken[next] as ByteRange).end <= start) next++
    let at = start
    // The last of them may reach into the next range: `next` stays on it.
    for (let index = next; index < taken.length && (taken[index] as ByteRange).start < end; index++) {
      const hole = taken[index] as ByteRange
      if (at < hole.start) left.push({ start: at, end: hole.start })
      at = hole.end
      next = index
    }
    if (at < end) left.push({ start: at, end })
  }
  return left
}

/** Whether `offset` lies in one of `ranges`. Linear: the lists that use this hold a handful of ranges. */
export function includesOffset(ranges: readonly ByteRange[], offset: number): boolean {
  return ranges.some((range) => offset >= range.start && offset < range.end)
}
