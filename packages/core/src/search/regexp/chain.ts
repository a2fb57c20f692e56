import { faultError } from '../../native_errors.ts'
import type { ByteRange } from '../../shared/index.ts'
import { RegexpBatch } from './hits.ts'
import type { ScanReport } from './messages.ts'
import { type SearchSubject, textAround } from './subject.ts'
import type { Window } from './window_jobs.ts'

/** Runs one window, now or from what is known of such windows. */
export type RunWindow = (window: Window) => Promise<ScanReport>

/** What a window that began at its own start came to, before it was known whether a match of the window before reaches into it. */
export interface Guess {
  readonly window: Window
  readonly report: ScanReport
}

/**
 * The chain of matches that do not overlap, from window to window: each begins where the one before ended, or later. A window that was run ahead has
 * guessed that the chain comes to its start. Where a match reaches farther, its hits count again from the first place where the true chain lies between
 * two of them: what follows such a place does not depend on how it was reached.
 */
export class Chain {
  /** All starts before it are decided. */
  at: number
  readonly #subject: SearchSubject
  readonly #run: RunWindow

  constructor(subject: SearchSubject, at: number, run: RunWindow) {
    this.#subject = subject
    this.at = at
    this.#run = run
  }

  /** The window for the starts of a range, from `at` on. */
  windowOf(starts: ByteRange, limit: number = this.#subject.limits.windowHits): Window {
    return { text: textAround(this.#subject, starts), starts, limit }
  }

  /** The hits that begin in a window, given what it came to. @throws `ERR_FAULT` behind the last of them, where bytes are gone. */
  async *follow({ window, report }: Guess): AsyncGenerator<RegexpBatch> {
    let known = report
    let { text } = window
    while (true) {
      const hits = batchOf(known.hits, text.start)
      const first = firstFrom(hits, this.at)
      if (first > 0 && hits.endOf(first - 1) > this.at) {
        yield* this.#rejoin(window, hits, first)
        if (this.at >= window.starts.end) return
        continue
      }
      if (first < hits.length) {
        this.at = hits.endOf(hits.length - 1)
        yield hits.slice(first)
      }
      if (known.lost !== undefined && known.state !== 'more') throw faultError(known.lost)
      if (known.state === 'open' && known.next >= this.at) yield* this.#extended(known.next)
      else this.at = Math.max(this.at, known.next)
      if (this.at >= window.starts.end) return
      const rest = this.windowOf({ start: this.at, end: window.starts.end }, window.limit)
      text = rest.text
      known = await this.#run(rest)
    }
  }

  /** Runs on from a place inside a guessed hit, a few hits at a time, until the chain lies between two guessed ones. */
  async *#rejoin(window: Window, guessed: RegexpBatch, from: number): AsyncGenerator<RegexpBatch> {
    let index = from
    const most = this.#subject.limits.windowHits
    for (let limit = 1; this.at < window.starts.end; limit = Math.min(most, limit * 4)) {
      if (index > 0 && guessed.endOf(index - 1) <= this.at) return
      // Of no more starts than there are up to the next guessed hit's end, where they meet more often than not.
      const end = Math.min(window.starts.end, index < guessed.length ? guessed.endOf(index) : window.starts.end)
      const piece = this.windowOf({ start: this.at, end: Math.max(end, this.at + 1) }, limit)
      yield* this.followPiece(piece)
      while (index < guessed.length && (guessed.offsets[index] as number) < this.at) index++
    }
  }

  /** Runs one window from `at` and tells its hits; the chain comes to its end, or to where its limit was reached. */
  async *followPiece(piece: Window): AsyncGenerator<RegexpBatch> {
    const report = await this.#run(piece)
    const hits = batchOf(report.hits, piece.text.start)
    if (hits.length > 0) {
      this.at = hits.endOf(hits.length - 1)
      yield hits
    }
    if (report.lost !== undefined && report.state !== 'more') throw faultError(report.lost)
    if (report.state === 'open') yield* this.#extended(report.next)
    else this.at = Math.max(this.at, report.next)
  }

  /** The match at a start that went on to the end of its text, seen in longer ones. */
  async *#extended(start: number): AsyncGenerator<RegexpBatch> {
    const { range, behind, ahead, limits } = this.#subject
    for (let room = 4 * (ahead + 1); ; room *= 4) {
      const most = Math.max(limits.longestMatchByteLength, 4 * (ahead + 1))
      const end = Math.min(range.end, start + Math.min(room, most))
      const text = { start: Math.max(range.start, start - behind), end }
      const report = await this.#run({ text, starts: { start, end: start + 1 }, limit: 1 })
      const hits = batchOf(report.hits, text.start)
      if (report.lost === undefined && report.state === 'open' && room < most) continue
      const told = report.state === 'open' ? RegexpBatch.one({ offset: start, byteLength: end - start }) : hits
      this.at = told.length > 0 ? told.endOf(0) : start + 1
      if (told.length > 0) yield told
      if (report.lost !== undefined) throw faultError(report.lost)
      return
    }
  }
}

function batchOf(pairs: Uint32Array, base: number): RegexpBatch {
  const count = pairs.length / 2
  const batch = new RegexpBatch(new Float64Array(count), new Uint32Array(count))
  for (let index = 0; index < count; index++) {
    batch.offsets[index] = base + (pairs[index * 2] as number)
    batch.byteLengths[index] = pairs[index * 2 + 1] as number
  }
  return batch
}

/** The index of the first hit that begins at `at` or later. */
function firstFrom({ offsets }: RegexpBatch, at: number): number {
  let [low, high] = [0, offsets.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((offsets[middle] as number) < at) low = middle + 1
    else high = middle
  }
  return low
}
