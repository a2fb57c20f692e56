import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { type ByteSource, type FindProgress, type Hit, HitBatch } from '../shared/index.ts'
import { passedSource } from '../shared/releasing_cache.ts'
import { Completeness } from './completeness.ts'
import type { Sides } from './engine.ts'
import { engineOf } from './engines.ts'
import { assertFrom } from './from.ts'
import type { Searchable, SearchOptions } from './options.ts'
import { queryOf } from './query_of.ts'
import type { Step } from './task.ts'
import { linkedStop, taskOf } from './task_of.ts'

export interface OutwardOptions extends Omit<SearchOptions, 'direction'> {
  /** Where the caret is. Inside the range. */
  readonly from: number
}

const HITS_PER_BATCH = 4096

/**
 * The hits of `search` from a place outwards: the nearest to begin first, of two as near the one behind. Both sides are searched no further
 * than is needed to say which hit is next.
 *
 * @throws as `search` does, `ERR_ARGUMENT` without a `from`, and `ERR_RANGE` for one outside the range.
 */
export function searchOutwards(
  source: ByteSource,
  query: Searchable,
  options: OutwardOptions,
): AsyncGenerator<HitBatch, void, undefined> {
  assertGiven({ source })
  assertOptions(options)
  assertGiven({ from: options.from })
  const compiled = queryOf(query)
  const { stop, release } = linkedStop(options.signal)
  const passed = passedSource(source, options)
  const task = taskOf(passed.source, options, stop)
  assertFrom(options.from, task.range)
  const completeness = new Completeness(task.range, options.onUnreadable)
  const end = async (): Promise<void> => {
    release()
    stop.abort()
    await passed.end()
  }
  const begin = (): Promise<Sides> => {
    options.signal?.throwIfAborted()
    // How many are wanted of one side is not known, so neither stops by itself.
    const all = { ...task, limit: Number.POSITIVE_INFINITY, onUnreadable: completeness.stepOver }
    return engineOf(compiled).sidesOf(compiled, all, options.from)
  }
  return nearestFirst(begin, {
    ...options,
    limit: task.limit,
    total: task.range.end - task.range.start,
    completeness,
    end,
  })
}

interface Delivery extends Pick<OutwardOptions, 'from' | 'signal' | 'onProgress'> {
  readonly limit: number
  readonly total: number
  readonly completeness: Completeness
  end(): Promise<void>
}

async function* nearestFirst(begin: () => Promise<Sides>, delivery: Delivery): AsyncGenerator<HitBatch> {
  const { completeness, limit, signal } = delivery
  try {
    if (limit === 0) return
    for await (const hits of merged(await begin(), delivery)) {
      signal?.throwIfAborted()
      const wanted = HitBatch.from(hits).slice(0, limit - completeness.hitCount)
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

async function* merged({ below, above }: Sides, { from, total, limit, onProgress }: Delivery): AsyncGenerator<Hit[]> {
  const up = new Side(above, (offset) => offset - from)
  const down = new Side(below, (offset) => from - offset)
  let hits: Hit[] = []
  for (;;) {
    const nearer = up.bound <= down.bound ? up : down
    const hit = nearer.take()
    if (hit !== undefined) hits.push(hit)
    const isOver = hit === undefined && nearer.isDone
    if (hits.length > 0 && (hit === undefined || hits.length >= Math.min(limit, HITS_PER_BATCH))) {
      yield hits
      hits = []
    }
    if (isOver) return
    if (hit === undefined) await nearer.pull()
    onProgress?.(progress([up, down], total))
  }
}

function progress(sides: readonly Side[], total: number): FindProgress {
  const scanned = sides.reduce((sum, { settled }) => sum + settled, 0)
  return { scanned: Math.min(total, Math.max(0, scanned)), total }
}

/** One direction: its hits by distance, and how far it is known. */
class Side {
  isDone = false
  /** Hits nearer than this have all been seen. */
  settled = 0
  readonly #steps: AsyncGenerator<Step>
  readonly #distance: (offset: number) => number
  #batch: HitBatch | undefined
  #index = 0

  constructor(steps: AsyncGenerator<Step>, distance: (offset: number) => number) {
    this.#steps = steps
    this.#distance = distance
  }

  /** The next hit is this far or farther. */
  get bound(): number {
    const offset = this.#batch?.offsets[this.#index]
    if (offset !== undefined) return this.#distance(offset)
    return this.isDone ? Number.POSITIVE_INFINITY : this.settled
  }

  take(): Hit | undefined {
    const hit = this.#batch?.at(this.#index)
    if (hit !== undefined) this.#index++
    return hit
  }

  async pull(): Promise<void> {
    const next = await this.#steps.next()
    this.#index = 0
    this.#batch = next.done === true ? undefined : next.value.batch
    if (next.done === true) this.isDone = true
    else this.settled = this.#distance(next.value.settledTo)
  }
}
