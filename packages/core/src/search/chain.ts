import type { HitBatch } from '../shared/index.ts'
import type { Zone } from '../shared/search/zones.ts'
import type { PatternRun, WindowHits } from './pattern_run.ts'

/**
 * Walks windows in order and leaves out what overlaps the hit before. The windows were matched side by side, each as if nothing came
 * before it; where a hit reaches into the next, that one is matched again from the hit's end. That happens in periodic data only.
 */
export class Chain {
  /** Where the last hit ends. */
  lastEnd: number
  readonly #run: PatternRun
  readonly #byteEnd: number

  constructor(run: PatternRun, byteEnd: number, lastEnd = 0) {
    this.#run = run
    this.#byteEnd = byteEnd
    this.lastEnd = lastEnd
  }

  /** @param begun the window's hits from its start, when they were asked for already. */
  async *through(window: Zone, begun?: Promise<WindowHits>): AsyncGenerator<WindowHits> {
    let hits = await (begun ?? this.#run.hitsAt(window, this.#byteEnd))
    if (this.#isWrongFrom(window, hits)) {
      if (this.lastEnd >= window.end) return
      hits = await this.#run.hitsAt({ start: this.lastEnd, end: window.end }, this.#byteEnd)
    }
    for (;;) {
      yield this.#linked(hits)
      const next = this.#run.plan.chain === 'none' ? hits.nextPlace : Math.max(hits.nextPlace, this.lastEnd)
      if (next >= window.end) return
      hits = await this.#run.hitsAt({ start: next, end: window.end }, this.#byteEnd)
    }
  }

  #isWrongFrom(window: Zone, { batch }: WindowHits): boolean {
    if (this.#run.plan.chain !== 'matcher' || this.lastEnd <= window.start) return false
    const first = batch.offsets[0]
    return first !== undefined && first < this.lastEnd
  }

  #linked(hits: WindowHits): WindowHits {
    const { chain } = this.#run.plan
    if (chain === 'none') return hits
    const batch = chain === 'filter' ? this.#filtered(hits.batch) : hits.batch
    const last = batch.length - 1
    if (last >= 0) this.lastEnd = (batch.offsets[last] as number) + batch.byteLengthAt(last)
    return { ...hits, batch, count: batch.length }
  }

  #filtered(batch: HitBatch): HitBatch {
    const kept: number[] = []
    let end = this.lastEnd
    for (let index = 0; index < batch.length; index++) {
      const offset = batch.offsets[index] as number
      if (offset < end) continue
      kept.push(index)
      end = offset + batch.byteLengthAt(index)
    }
    return kept.length === batch.length ? batch : batch.pick(kept)
  }
}
