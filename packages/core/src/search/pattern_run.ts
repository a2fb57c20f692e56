import {
  type ByteRange,
  type ByteSource,
  type CancelSignal,
  type FindProgress,
  type HitBatch,
  intersect,
  type SearchDirection,
} from '../shared/index.ts'
import type { Zone } from '../shared/search/zones.ts'
import type { EngineLimits } from './limits.ts'
import type { PatternPlan } from './plan.ts'
import { segmentsOf } from './segments.ts'
import type { Places } from './task.ts'
import type { Unreadable } from './unreadable.ts'
import { batchOf, type WindowMatch, windowMatch } from './window_match.ts'

/** The hits that begin at places of a window, as far as it was walked. */
export interface WindowHits {
  readonly count: number
  readonly batch: HitBatch
  /** The first place that was not looked at. */
  readonly nextPlace: number
}

export interface RunOptions {
  readonly source: ByteSource
  readonly plan: PatternPlan
  readonly limits: EngineLimits
  readonly signal: CancelSignal
  readonly unreadable: Unreadable
  readonly isCountOnly: boolean
  readonly hitsWanted: number
  readonly onProgress: ((progress: FindProgress) => void) | undefined
}

/** A job costs as much as scanning so many bytes. */
const MIN_WINDOW_BYTE_LENGTH: number = 64 * 1024

/** What all the parts of one search share: where it reads, what it looks for, whom it tells. */
export class PatternRun {
  readonly plan: PatternPlan
  readonly limits: EngineLimits
  readonly signal: CancelSignal
  /** Whether the matcher may count without telling places: only when hits do not depend on one another. */
  readonly isCounting: boolean
  readonly isCountOnly: boolean
  readonly reach: number
  readonly #source: ByteSource
  readonly #match: WindowMatch
  readonly #unreadable: Unreadable
  readonly #onProgress: RunOptions['onProgress']
  readonly #hitsPerWindow: number
  #fittingByteLength: number = Number.POSITIVE_INFINITY

  constructor({ source, plan, limits, signal, unreadable, isCountOnly, hitsWanted, onProgress }: RunOptions) {
    this.#source = source
    this.plan = plan
    this.limits = limits
    this.signal = signal
    this.isCountOnly = isCountOnly
    this.isCounting = isCountOnly && plan.chain === 'none'
    this.reach = plan.maxByteLength - 1
    this.#unreadable = unreadable
    this.#onProgress = onProgress
    this.#match = windowMatch(source, plan)
    this.#hitsPerWindow = Math.max(1, Math.min(limits.hitsPerWindow, hitsWanted))
  }

  segments(places: Places, direction: SearchDirection, windowByteLength: number): AsyncGenerator<Zone> {
    const { plan, limits } = this
    return segmentsOf({
      source: this.#source,
      shape: {
        byteLength: plan.maxByteLength,
        isAllZero: plan.zeroHits.length > 0,
        isVariable: plan.minByteLength < plan.maxByteLength,
      },
      starts: { start: places.start, end: Math.max(places.start, places.end) },
      byteEnd: places.byteEnd,
      direction,
      limits,
      windowByteLength:
        this.#source.matchIn === undefined ? Math.min(limits.readByteLength, windowByteLength) : windowByteLength,
      fittingByteLength: () => this.#fittingByteLength,
      leap: (rest) => this.#leap(rest, direction),
    })
  }

  /** Hits of every place of `window`, but for those the plan's matcher leaves out as overlapping. */
  async hitsAt(window: ByteRange, byteEnd: number): Promise<WindowHits> {
    const end = Math.min(byteEnd, window.end + this.reach)
    const result = await this.#match(
      { start: window.start, end },
      {
        limit: this.#hitsPerWindow,
        isCountOnly: this.isCounting,
        isOverlapping: this.plan.chain !== 'matcher',
        // Short hits that begin behind the window's places may still fit into the bytes that the long ones need.
        startsBefore: window.end,
        signal: this.signal,
      },
    )
    this.#unreadable.add(result.unreadable)
    const nextPlace = result.scannedTo >= end ? window.end : Math.min(result.scannedTo, window.end)
    this.#noteDensity(nextPlace - window.start, result.count)
    return { count: result.count, batch: batchOf(result, this.plan), nextPlace }
  }

  /** Whether a match, overlapped or not, begins before `place` and ends behind it. */
  async hasHitAcross(place: number, places: Places): Promise<boolean> {
    let start = Math.max(places.start, place - this.reach)
    const end = Math.min(places.byteEnd, place + this.reach)
    while (start < place && end - start >= this.plan.minByteLength) {
      const options = {
        limit: this.limits.hitsPerBatch,
        isCountOnly: false,
        isOverlapping: true,
        startsBefore: place,
        signal: this.signal,
      }
      const result = await this.#match({ start, end }, options)
      const batch = batchOf(result, this.plan)
      const isAcross = batch.offsets.some((offset, at) => offset + batch.byteLengthAt(at) > place)
      if (isAcross) return true
      start = Math.max(start + 1, result.scannedTo)
    }
    return false
  }

  /**
   * What did not fit into an answer is asked for after it, one answer at a time; windows that fit are matched side by side. Three quarters,
   * as the next one may hold some more.
   */
  #noteDensity(places: number, count: number): void {
    const isFitting = this.isCounting || count === 0
    const fitting = isFitting ? Number.POSITIVE_INFINITY : (places / count) * this.limits.hitsPerWindow * 0.75
    this.#fittingByteLength = Math.max(MIN_WINDOW_BYTE_LENGTH, Math.floor(fitting))
  }

  report(scanned: number, total: number): void {
    this.#onProgress?.({ scanned, total })
  }

  /** A source may tell of more than it was asked for: the lost tail of a file of 15 TiB is one leap then, not a million windows. */
  #leap(rest: ByteRange, direction: SearchDirection): ByteRange {
    if (rest.start >= rest.end) return rest
    const isForward = direction === 'forward'
    const gap = this.#unreadable.gapOver(isForward ? rest.start : rest.end - 1, this.plan.maxByteLength)
    if (gap === undefined) return rest
    return isForward
      ? { start: Math.min(gap.end, rest.end), end: rest.end }
      : { start: rest.start, end: Math.max(gap.start, rest.start) }
  }
}

/** The places where hits inside `range` may begin. */
export function placesIn(range: ByteRange, plan: PatternPlan): Places {
  const end = Math.max(range.start, range.end - plan.minByteLength + 1)
  return {
    ...(intersect({ start: range.start, end }, range) ?? { start: range.start, end: range.start }),
    byteEnd: range.end,
  }
}
