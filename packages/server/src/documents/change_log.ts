import type { MissedChange } from '@mapscope/protocol'

/** An hour of one change every 4 s; a client that was away for longer reads anew. */
const MAX_CHANGE_COUNT = 1_024
const MAX_RANGE_COUNT = 8_192

/** The last changes of a document, one for each revision, for clients that come back. Bounded in changes and in their ranges. */
export class ChangeLog {
  readonly #changes: MissedChange[] = []
  #rangeCount = 0

  push(change: MissedChange): void {
    this.#changes.push(change)
    this.#rangeCount += change.ranges.length
    while (this.#changes.length > MAX_CHANGE_COUNT || this.#rangeCount > MAX_RANGE_COUNT) {
      const oldest = this.#changes.shift()
      if (oldest === undefined) return
      this.#rangeCount -= oldest.ranges.length
    }
  }

  /** Every change that made a revision after `seen`, oldest first; undefined when that is not known (any more), or was never so. */
  since(seen: number, present: number): MissedChange[] | undefined {
    const missedCount = present - seen
    if (missedCount < 0 || missedCount > this.#changes.length) return undefined
    return missedCount === 0 ? [] : this.#changes.slice(-missedCount)
  }
}
