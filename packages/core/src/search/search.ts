import { assertGiven, assertOptions } from '../shared/arguments.ts'
import type { ByteRange, ByteSource, CompiledQuery, HitBatch } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import { engineOf } from './engines.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import type { SearchTask, Step } from './task.ts'
import { linkedStop, taskOf } from './task_of.ts'

/**
 * All hits of a query in a source of any size, in order, in batches. Windows are matched off this thread where the source can (mappings do);
 * holes are computed and never read; memory is bounded by a few windows' hits. Taking no more batches stops the work.
 *
 * ```ts
 * for await (const batch of search(source, { kind: 'hex', text: '4D 5A ?? ?? 5?' }))
 *   for (const { offset, byteLength } of batch) console.log(offset, byteLength)
 * ```
 *
 * @throws `ERR_ARGUMENT` for what is no query, `ERR_RANGE` for a range outside the source, at once. While it runs: the signal's reason,
 *   `ERR_FAULT` after the last hit when bytes could not be read (see `onUnreadable`), and what the source rejects with; both with `hitCount`.
 */
export function search(
  source: ByteSource,
  query: Searchable,
  options: SearchOptions = {},
): AsyncGenerator<HitBatch, void, undefined> {
  assertGiven({ source })
  assertOptions(options)
  const compiled = queryOf(query)
  const { stop, release } = linkedStop(options.signal)
  const passed = passedSource(source, options)
  const checked = taskOf(passed.source, options, stop)
  const completeness = new Completeness(checked.range, options.onUnreadable)
  const task = { ...checked, onUnreadable: completeness.stepOver }
  return batchesOf(() => stepsOf(compiled, task, options.starts), {
    limit: task.limit,
    completeness,
    end: async () => {
      release()
      stop.abort()
      await passed.end()
    },
    assertWanted: () => options.signal?.throwIfAborted(),
  })
}

/** All the hits of the task, or those that begin in a part of its range. */
export function stepsOf(query: CompiledQuery, task: SearchTask, starts: ByteRange | undefined): AsyncGenerator<Step> {
  const engine = engineOf(query)
  return starts === undefined ? engine.steps(query, task) : engine.stepsIn(query, task, starts)
}

interface Delivery {
  readonly limit: number
  readonly completeness: Completeness
  end(): Promise<void>
  assertWanted(): void
}

async function* batchesOf(begin: () => AsyncGenerator<Step>, delivery: Delivery): AsyncGenerator<HitBatch> {
  const { limit, completeness, assertWanted } = delivery
  try {
    assertWanted()
    if (limit === 0) return
    for await (const { batch } of begin()) {
      assertWanted()
      if (batch === undefined || batch.length === 0) continue
      const wanted = batch.slice(0, limit - completeness.hitCount)
      completeness.hitCount += wanted.length
      yield wanted
      if (completeness.hitCount >= limit) return
    }
    completeness.assertWhole()
  } catch (error) {
    throw completeness.withCount(error)
  } finally {
    await delivery.end()
  }
}
