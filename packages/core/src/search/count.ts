import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteSource } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import { stepsOf } from './search.ts'
import { linkedStop, taskOf } from './task_of.ts'

export type CountOptions = Omit<SearchOptions, 'limit' | 'direction'>

/** What a part of a search that was cut comes to. */
export interface CountedPart {
  readonly count: number
  /** Where the last hit ends that the next may not overlap; 0 where there is none. The part behind begins there, or at its own start if that is farther. */
  readonly lastEnd: number
}

/**
 * How many hits `search` would give, without telling their places where that is quicker; those in holes are computed at once.
 *
 * @throws as `search` does.
 */
export async function count(source: ByteSource, query: Searchable, options: CountOptions = {}): Promise<number> {
  return (await countPart(source, query, options)).count
}

/** `count` for `starts` after `starts`: the counts of the parts add up to that of the whole. @throws as `search` does. */
export async function countPart(
  source: ByteSource,
  query: Searchable,
  options: CountOptions = {},
): Promise<CountedPart> {
  assertGiven({ source })
  assertOptions(options)
  const compiled = queryOf(query)
  const { stop, release } = linkedStop(options.signal)
  const { onUnreadable, starts, ...rest } = options
  const passed = passedSource(source, options)
  const task = taskOf(passed.source, { ...rest, starts }, stop)
  const completeness = new Completeness(task.range, onUnreadable)
  let lastEnd = 0
  try {
    options.signal?.throwIfAborted()
    const counted = { ...task, isCountOnly: true, onUnreadable: completeness.stepOver }
    for await (const step of stepsOf(compiled, counted, starts)) {
      completeness.hitCount += step.count
      lastEnd = Math.max(lastEnd, step.lastEnd ?? 0)
    }
    completeness.assertWhole()
    return { count: completeness.hitCount, lastEnd }
  } catch (error) {
    throw completeness.withCount(error)
  } finally {
    release()
    stop.abort()
    await passed.end()
  }
}
