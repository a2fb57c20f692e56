import type { HitPairs, Matchers, ScanEnd, TextScan } from './scan_text.ts'

/** Starts tried one by one; from more of them on, one search from the first is cheaper. */
const MAX_TRIED = 64

/** Places where matches may begin, from `first` to `last`, both included. */
export interface Starts {
  readonly first: number
  readonly last: number
}

/** As `scanText`, for an expression whose matches begin in one of `stretches` (which are in order and apart) and nowhere else. */
export function scanStarts(scan: TextScan, matchers: Matchers, stretches: Iterable<Starts>, hits: HitPairs): ScanEnd {
  const chain = new Chain(scan, matchers, hits)
  for (const stretch of stretches) {
    const end = chain.follow(stretch)
    if (end !== undefined) return end
  }
  return { state: 'done', next: Math.max(chain.at, scan.ownEnd) }
}

/** Matches one after the other: the next begins where the last one ended, or later. */
class Chain {
  at: number
  readonly #scan: TextScan
  readonly #matchers: Matchers
  readonly #hits: HitPairs

  constructor(scan: TextScan, matchers: Matchers, hits: HitPairs) {
    this.#scan = scan
    this.#matchers = matchers
    this.#hits = hits
    this.at = scan.from
  }

  /** @returns the end of the scan, when it ends in this stretch. */
  follow(stretch: Starts): ScanEnd | undefined {
    const { ownEnd, limit } = this.#scan
    const { global, sticky } = this.#matchers
    // A text shows needles beyond the starts that it decides; moving to those would leave out the next window's.
    if (stretch.first >= ownEnd) return { state: 'done', next: Math.max(this.at, ownEnd) }
    const last = Math.min(stretch.last, ownEnd - 1)
    this.at = Math.max(this.at, stretch.first)
    while (this.at <= last) {
      if (this.#hits.count >= limit || this.#scan.isCancelled()) return { state: 'more', next: this.at }
      const isNarrow = last - this.at < MAX_TRIED
      const start = isNarrow ? this.#tried(sticky, last) : this.#searched(global)
      if (start === undefined) return isNarrow ? undefined : { state: 'done', next: Math.max(this.at, ownEnd) }
      const end = (isNarrow ? sticky : global).lastIndex
      const told = this.#tell(start, end)
      if (told !== undefined) return told
    }
    return this.at >= ownEnd ? { state: 'done', next: this.at } : undefined
  }

  #tell(start: number, end: number): ScanEnd | undefined {
    const { text, ownEnd, isLast } = this.#scan
    if (start >= ownEnd) return { state: 'done', next: Math.max(this.at, ownEnd) }
    if (end === text.length && end > start && !isLast) return { state: 'open', next: start }
    if (end > start) this.#hits.push(start, end - start)
    this.at = Math.max(end, start + 1)
    return undefined
  }

  /** The first of the starts up to `last` that matches; else moves past them. */
  #tried(sticky: RegExp, last: number): number | undefined {
    for (let at = this.at; at <= last; at++) {
      sticky.lastIndex = at
      if (sticky.test(this.#scan.text)) return at
    }
    this.at = last + 1
    return undefined
  }

  #searched(global: RegExp): number | undefined {
    global.lastIndex = this.at
    return global.exec(this.#scan.text)?.index
  }
}
