import type { CancelSignal } from '../abort.ts'
import { assertGiven, assertOptions } from '../arguments.ts'
import { MapscopeError } from '../errors.ts'
import { Breather } from '../event_loop.ts'
import { type ByteRange, byteLengthOf, mergeRanges } from '../range.ts'
import { type CacheOptions, passing } from '../releasing_cache.ts'
import type { ByteSource, SearchDirection } from '../source.ts'
import { SEARCH_LIMITS, type SearchLimits } from './limits.ts'
import { type WindowSearch, windowSearch } from './window.ts'
import { type NeedleShape, zonesOf } from './zones.ts'

/** Places where a match might start: how many were settled (holes count), of how many. */
export interface FindProgress {
  readonly scanned: number
  readonly total: number
}

export interface FindOptions extends CacheOptions {
  /** Forward: the first match starting here or later. Backward: the last one starting before. 0 to the source's byteLength. */
  readonly from: number
  readonly direction: SearchDirection
  /** Goes on from the other end, up to `from`. */
  readonly isWrapping?: boolean | undefined
  readonly signal?: CancelSignal | undefined
  /** Called after each window and at the end; throttling is the caller's. */
  readonly onProgress?: ((progress: FindProgress) => void) | undefined
}

export interface FindResult {
  /** Where the match starts; -1 when there is none. */
  readonly offset: number
  /** Whether that match was met only after going on from the other end. */
  readonly isWrapped: boolean
  /** What could not be read on the way and so was not searched: sorted, disjoint. */
  readonly unreadable: readonly ByteRange[]
}

/**
 * Finds bytes in a source of any size: holes are stepped over, memory is bounded by one window, and every place where a
 * match might start is looked at once.
 *
 * @throws `ERR_ARGUMENT` for an empty needle, `ERR_RANGE` for a `from` outside the source, the signal's reason when aborted,
 *   and whatever the source rejects with.
 */
export function find(source: ByteSource, needle: Uint8Array, options: FindOptions): Promise<FindResult> {
  return findWithLimits(source, needle, options, SEARCH_LIMITS)
}

/** `find` with windows of another size, so that tests see their edges. */
export async function findWithLimits(
  source: ByteSource,
  needle: Uint8Array,
  options: FindOptions,
  limits: SearchLimits,
): Promise<FindResult> {
  check(source, needle, options)
  options.signal?.throwIfAborted()
  return await passing(source, options, async (passed) => {
    const search = new Search(passed, new Uint8Array(needle), options, limits)
    for (const [index, starts] of search.passes.entries()) {
      const offset = await search.run(starts)
      if (offset >= 0) return { offset, isWrapped: index > 0, unreadable: search.unreadable }
    }
    return { offset: -1, isWrapped: false, unreadable: search.unreadable }
  })
}

function check(source: ByteSource, needle: Uint8Array, options: FindOptions): void {
  assertGiven({ source, needle })
  assertOptions(options)
  const { from, direction } = options
  assertGiven({ from, direction })
  if (needle.length === 0)
    throw new MapscopeError('ERR_ARGUMENT', 'There is nothing to look for; pass at least one byte.')
  if (Number.isSafeInteger(from) && from >= 0 && from <= source.byteLength) return
  throw new MapscopeError(
    'ERR_RANGE',
    `A search from ${from} is outside the source; start at 0 to ${source.byteLength}.`,
  )
}

/** One search under way: what is left to do is in `passes`, what is done in `#scanned` and `unreadable`. */
class Search {
  readonly passes: readonly ByteRange[]
  unreadable: readonly ByteRange[] = []
  readonly #source: ByteSource
  readonly #shape: NeedleShape
  readonly #options: FindOptions
  readonly #limits: SearchLimits
  readonly #searchWindow: WindowSearch
  readonly #total: number
  readonly #breather: Breather = new Breather()
  /** Places settled in the passes before this one. */
  #scanned = 0

  constructor(source: ByteSource, needle: Uint8Array, options: FindOptions, limits: SearchLimits) {
    this.#source = source
    this.#shape = { byteLength: needle.length, isAllZero: needle.every((byte) => byte === 0) }
    this.#options = options
    this.#limits = limits
    this.#searchWindow = windowSearch(source, needle, options.direction)
    this.passes = passesOf(source.byteLength - needle.length + 1, options)
    this.#total = this.passes.reduce((sum, starts) => sum + byteLengthOf(starts), 0)
  }

  /** The match met first in one run of places, or -1. */
  async run(starts: ByteRange): Promise<number> {
    if (starts.start === starts.end) return -1
    const { direction, signal } = this.#options
    const request = { source: this.#source, shape: this.#shape, starts, direction, limits: this.#limits }
    for await (const zone of zonesOf(request)) {
      signal?.throwIfAborted()
      if (zone.kind === 'match') return direction === 'forward' ? zone.start : zone.end - 1
      const offset = await this.#scan(zone, starts)
      if (offset >= 0) return offset
    }
    signal?.throwIfAborted()
    this.#scanned += byteLengthOf(starts)
    this.#report(0)
    return -1
  }

  async #scan(zone: ByteRange, starts: ByteRange): Promise<number> {
    const { direction, signal } = this.#options
    let rest = this.#withoutUnreadable(zone)
    while (rest.start < rest.end) {
      const window = this.#windowOf(rest)
      const range = { start: window.start, end: window.end + this.#shape.byteLength - 1 }
      const result = await this.#searchWindow(range, { signal })
      signal?.throwIfAborted()
      if (result.unreadable.length > 0) this.unreadable = mergeRanges([...this.unreadable, ...result.unreadable])
      if (result.offset >= 0) return result.offset
      rest = this.#withoutUnreadable(
        direction === 'forward' ? { ...rest, start: window.end } : { ...rest, end: window.start },
      )
      this.#report(direction === 'forward' ? rest.start - starts.start : starts.end - rest.end)
      await this.#breather.pause()
      signal?.throwIfAborted()
    }
    return -1
  }

  #windowOf(rest: ByteRange): ByteRange {
    const length = this.#limits.windowByteLength
    return this.#options.direction === 'forward'
      ? { start: rest.start, end: Math.min(rest.end, rest.start + length) }
      : { start: Math.max(rest.start, rest.end - length), end: rest.end }
  }

  /**
   * Leaps over what is known to be unreadable and was not looked at yet. A source may report more than the window asked for: the
   * lost tail of a 15 TiB file cut short is one leap then, and not a million windows.
   */
  #withoutUnreadable(rest: ByteRange): ByteRange {
    const isForward = this.#options.direction === 'forward'
    const next = isForward ? rest.start : rest.end - 1
    // The whole needle must lie in the gap: bytes behind a gap's known end are still to be asked for, if only to report them.
    const reach = next + this.#shape.byteLength - 1
    const gap = this.unreadable.find((range) => range.start <= next && reach < range.end)
    if (gap === undefined) return rest
    return isForward
      ? { start: Math.min(gap.end, rest.end), end: rest.end }
      : { start: rest.start, end: Math.max(gap.start, rest.start) }
  }

  #report(inThisPass: number): void {
    this.#options.onProgress?.({ scanned: this.#scanned + inThisPass, total: this.#total })
  }
}

/** One or two runs of places, either may be empty; together they hold each of the `count` possible ones exactly once when wrapping. */
function passesOf(count: number, { from, direction, isWrapping }: FindOptions): ByteRange[] {
  const end = Math.max(0, count)
  const middle = Math.min(from, end)
  const before = { start: 0, end: middle }
  const after = { start: middle, end }
  const [first, second] = direction === 'forward' ? [after, before] : [before, after]
  return isWrapping === true ? [first, second] : [first]
}
