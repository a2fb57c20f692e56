import {
  type ByteRange,
  type ByteSource,
  type CancelSignal,
  HitBatch,
  type Matcher,
  type MatchInResult,
  type MatchResult,
} from '../shared/index.ts'
import { readableStretches } from '../shared/search/window.ts'
import { nativeMatcher } from '../source/native_patterns.ts'
import type { PatternPlan } from './plan.ts'

export interface WindowOptions {
  readonly limit: number
  readonly isCountOnly: boolean
  /** Every place, whatever the plan's chain says. */
  readonly isOverlapping: boolean
  /** Only hits that begin before it, in source offsets. */
  readonly startsBefore: number
  readonly signal: CancelSignal
}

/** All hits wholly inside a range that is short enough for one job. */
export type WindowMatch = (range: ByteRange, options: WindowOptions) => Promise<MatchInResult>

/** The source's own matcher when it has one; else reading the window and matching the bytes. */
export function windowMatch(source: ByteSource, { pattern, alignment }: PatternPlan): WindowMatch {
  const { matchIn } = source
  if (matchIn === undefined) return readingMatch(source, nativeMatcher(pattern), alignment)
  return (range, options) => matchIn.call(source, pattern, range, { alignment, ...options })
}

export function readingMatch(source: ByteSource, matcher: Matcher, alignment: number): WindowMatch {
  return async (range, options) => {
    const chunk = await source.read(range.start, range.end - range.start, { signal: options.signal })
    const match = new StretchMatch(matcher, alignment, options)
    for (const { start, end } of readableStretches(chunk)) {
      if (!match.isFull) match.add(chunk.bytes.subarray(start - chunk.offset, end - chunk.offset), start)
    }
    return { ...match.result(range.end), unreadable: chunk.unreadable }
  }
}

/** Matches each readable stretch by itself: bytes on both sides of an unreadable one are not neighbours. */
class StretchMatch {
  readonly #matcher: Matcher
  readonly #alignment: number
  readonly #options: WindowOptions
  readonly #parts: MatchResult[] = []
  #count = 0
  #stoppedAt: number | undefined

  constructor(matcher: Matcher, alignment: number, options: WindowOptions) {
    this.#matcher = matcher
    this.#alignment = alignment
    this.#options = options
  }

  get isFull(): boolean {
    return this.#stoppedAt !== undefined
  }

  add(bytes: Uint8Array, start: number): void {
    const { isCountOnly, isOverlapping, limit, startsBefore } = this.#options
    const part = this.#matcher.matchBytes(bytes, {
      alignment: this.#alignment,
      alignmentBase: start % this.#alignment,
      isCountOnly,
      isOverlapping,
      startsBefore: Math.max(0, startsBefore - start),
      limit: isCountOnly ? limit : limit - this.#count,
    })
    this.#count += part.count
    this.#parts.push({ ...part, offsets: part.offsets.map((offset) => start + offset) })
    const isStopped = part.scannedTo < bytes.length || (!isCountOnly && this.#count >= limit)
    if (isStopped) this.#stoppedAt = start + part.scannedTo
  }

  result(end: number): MatchResult {
    const [only] = this.#parts
    const scannedTo = this.#stoppedAt ?? end
    if (only !== undefined && this.#parts.length === 1) return { ...only, scannedTo }
    return {
      count: this.#count,
      offsets: Float64Array.from(this.#parts.flatMap(({ offsets }) => [...offsets])),
      byteLengths: this.#column(({ byteLengths }) => byteLengths),
      which: this.#column(({ which }) => which),
      scannedTo,
    }
  }

  #column(columnOf: (part: MatchResult) => Uint32Array | undefined): Uint32Array | undefined {
    const columns = this.#parts.flatMap((part) => columnOf(part) ?? [])
    return columns.length === 0 ? undefined : Uint32Array.from(columns.flatMap((column) => [...column]))
  }
}

/** A matcher's columns as hits. */
export function batchOf({ offsets, byteLengths, which }: MatchResult, plan: PatternPlan): HitBatch {
  const lengths = byteLengths ?? plan.maxByteLength
  return new HitBatch({ offsets, byteLengths: lengths, which: plan.hasWhich ? which : undefined })
}
