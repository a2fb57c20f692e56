import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteRange, ByteSource, Hit } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import { engineOf } from './engines.ts'
import { assertFrom } from './from.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import type { SearchTask, Step } from './task.ts'
import { linkedStop, taskOf } from './task_of.ts'

export interface FindNearOptions
  extends Pick<SearchOptions, 'range' | 'signal' | 'onProgress' | 'alignment' | 'releasesCache'> {
  /**
   * Next: the first hit that begins here or later; default: the range's start. Previous: the last that begins before; default: its end.
   * Inside the range.
   */
  readonly from?: number | undefined
}

export interface FoundHit {
  /** Absent when there is none. Going on from the other end is the caller's to do. */
  readonly hit: Hit | undefined
  /** What could not be read on the way and so was not searched: sorted, disjoint. */
  readonly unreadable: readonly ByteRange[]
}

/** The first match at or behind `from`, whatever it overlaps before. @throws as `search`, but that unreadable bytes are in the answer. */
export async function findNext(
  source: ByteSource,
  query: Searchable,
  options: FindNearOptions = {},
): Promise<FoundHit> {
  assertGiven({ source })
  assertOptions(options)
  const compiled = queryOf(query)
  return await firstHit(source, options, (task) =>
    engineOf(compiled).steps(compiled, {
      ...task,
      direction: 'forward',
      range: { start: options.from ?? task.range.start, end: task.range.end },
    }),
  )
}

/** The last match that begins before `from`; it may end behind. @throws as `findNext`. */
export async function findPrevious(
  source: ByteSource,
  query: Searchable,
  options: FindNearOptions = {},
): Promise<FoundHit> {
  assertGiven({ source })
  assertOptions(options)
  const compiled = queryOf(query)
  return await firstHit(source, options, (task) =>
    engineOf(compiled).stepsBefore(
      compiled,
      { ...task, direction: 'backward', isOverlapping: true },
      options.from ?? task.range.end,
    ),
  )
}

async function firstHit(
  source: ByteSource,
  options: FindNearOptions,
  stepsFor: (task: SearchTask) => AsyncGenerator<Step>,
): Promise<FoundHit> {
  const { stop, release } = linkedStop(options.signal)
  const passed = passedSource(source, options)
  try {
    const task = taskOf(passed.source, { ...options, limit: 1 }, stop)
    if (options.from !== undefined) assertFrom(options.from, task.range)
    options.signal?.throwIfAborted()
    const completeness = new Completeness(task.range, () => undefined)
    for await (const { batch } of stepsFor({ ...task, onUnreadable: completeness.stepOver })) {
      options.signal?.throwIfAborted()
      const hit = batch?.at(0)
      if (hit !== undefined) return { hit, unreadable: completeness.unreadable }
    }
    return { hit: undefined, unreadable: completeness.unreadable }
  } finally {
    release()
    stop.abort()
    await passed.end()
  }
}
