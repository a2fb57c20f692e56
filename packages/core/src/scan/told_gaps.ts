import type { ByteRange } from '../shared/index.ts'
import { KnownGaps } from './windows.ts'

/** What cannot be read, told once: each page has what became known since the page before, clipped to the range. */
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
    const news = known.filter(({ start, end }) => !this.#told.some((gap) => gap.start === start && gap.end === end))
    this.#told = known
    return news
  }
}
