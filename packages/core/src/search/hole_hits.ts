import { HitBatch } from '../shared/index.ts'
import type { Zone } from '../shared/search/zones.ts'
import type { PatternPlan, ZeroHit } from './plan.ts'

/** Places in a hole where zeros match, evenly apart; at each, all of `hits`. */
export interface HolePlaces {
  readonly first: number
  readonly step: number
  readonly count: number
  readonly hits: readonly ZeroHit[]
}

/** @param from the first place that is not overlapped by a hit before. */
export function holePlaces(zone: Zone, plan: PatternPlan, from: number): HolePlaces {
  const { alignment } = plan
  const isChained = plan.chain !== 'none'
  // Spellings of one text never match at one place, so a chain has one zero hit.
  const hits = isChained ? plan.zeroHits.slice(0, 1) : plan.zeroHits
  const step = isChained ? alignedUp(hits[0]?.byteLength ?? 1, alignment) : alignment
  const first = alignedUp(Math.max(zone.start, from), alignment)
  return { first, step, count: first < zone.end ? Math.floor((zone.end - 1 - first) / step) + 1 : 0, hits }
}

/** Where the last hit ends, or `before` when there is none. */
export function holeEnd({ first, step, count, hits }: HolePlaces, before: number): number {
  return count === 0 ? before : first + (count - 1) * step + (hits[0]?.byteLength ?? 0)
}

/** Computed, never read. */
export function* holeBatches(places: HolePlaces, plan: PatternPlan, hitsPerBatch: number): Generator<HitBatch> {
  const perBatch = placesPerBatch(places, hitsPerBatch)
  for (let index = 0; index < places.count; index += perBatch)
    yield batchOf(places, plan, { index, count: Math.min(perBatch, places.count - index) })
}

/** The same hits, last first. */
export function* holeBatchesBackward(places: HolePlaces, plan: PatternPlan, hitsPerBatch: number): Generator<HitBatch> {
  const perBatch = placesPerBatch(places, hitsPerBatch)
  for (let end = places.count; end > 0; end -= perBatch) {
    const index = Math.max(0, end - perBatch)
    yield batchOf(places, plan, { index, count: end - index }).toReversed()
  }
}

function placesPerBatch({ hits }: HolePlaces, hitsPerBatch: number): number {
  return Math.max(1, Math.floor(hitsPerBatch / hits.length))
}

function batchOf(
  { first, step, hits }: HolePlaces,
  { hasWhich }: PatternPlan,
  { index, count }: { readonly index: number; readonly count: number },
): HitBatch {
  const perPlace = hits.length
  const length = count * perPlace
  const hitAt = (at: number): ZeroHit => hits[at % perPlace] as ZeroHit
  const offsets = new Float64Array(length)
  for (let at = 0; at < length; at++) offsets[at] = first + (index + Math.floor(at / perPlace)) * step
  return new HitBatch({
    offsets,
    byteLengths: perPlace === 1 ? hitAt(0).byteLength : Uint32Array.from({ length }, (_, at) => hitAt(at).byteLength),
    which: hasWhich ? Uint32Array.from({ length }, (_, at) => hitAt(at).which ?? 0) : undefined,
  })
}

function alignedUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
