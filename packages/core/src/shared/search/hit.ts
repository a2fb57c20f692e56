/** One place that matches. */
export interface Hit {
  readonly offset: number
  readonly byteLength: number
  /** Needle lists: the needle's index in the list. */
  readonly which?: number | undefined
}

/** Columns of hits; a column that would hold one and the same value is not there. */
export interface HitColumns {
  readonly offsets: Float64Array
  /** One length for all, or one for each. */
  readonly byteLengths: number | Uint32Array
  readonly which?: Uint32Array | undefined
}

/**
 * Hits in order, held as columns: 8 to 16 bytes each, where objects would take 60 and their making longer than the search. Walk it with
 * `for … of`, or take the columns.
 */
export class HitBatch implements Iterable<Hit> {
  readonly offsets: Float64Array
  readonly byteLengths: number | Uint32Array
  readonly which: Uint32Array | undefined

  constructor({ offsets, byteLengths, which }: HitColumns) {
    this.offsets = offsets
    this.byteLengths = byteLengths
    this.which = which
  }

  static from(hits: readonly Hit[]): HitBatch {
    const offsets = Float64Array.from(hits, (hit) => hit.offset)
    const byteLengths = Uint32Array.from(hits, (hit) => hit.byteLength)
    if (hits[0]?.which === undefined) return new HitBatch({ offsets, byteLengths })
    return new HitBatch({ offsets, byteLengths, which: Uint32Array.from(hits, (hit) => hit.which ?? 0) })
  }

  /** The hits of all of them, one after the other. */
  static concat(batches: readonly HitBatch[]): HitBatch {
    const [only] = batches
    if (only !== undefined && batches.length === 1) return only
    const length = batches.reduce((sum, batch) => sum + batch.length, 0)
    const offsets = new Float64Array(length)
    const byteLengths = new Uint32Array(length)
    const which = batches.some((batch) => batch.which !== undefined) ? new Uint32Array(length) : undefined
    let at = 0
    for (const batch of batches) {
      offsets.set(batch.offsets, at)
      if (typeof batch.byteLengths === 'number') byteLengths.fill(batch.byteLengths, at, at + batch.length)
      else byteLengths.set(batch.byteLengths, at)
      if (batch.which !== undefined) which?.set(batch.which, at)
      at += batch.length
    }
    return new HitBatch({ offsets, byteLengths, which })
  }

  get length(): number {
    return this.offsets.length
  }

  /** The hit at `index`, or `undefined` outside 0 to `length` - 1. */
  at(index: number): Hit | undefined {
    const offset = this.offsets[index]
    if (offset === undefined) return undefined
    const byteLength = this.byteLengthAt(index)
    return this.which === undefined
      ? { offset, byteLength }
      : { offset, byteLength, which: this.which[index] as number }
  }

  byteLengthAt(index: number): number {
    return typeof this.byteLengths === 'number' ? this.byteLengths : (this.byteLengths[index] as number)
  }

  /** Views of the same memory. */
  slice(start: number, end: number): HitBatch {
    if (start === 0 && end >= this.length) return this
    return new HitBatch({
      offsets: this.offsets.subarray(start, end),
      byteLengths: typeof this.byteLengths === 'number' ? this.byteLengths : this.byteLengths.subarray(start, end),
      which: this.which?.subarray(start, end),
    })
  }

  /** The same hits, last first. */
  toReversed(): HitBatch {
    return new HitBatch({
      offsets: this.offsets.toReversed(),
      byteLengths: typeof this.byteLengths === 'number' ? this.byteLengths : this.byteLengths.toReversed(),
      which: this.which?.toReversed(),
    })
  }

  /** Those at the indexes given, in that order. */
  pick(indexes: ArrayLike<number>): HitBatch {
    const { byteLengths, which } = this
    const columnAt = (column: Uint32Array): Uint32Array => Uint32Array.from(indexes, (index) => column[index] as number)
    return new HitBatch({
      offsets: Float64Array.from(indexes, (index) => this.offsets[index] as number),
      byteLengths: typeof byteLengths === 'number' ? byteLengths : columnAt(byteLengths),
      which: which && columnAt(which),
    })
  }

  /** Not a generator, whose every step costs twice as much. */
  [Symbol.iterator](): Iterator<Hit> {
    let index = 0
    return {
      next: (): IteratorResult<Hit> =>
        index < this.length ? { done: false, value: this.at(index++) as Hit } : { done: true, value: undefined },
    }
  }
}
