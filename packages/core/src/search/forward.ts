import { Breather } from '../shared/event_loop.ts'
import type { Zone } from '../shared/search/zones.ts'
import { Chain } from './chain.ts'
import { holeBatches, holeEnd, holePlaces } from './hole_hits.ts'
import { inOrder } from './in_order.ts'
import type { PatternRun, WindowHits } from './pattern_run.ts'
import type { Places, Step } from './task.ts'

/** All hits that begin at `places`, in order. Windows are matched `width` at a time. */
export async function* forwardSteps(run: PatternRun, places: Places, width: number): AsyncGenerator<Step> {
  const chain = new Chain(run, places.byteEnd, places.chainFrom)
  const breather = new Breather()
  const windows = run.segments(places, 'forward', run.limits.windowByteLength)
  const total = places.end - places.start
  for await (const { item: window, result } of inOrder(windows, width, (zone) => beginOn(run, zone, places))) {
    const steps =
      result === undefined ? holeSteps(run, chain, window) : windowSteps(run, { chain, window, begun: result })
    for await (const step of steps) {
      yield step
      await breather.pause()
      run.signal.throwIfAborted()
    }
    run.report(window.end - places.start, total)
    await breather.pause()
    run.signal.throwIfAborted()
  }
  run.signal.throwIfAborted()
  run.report(total, total)
}

function beginOn(run: PatternRun, zone: Zone, { byteEnd }: Places): Promise<WindowHits> | undefined {
  return zone.kind === 'scan' ? run.hitsAt(zone, byteEnd) : undefined
}

interface BegunWindow {
  readonly chain: Chain
  readonly window: Zone
  readonly begun: Promise<WindowHits>
}

async function* windowSteps(run: PatternRun, { chain, window, begun }: BegunWindow): AsyncGenerator<Step> {
  for await (const { count, batch, nextPlace } of chain.through(window, begun))
    yield {
      count,
      batch: run.isCountOnly ? undefined : batch,
      settledTo: Math.min(nextPlace, window.end),
      lastEnd: chain.lastEnd,
    }
}

/** Also 15 TiB of zeros are counted at once; as hits they come as long as somebody takes them. */
function* holeSteps(run: PatternRun, chain: Chain, zone: Zone): Generator<Step> {
  const places = holePlaces(zone, run.plan, run.plan.chain === 'none' ? zone.start : chain.lastEnd)
  if (run.plan.chain !== 'none') chain.lastEnd = holeEnd(places, chain.lastEnd)
  if (run.isCountOnly) {
    yield { count: places.count * places.hits.length, settledTo: zone.end, lastEnd: chain.lastEnd }
    return
  }
  for (const batch of holeBatches(places, run.plan, run.limits.hitsPerBatch)) {
    const last = batch.offsets[batch.length - 1] as number
    yield { count: batch.length, batch, settledTo: Math.min(last + 1, zone.end) }
  }
  yield { count: 0, settledTo: zone.end }
}
