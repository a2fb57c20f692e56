import { type ByteRange, subtractRanges } from '../shared/index.ts'
import { KnownGaps } from './windows.ts'

/**
 * What cannot be read, each byte told once: a page has what became known since the page before, clipped to the range. A gap that goes on
 * behind what was told of it is told from there on.
 */
export class ToldGaps {
  readonly #range: ByteRange
  readonly #gaps: KnownGaps = new KnownGaps()
  #told: readonly ByteRange[] = []

  constructor(range: ByteRange) {
    this.#range = range
  }

  add(unreadable: readonly ByteRange[]): void {
    this.#gaps.add(unreadable)
  }

  take(): readonly ByteRange[] {
    const known = this.#gaps.within(this.#range)
    const news = subtractRanges(known, this.#told)
    this.#told = known
    return news
  }
}
