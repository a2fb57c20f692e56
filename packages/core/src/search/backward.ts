import { Breather } from '../shared/event_loop.ts'
import type { Zone } from '../shared/search/zones.ts'
import { clusterSteps } from './clusters.ts'
import { holeBatchesBackward, holePlaces } from './hole_hits.ts'
import { inOrder } from './in_order.ts'
import type { PatternRun, WindowHits } from './pattern_run.ts'
import type { Places, Step } from './task.ts'

/** The hits of `forwardSteps`, last first. */
export async function* backwardSteps(run: PatternRun, places: Places, width: number): AsyncGenerator<Step> {
  const breather = new Breather()
  const total = places.end - places.start
  const steps = run.plan.chain === 'none' ? plainSteps(run, places, width) : clusterSteps(run, places)
  for await (const step of steps) {
    yield step
    run.report(places.end - step.settledTo, total)
    await breather.pause()
    run.signal.throwIfAborted()
  }
  run.signal.throwIfAborted()
  run.report(total, total)
}

/** Hits that do not depend on one another: each window by itself. */
async function* plainSteps(run: PatternRun, places: Places, width: number): AsyncGenerator<Step> {
  const windows = run.segments(places, 'backward', run.limits.windowByteLength)
  const begin = ({ kind, start, end }: Zone): Promise<WindowHits> | undefined =>
    kind === 'scan' ? run.hitsAt({ start, end }, places.byteEnd) : undefined
  for await (const { item: window, result } of inOrder(windows, width, begin)) {
    if (result === undefined) yield* holeSteps(run, window)
    else yield* windowSteps({ run, window, hits: await result, byteEnd: places.byteEnd })
  }
}

function* holeSteps(run: PatternRun, zone: Zone): Generator<Step> {
  const places = holePlaces(zone, run.plan, zone.start)
  for (const batch of holeBatchesBackward(places, run.plan, run.limits.hitsPerBatch)) {
    const first = batch.offsets[batch.length - 1] as number
    yield { count: batch.length, batch, settledTo: first }
  }
  yield { count: 0, settledTo: zone.start }
}

interface WindowStep {
  readonly run: PatternRun
  readonly window: { readonly start: number; readonly end: number }
  readonly hits: WindowHits
  readonly byteEnd: number
}

/** A window with more hits than one answer holds is parted, and its later half comes first. */
async function* windowSteps({ run, window, hits, byteEnd }: WindowStep): AsyncGenerator<Step> {
  if (hits.nextPlace >= window.end) {
    yield { count: hits.count, batch: hits.batch.toReversed(), settledTo: window.start }
    return
  }
  const middle = Math.floor((window.start + window.end) / 2)
  for (const half of [
    { start: middle, end: window.end },
    { start: window.start, end: middle },
  ]) {
    if (half.start < half.end) yield* windowSteps({ run, window: half, hits: await run.hitsAt(half, byteEnd), byteEnd })
  }
}
