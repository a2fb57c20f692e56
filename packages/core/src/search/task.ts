import type { ByteRange, ByteSource, CancelSignal, FindProgress, HitBatch, SearchDirection } from '../shared/index.ts'

/** One search, checked and with its defaults filled in: what an engine is given. */
export interface SearchTask {
  readonly source: ByteSource
  readonly range: ByteRange
  readonly direction: SearchDirection
  readonly signal: CancelSignal
  readonly alignment: number
  readonly isOverlapping: boolean
  /** Only how many: no hits are wanted. */
  readonly isCountOnly: boolean
  /** How many hits are wanted at most; an engine may give more. */
  readonly limit: number
  readonly onProgress: ((progress: FindProgress) => void) | undefined
  /** Told of what could not be read, parts of it more than once. */
  readonly onUnreadable: (ranges: readonly ByteRange[]) => void
}

/** Some of the answer. */
export interface Step {
  readonly count: number
  /** Absent when only the number is wanted. */
  readonly batch?: HitBatch | undefined
  /** Every place before this is settled; backward, this and every one behind. */
  readonly settledTo: number
  /** Forward, where hits do not overlap: where the last one ends. */
  readonly lastEnd?: number | undefined
}

/** Places where a hit may begin, and where it has to end. */
export interface Places extends ByteRange {
  readonly byteEnd: number
  /** The hit before `start` ends here: none that must not overlap it begins earlier. */
  readonly chainFrom?: number | undefined
}
