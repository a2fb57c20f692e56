import { type ByteRange, type CancelSignal, mergeRanges } from '../shared/index.ts'
import type { Zone } from './zones.ts'

/** A piece of a zone that is short enough for one job; or a hole, or what is known to be unreadable, of any length. */
export interface Window extends ByteRange {
  readonly kind: 'data' | 'hole' | 'lost'
}

/** What a scan could not read so far, which windows to come need not ask for again. */
export class KnownGaps {
  #gaps: readonly ByteRange[] = []

  get ranges(): readonly ByteRange[] {
    return this.#gaps
  }

  add(gaps: readonly ByteRange[]): void {
    if (gaps.length > 0) this.#gaps = mergeRanges([...this.#gaps, ...gaps])
  }

  /** Where the gap that holds `offset` ends; `offset` itself when none does. */
  endOf(offset: number): number {
    return this.#gaps.find((gap) => offset >= gap.start && offset < gap.end)?.end ?? offset
  }

  /** Clipped to what was asked for. */
  within({ start, end }: ByteRange): ByteRange[] {
    return this.#gaps.flatMap((gap) => {
      const inside = { start: Math.max(gap.start, start), end: Math.min(gap.end, end) }
      return inside.start < inside.end ? [inside] : []
    })
  }
}

export interface WindowShape {
  /** A multiple of `unit`. */
  readonly byteLength: number
  readonly unit: number
  readonly gaps: KnownGaps
  readonly signal: CancelSignal | undefined
}

/** Zones cut into windows, leaping over what has become known to be unreadable meanwhile. */
export async function* windowsOf(
  zones: AsyncIterable<Zone>,
  { byteLength, unit, gaps, signal }: WindowShape,
): AsyncGenerator<Window> {
  for await (const zone of zones) {
    signal?.throwIfAborted()
    if (zone.kind === 'hole') {
      yield zone
      continue
    }
    for (let at = zone.start; at < zone.end; ) {
      signal?.throwIfAborted()
      const lost = Math.min(zone.end, gaps.endOf(at)) - at
      const isLost = lost >= unit || at + lost === zone.end
      const length = isLost && lost > 0 ? (at + lost === zone.end ? lost : Math.floor(lost / unit) * unit) : byteLength
      const end = Math.min(zone.end, at + length)
      yield { kind: isLost && lost > 0 ? 'lost' : 'data', start: at, end }
      at = end
    }
  }
}

/** `work` on up to `ahead` items at once; results in the items' order. Nothing is left in flight unobserved when it ends early. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  ahead: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = []
  try {
    for await (const item of items) {
      const result = work(item)
      // Whoever awaits it later hears of its failure; until then it must not count as unhandled.
      result.catch(() => {})
      underWay.push(result)
      if (underWay.length > ahead) yield await (underWay.shift() as Promise<R>)
    }
    while (underWay.length > 0) yield await (underWay.shift() as Promise<R>)
  } finally {
    await Promise.allSettled(underWay)
  }
}
