import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { type ByteRange, type ByteSource, byteLengthOf, type Hit, type SearchDirection } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import { engineOf } from './engines.ts'
import { assertFrom } from './from.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import { linkedStop, taskOf } from './task_of.ts'

export interface FindNearOptions
  extends Pick<SearchOptions, 'range' | 'signal' | 'onProgress' | 'alignment' | 'releasesCache'> {
  /**
   * Next: the first hit that begins here or later; default: the range's start. Previous: the last that begins before; default: its end.
   * Inside the range.
   */
  readonly from?: number | undefined
  /** Goes on from the range's other end, up to `from`: each place is looked at once. */
  readonly isWrapping?: boolean | undefined
}

export interface FoundHit {
  /** Absent when there is none. */
  readonly hit: Hit | undefined
  /** Whether that hit was met only after going on from the other end. */
  readonly isWrapped: boolean
  /** What could not be read on the way and so was not searched: sorted, disjoint. */
  readonly unreadable: readonly ByteRange[]
}

/**
 * The first match at or behind `from`, whatever it overlaps before. An expression sees the bytes before `from`: `\b`, `^` and look-behinds are what they are
 * in the whole range.
 *
 * @throws as `search`, but that unreadable bytes are in the answer.
 */
export async function findNext(
  source: ByteSource,
  query: Searchable,
  options: FindNearOptions = {},
): Promise<FoundHit> {
  return await findNear(source, query, { ...given(source, options), direction: 'forward' })
}

/** The last match that begins before `from`; it may end behind. @throws as `findNext`. */
export async function findPrevious(
  source: ByteSource,
  query: Searchable,
  options: FindNearOptions = {},
): Promise<FoundHit> {
  return await findNear(source, query, { ...given(source, options), direction: 'backward' })
}

/** The match that begins at exactly this place, if one does. @throws as `findNext`. */
export async function hitAt(
  source: ByteSource,
  query: Searchable,
  offset: number,
  options: Pick<FindNearOptions, 'signal'> = {},
): Promise<FoundHit> {
  return await findNear(source, query, { ...given(source, options), from: offset, isHere: true, direction: 'forward' })
}

interface NearOptions extends FindNearOptions {
  readonly direction: SearchDirection
  /** Only a hit that begins at `from`. */
  readonly isHere?: boolean
}

function given<Options extends object>(source: ByteSource, options: Options): Options {
  assertGiven({ source })
  assertOptions(options)
  return options
}

async function findNear(source: ByteSource, query: Searchable, options: NearOptions): Promise<FoundHit> {
  const compiled = queryOf(query)
  const { stop, release } = linkedStop(options.signal)
  const passed = passedSource(source, options)
  try {
    const task = taskOf(passed.source, { ...options, limit: 1 }, stop)
    if (options.from !== undefined) assertFrom(options.from, task.range)
    options.signal?.throwIfAborted()
    const completeness = new Completeness(task.range, () => undefined)
    const passes = passesOf(task.range, options)
    const total = passes.reduce((sum, starts) => sum + byteLengthOf(starts), 0)
    let before = 0
    for (const [index, starts] of passes.entries()) {
      if (byteLengthOf(starts) === 0) continue
      const share = { before, byteLength: byteLengthOf(starts), total }
      const near = {
        ...task,
        isOverlapping: true,
        onUnreadable: completeness.stepOver,
        onProgress: partOf(share, options),
      }
      for await (const { batch } of engineOf(compiled).stepsIn(compiled, near, starts)) {
        options.signal?.throwIfAborted()
        const hit = batch?.at(0)
        if (hit !== undefined) return { hit, isWrapped: index > 0, unreadable: completeness.unreadable }
      }
      before += share.byteLength
    }
    return { hit: undefined, isWrapped: false, unreadable: completeness.unreadable }
  } finally {
    release()
    stop.abort()
    await passed.end()
  }
}

/** One or two runs of places where a match may begin; when wrapping, each place of the range is in one of them. */
function passesOf({ start, end }: ByteRange, { from, direction, isWrapping, isHere }: NearOptions): ByteRange[] {
  const isForward = direction === 'forward'
  const place = from ?? (isForward ? start : end)
  if (isHere === true) return [{ start: place, end: Math.min(end, place + 1) }]
  const [below, above] = [
    { start, end: place },
    { start: place, end },
  ]
  const [first, second] = isForward ? [above, below] : [below, above]
  return isWrapping === true ? [first, second] : [first]
}

interface Share {
  readonly before: number
  readonly byteLength: number
  readonly total: number
}

/** Engines tell how far they are in their own measure, of one pass. */
function partOf({ before, byteLength, total }: Share, { onProgress }: NearOptions): NearOptions['onProgress'] {
  return (
    onProgress &&
    ((pass) => {
      const part = pass.total === 0 ? 1 : pass.scanned / pass.total
      onProgress({ scanned: Math.min(total, Math.round(before + part * byteLength)), total })
    })
  )
}
