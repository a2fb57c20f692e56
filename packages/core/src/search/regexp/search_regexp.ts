import { assertGiven, assertOptions } from '../../shared/arguments.ts'
import {
  type ByteRange,
  type ByteSource,
  type CacheOptions,
  type CancelSignal,
  MapscopeError,
  type SearchDirection,
} from '../../shared/index.ts'
import { passingAll } from '../../shared/releasing_cache.ts'
import { backwardHits } from './backward.ts'
import { type Expression, type RegexpQuery, toExpression } from './expression.ts'
import { forwardHits, type Place } from './forward.ts'
import type { RegexpBatch } from './hits.ts'
import {
  DEFAULT_MAX_MATCH_BYTE_LENGTH,
  MOST_MAX_MATCH_BYTE_LENGTH,
  REGEXP_LIMITS,
  type RegexpLimits,
} from './limits.ts'
import type { Program } from './messages.ts'
import { Patience } from './patience.ts'
import type { SearchSubject } from './subject.ts'
import { WindowJobs } from './window_jobs.ts'

/** Bytes of the range where a match may begin: how many were settled, of how many. */
export interface RegexpProgress {
  readonly scanned: number
  readonly total: number
}

export interface RegexpSearchOptions extends CacheOptions {
  /** The bytes that are searched: to the expression they are all there is, so that `^` is at their start. Default: all. */
  readonly range?: ByteRange | undefined
  /** Only matches that begin here, the first of them whatever it overlaps before; the expression sees all of the range. Default: the range. */
  readonly starts?: ByteRange | undefined
  /** Backward: the very same matches, last first. Default: forward. */
  readonly direction?: SearchDirection | undefined
  readonly signal?: CancelSignal | undefined
  /** Called after each batch; throttling is the caller's. */
  readonly onProgress?: ((progress: RegexpProgress) => void) | undefined
  /** Most hits to give. Default: all. */
  readonly limit?: number | undefined
}

/**
 * The matches of a regular expression over the bytes of a source, off this thread: leftmost first, not overlapping, as one
 * `exec` after the other over one text of all the bytes of the range. Matches of no length are not told (JavaScript's `matchAll` without its empty matches).
 *
 * Each byte is a character of its own, U+0000 to U+00FF. `i` folds Latin-1 (E0 is C0), `\s` has A0, `\w` is ASCII.
 *
 * A match of up to `maxMatchByteLength` is found whole wherever it lies, when what it looks at around it (`\b`, look-aheads, look-behinds) lies within as much
 * from its start; where the expression itself bounds that, so always. A longer match is followed up to 256 MiB, and told in pieces of that beyond; one whose end
 * is for bytes beyond the limit to decide (`a[^]*b`) may be missed or end at an earlier place.
 *
 * Backward, matches longer than `maxMatchByteLength` may be told in other pieces than forward.
 *
 * @throws `ERR_ARGUMENT` for what is no expression and for the flags `u`, `v`, `g`, `y` and `d`; `ERR_RANGE` for a range outside the source, and an expression
 *   that the engine's stack is too small for; `ERR_TIMEOUT` when `timeBudgetMs` is spent; `ERR_FAULT`, after the hits before it, where bytes cannot
 *   be read; the signal's reason when aborted: both at once, whatever the expression is doing.
 */
export function searchRegexp(
  source: ByteSource,
  query: RegexpQuery,
  options: RegexpSearchOptions = {},
): AsyncGenerator<RegexpBatch, void, undefined> {
  return searchRegexpWithLimits(source, query, options, REGEXP_LIMITS)
}

/** `searchRegexp` with windows of another size, so that tests see their edges. */
export function searchRegexpWithLimits(
  source: ByteSource,
  query: RegexpQuery,
  options: RegexpSearchOptions,
  limits: RegexpLimits,
): AsyncGenerator<RegexpBatch, void, undefined> {
  assertGiven({ source, query })
  assertOptions(query)
  assertOptions(options)
  const expression = toExpression(query)
  const checked = check(source, query, options)
  const given = { expression, query, options, limits, ...checked }
  return passingAll(source, options, (passed) => search({ source: passed, ...given }))
}

interface Checked {
  readonly range: ByteRange
  readonly starts: ByteRange
  readonly longest: number
  readonly limit: number
}

interface Search extends Checked {
  readonly source: ByteSource
  readonly expression: Expression
  readonly query: RegexpQuery
  readonly options: RegexpSearchOptions
  readonly limits: RegexpLimits
}

async function* search(given: Search): AsyncGenerator<RegexpBatch, void, undefined> {
  const { source, expression, query, options, range, starts, limit } = given
  const patience = new Patience(options.signal, query.timeBudgetMs)
  options.signal?.throwIfAborted()
  if (starts.start === starts.end || limit === 0) return
  const jobs = new WindowJobs({ source, range, patience, program: programOf(expression) })
  const isBackward = options.direction === 'backward'
  const place: Place = { at: isBackward ? starts.end : starts.start }
  try {
    const subject = subjectOf(given, jobs)
    const batches = (isBackward ? backwardHits : forwardHits)(subject, starts, place)
    for (let left = limit; left > 0; ) {
      const next = await patience.wait(batches.next())
      if (next.done === true) break
      const batch = next.value.slice(0, Math.min(left, next.value.length))
      left -= batch.length
      report(given, place)
      if (batch.length > 0) yield batch
    }
    report(given, { at: isBackward ? starts.start : starts.end })
  } finally {
    jobs.end()
  }
}

function report({ options, starts }: Search, { at }: Place): void {
  const scanned = options.direction === 'backward' ? starts.end - at : at - starts.start
  const total = starts.end - starts.start
  options.onProgress?.({ scanned: Math.min(total, scanned), total })
}

function programOf({ source, flags, reach, needles, isWholeNeedle }: Expression): Program {
  const isFixed = reach.minByteLength === reach.maxByteLength
  return { source, flags, fixedByteLength: isFixed ? reach.minByteLength : 0, needles, isWholeNeedle }
}

function subjectOf({ source, expression, range, longest, limits }: Search, jobs: WindowJobs): SearchSubject {
  const { behind, ahead, maxByteLength } = expression.reach
  return {
    source,
    jobs,
    range,
    limits,
    // One byte at least, so that `^` sees that a window does not begin where the range does; and one beyond, so that a match is seen to end.
    behind: Math.max(1, Math.min(behind, longest)),
    ahead: ahead <= longest ? Math.max(1, ahead) : longest + 1,
    longest: Math.max(1, Math.min(maxByteLength, longest)),
  }
}

function check(source: ByteSource, query: RegexpQuery, options: RegexpSearchOptions): Checked {
  const { range = { start: 0, end: source.byteLength }, limit = Number.POSITIVE_INFINITY } = options
  const { maxMatchByteLength: longest = DEFAULT_MAX_MATCH_BYTE_LENGTH, timeBudgetMs } = query
  assertInside(range, { start: 0, end: source.byteLength })
  const starts = options.starts ?? range
  assertInside(starts, range)
  if (!Number.isSafeInteger(longest) || longest < 1 || longest > MOST_MAX_MATCH_BYTE_LENGTH) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      `maxMatchByteLength must be an integer from 1 to ${MOST_MAX_MATCH_BYTE_LENGTH}, not ${longest}.`,
    )
  }
  if (timeBudgetMs !== undefined && !(timeBudgetMs > 0 && timeBudgetMs < 2 ** 31))
    throw new MapscopeError('ERR_ARGUMENT', 'timeBudgetMs must be a number of milliseconds above 0 and below 2^31.')
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new MapscopeError('ERR_ARGUMENT', `limit must be 0 or a positive integer, not ${limit}.`)
  return { range, starts, longest, limit }
}

function assertInside({ start, end }: ByteRange, outer: ByteRange): void {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start <= end
  if (isRange && outer.start <= start && end <= outer.end) return
  const there =
    outer.start === 0 ? `the source; it has ${outer.end} bytes` : `those from ${outer.start} to ${outer.end}`
  throw new MapscopeError('ERR_RANGE', `Bytes ${start} to ${end} are outside ${there}.`)
}
