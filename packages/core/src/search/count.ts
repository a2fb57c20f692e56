import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteSource } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import { engineOf } from './engines.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import { linkedStop, taskOf } from './task_of.ts'

export type CountOptions = Omit<SearchOptions, 'limit' | 'direction'>

/**
 * How many hits `search` would give, without telling their places where that is quicker; those in holes are computed at once.
 *
 * @throws as `search` does.
 */
export async function count(source: ByteSource, query: Searchable, options: CountOptions = {}): Promise<number> {
  assertGiven({ source })
  assertOptions(options)
  const compiled = queryOf(query)
  const { stop, release } = linkedStop(options.signal)
  const { onUnreadable, ...rest } = options
  const passed = passedSource(source, options)
  const task = taskOf(passed.source, rest, stop)
  const completeness = new Completeness(task.range, onUnreadable)
  try {
    options.signal?.throwIfAborted()
    const counted = { ...task, isCountOnly: true, onUnreadable: completeness.stepOver }
    for await (const step of engineOf(compiled).steps(compiled, counted)) completeness.hitCount += step.count
    completeness.assertWhole()
    return completeness.hitCount
  } catch (error) {
    throw completeness.withCount(error)
  } finally {
    release()
    stop.abort()
    await passed.end()
  }
}
