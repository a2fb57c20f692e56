import { expect, test } from 'vitest'
import type { EngineLimits } from '../../src/search/limits.ts'
import { patternEngineWith } from '../../src/search/pattern_engine.ts'
import type { SearchTask, Step } from '../../src/search/task.ts'
import type { ByteRange, Hit } from '../../src/shared/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { naiveHits } from '../support/naive_hits.ts'
import { Random, SEED } from '../support/random.ts'
import { randomQuery } from '../support/random_query.ts'
import { sparseContent } from '../support/sparse_content.ts'

/** Windows so small that every hit lies on some edge. */
function randomLimits(random: Random): EngineLimits {
  const windowByteLength = random.between(1, 24)
  return {
    windowByteLength,
    pieceByteLength: random.between(1, 60),
    zonesHeld: random.between(1, 3),
    readByteLength: random.between(1, 24),
    clusterByteLength: random.between(1, 12),
    firstByteLength: random.between(1, windowByteLength),
    joinByteLength: random.between(0, 10),
    hitsPerWindow: random.pick([1, 2, 3, 1000]),
    hitsPerBatch: random.pick([1, 3, 1000]),
  }
}

interface Answer {
  readonly hits: Hit[]
  readonly count: number
}

async function answerOf(steps: AsyncGenerator<Step>): Promise<Answer> {
  const hits: Hit[] = []
  let count = 0
  for await (const step of steps) {
    count += step.count
    if (step.batch !== undefined) {
      expect(step.count).toBe(step.batch.length)
      hits.push(...step.batch)
    }
  }
  return { hits, count }
}

test(`the engine agrees with the naive search, in every way it can be asked (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const random = new Random(SEED)
  const seen = { hits: 0, none: 0, across: 0 }
  for (let round = 0; round < 2000; round++) {
    const alphabet = random.pick([1, 2, 3])
    const { bytes, extents, unreadable } = sparseContent(random, alphabet)
    const source = new MemorySource(bytes, {
      extents: random.chance(0.7) ? extents : undefined,
      unreadable,
      hasMatchIn: random.chance(0.5),
    })
    const query = randomQuery(random, alphabet)
    const start = random.chance(0.5) ? 0 : random.between(0, bytes.length)
    const range = { start, end: random.chance(0.5) ? bytes.length : random.between(start, bytes.length) }
    const alignment = random.pick([1, 1, 1, 2, 3])
    const isOverlapping = random.chance(0.4)
    const place = random.between(range.start, range.end)
    const limits = randomLimits(random)
    const context = () =>
      JSON.stringify(
        {
          round,
          bytes: [...bytes],
          extents: source.extents && extents,
          unreadable,
          query,
          range,
          alignment,
          isOverlapping,
          place,
          limits,
        },
        (_, value) => (typeof value === 'bigint' ? Number(value) : value instanceof Uint8Array ? [...value] : value),
      )
    const missed: ByteRange[] = []
    const task: SearchTask = {
      source,
      range,
      direction: 'forward',
      signal: new AbortController().signal,
      alignment,
      isOverlapping,
      isCountOnly: false,
      limit: random.pick([1, 2, Number.POSITIVE_INFINITY]),
      onProgress: undefined,
      onUnreadable: (ranges) => missed.push(...ranges),
    }
    const engine = patternEngineWith(limits)
    const expected = naiveHits(bytes, query, { range, alignment, isOverlapping, unreadable })

    const forward = await answerOf(engine.steps(query, task))
    expect(forward.hits, context()).toEqual(expected)
    const backward = await answerOf(engine.steps(query, { ...task, direction: 'backward' }))
    expect(backward.hits, context()).toEqual(expected.toReversed())
    const counted = await answerOf(engine.steps(query, { ...task, isCountOnly: true }))
    expect(counted.count, context()).toBe(expected.length)
    const sides = await engine.sidesOf(query, task, place)
    const above = await answerOf(sides.above)
    const below = await answerOf(sides.below)
    expect([...below.hits.reverse(), ...above.hits], context()).toEqual(expected)
    const starts = random.chance(0.5)
      ? { start: range.start, end: place }
      : { start: place, end: random.between(place, range.end) }
    const all = naiveHits(bytes, query, { range, alignment, isOverlapping: true, unreadable })
    const within = all.filter(({ offset }) => starts.start <= offset && offset < starts.end)
    const everyPlace = { ...task, isOverlapping: true }
    const inOrder = await answerOf(engine.stepsIn(query, everyPlace, starts))
    expect(inOrder.hits, context()).toEqual(within)
    const lastFirst = await answerOf(engine.stepsIn(query, { ...everyPlace, direction: 'backward' }, starts))
    expect(lastFirst.hits.reverse(), context()).toEqual(within)

    if (expected.length > 0) seen.hits++
    else seen.none++
    if (above.hits.length > 0 && below.hits.length > 0) seen.across++
  }
  expect(seen.hits).toBeGreaterThan(400)
  expect(seen.none).toBeGreaterThan(150)
  expect(seen.across).toBeGreaterThan(100)
})
