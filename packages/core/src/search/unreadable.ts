import { type ByteRange, intersect, mergeRanges } from '../shared/index.ts'

/** What a search could not look at, told once. */
export class Unreadable {
  ranges: readonly ByteRange[] = []
  readonly #within: ByteRange
  readonly #onFresh: ((range: ByteRange) => void) | undefined

  constructor(within: ByteRange, onFresh?: (range: ByteRange) => void) {
    this.#within = within
    this.#onFresh = onFresh
  }

  add(found: readonly ByteRange[]): void {
    const inside = found.flatMap((range) => intersect(range, this.#within) ?? [])
    if (inside.length === 0) return
    const fresh = inside.flatMap((range) => without(range, this.ranges))
    this.ranges = mergeRanges([...this.ranges, ...inside])
    for (const range of fresh) this.#onFresh?.(range)
  }

  /** The gap in which a whole needle at `place`, of that length, would lie. */
  gapOver(place: number, byteLength: number): ByteRange | undefined {
    return this.ranges.find((range) => range.start <= place && place + byteLength - 1 < range.end)
  }
}

/** `known` is sorted and disjoint. */
function without(range: ByteRange, known: readonly ByteRange[]): ByteRange[] {
  const fresh: ByteRange[] = []
  let { start } = range
  for (const gap of known) {
    if (gap.end <= start || gap.start >= range.end) continue
    if (start < gap.start) fresh.push({ start, end: gap.start })
    start = gap.end
  }
  if (start < range.end) fresh.push({ start, end: range.end })
  return fresh
}
