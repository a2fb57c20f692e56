import type { ScanReport } from './messages.ts'

/** The expression in the three ways a scan runs it. */
export interface Matchers {
  /** With `g`: from `lastIndex` on. */
  readonly global: RegExp
  /** With `y`: at `lastIndex`. */
  readonly sticky: RegExp
  /** Every match has this length; 0: they vary. */
  readonly fixedByteLength: number
}

/** A scan in a text; all places count from its start. */
export interface TextScan {
  readonly text: string
  readonly from: number
  readonly ownEnd: number
  readonly isLast: boolean
  readonly limit: number
  isCancelled(): boolean
}

/** The hits of a scan as pairs, in memory that grows. */
export class HitPairs {
  #pairs: Uint32Array = new Uint32Array(256)
  count = 0

  push(start: number, byteLength: number): void {
    if (this.count * 2 === this.#pairs.length) this.#grow(this.#pairs.length * 2)
    this.#pairs[this.count * 2] = start
    this.#pairs[this.count * 2 + 1] = byteLength
    this.count++
  }

  /** Hits of one length at places that count from `base`. */
  pushAll(places: Float64Array, base: number, byteLength: number): void {
    const needed = (this.count + places.length) * 2
    if (needed > this.#pairs.length) this.#grow(needed)
    const pairs = this.#pairs
    let at = this.count * 2
    for (const place of places) {
      pairs[at++] = base + place
      pairs[at++] = byteLength
    }
    this.count += places.length
  }

  /** A copy of those so far that end before `end`. */
  before(end: number = Number.POSITIVE_INFINITY): Uint32Array {
    let count = this.count
    while (count > 0 && this.#end(count - 1) >= end) count--
    return this.#pairs.slice(0, count * 2)
  }

  #grow(length: number): void {
    const grown = new Uint32Array(length)
    grown.set(this.#pairs)
    this.#pairs = grown
  }

  #end(index: number): number {
    return (this.#pairs[index * 2] as number) + (this.#pairs[index * 2 + 1] as number)
  }
}

/** What a scan came to; the hits are in its `HitPairs`. */
export type ScanEnd = Pick<ScanReport, 'state' | 'next'>

/**
 * The leftmost matches from `from` on that do not overlap and begin before `ownEnd`. One of no length is not told, and the next may begin one byte
 * behind it: `String.prototype.matchAll` without its empty matches.
 */
export function scanText(scan: TextScan, { global, fixedByteLength }: Matchers, hits: HitPairs): ScanEnd {
  const { text, ownEnd, isLast, limit } = scan
  let at = scan.from
  while (at < ownEnd) {
    if (hits.count >= limit || scan.isCancelled()) return { state: 'more', next: at }
    global.lastIndex = at
    const start = fixedByteLength > 0 ? testedStart(global, text, fixedByteLength) : executedStart(global, text)
    if (start < 0 || start >= ownEnd) break
    const end = global.lastIndex
    if (end === text.length && end > start && !isLast) return { state: 'open', next: start }
    if (end > start) hits.push(start, end - start)
    at = Math.max(end, start + 1)
  }
  return { state: 'done', next: Math.max(at, ownEnd) }
}

/** `exec` makes an array and a string for each match; where the length is known, `test` is enough. */
function testedStart(matcher: RegExp, text: string, byteLength: number): number {
  return matcher.test(text) ? matcher.lastIndex - byteLength : -1
}

function executedStart(matcher: RegExp, text: string): number {
  return matcher.exec(text)?.index ?? -1
}
