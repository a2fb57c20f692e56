import type { Zone } from '../shared/search/zones.ts'
import { Chain } from './chain.ts'
import { holeBatchesBackward, holeEnd, holePlaces } from './hole_hits.ts'
import type { PatternRun, WindowHits } from './pattern_run.ts'
import type { Places, Step } from './task.ts'

/**
 * Which of overlapping hits count is settled from the first of them on: `aaa` holds `aa` at 0 and not at 1. From the end, then, windows are
 * taken together back to one that no match reaches into, walked forward once to learn where the chain enters each, and told from there, last
 * first. What is held is a number for each window and the hits of one. Apart from periodic data a cluster is one window.
 */
export async function* clusterSteps(run: PatternRun, places: Places): AsyncGenerator<Step> {
  const windows = run.segments(places, 'backward', run.limits.clusterByteLength)
  for (;;) {
    const cluster = await nextCluster(run, places, windows)
    if (cluster.length === 0) return
    const chain = new Chain(run, places.byteEnd, places.chainFrom)
    const entries = new Map<Zone, number>()
    for (const window of cluster.toReversed()) {
      entries.set(window, chain.lastEnd)
      if (window !== cluster[0]) await walk(run, chain, window)
    }
    for (const window of cluster) yield* toldBackward(run, new Chain(run, places.byteEnd, entries.get(window)), window)
  }
}

/** Where the last hit ends that begins before `place`, among the hits inside `places`: what a search from `place` on must not overlap. */
export async function chainEnd(run: PatternRun, places: Places, place: number): Promise<number> {
  const before = { ...places, end: place }
  if (run.plan.chain === 'none' || !(await run.hasHitAcross(place, places))) return 0
  const windows = run.segments(before, 'backward', run.limits.clusterByteLength)
  const cluster = await nextCluster(run, before, windows)
  const chain = new Chain(run, places.byteEnd)
  for (const window of cluster.reverse()) await walk(run, chain, window)
  return chain.lastEnd
}

/** The next windows from the end that belong together, last first. */
async function nextCluster(run: PatternRun, places: Places, windows: AsyncIterator<Zone>): Promise<Zone[]> {
  const cluster: Zone[] = []
  for (;;) {
    const next = await windows.next()
    if (next.done === true) return cluster
    cluster.push(next.value)
    if (!(await run.hasHitAcross(next.value.start, places))) return cluster
    run.signal.throwIfAborted()
  }
}

async function walk(run: PatternRun, chain: Chain, window: Zone): Promise<void> {
  if (window.kind === 'match') chain.lastEnd = holeEnd(holePlaces(window, run.plan, chain.lastEnd), chain.lastEnd)
  else for await (const _ of chain.through(window)) run.signal.throwIfAborted()
}

async function* toldBackward(run: PatternRun, chain: Chain, window: Zone): AsyncGenerator<Step> {
  if (window.kind === 'match') {
    const places = holePlaces(window, run.plan, chain.lastEnd)
    for (const batch of holeBatchesBackward(places, run.plan, run.limits.hitsPerBatch))
      yield { count: batch.length, batch, settledTo: batch.offsets[batch.length - 1] as number }
  } else {
    const parts: WindowHits[] = []
    for await (const part of chain.through(window)) parts.push(part)
    for (const { batch, count } of parts.reverse())
      yield { count, batch: batch.toReversed(), settledTo: batch.offsets[0] ?? window.start }
  }
  yield { count: 0, settledTo: window.start }
}
