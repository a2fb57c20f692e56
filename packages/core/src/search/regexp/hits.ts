/** A match; its bytes are from `offset` to before `offset + byteLength`. */
export interface RegexpHit {
  readonly offset: number
  readonly byteLength: number
}

/** Hits in order, as columns: objects take four times the room, and longer to make than many a match to find. */
export class RegexpBatch {
  readonly offsets: Float64Array
  readonly byteLengths: Uint32Array

  constructor(offsets: Float64Array, byteLengths: Uint32Array) {
    this.offsets = offsets
    this.byteLengths = byteLengths
  }

  static one({ offset, byteLength }: RegexpHit): RegexpBatch {
    return new RegexpBatch(Float64Array.of(offset), Uint32Array.of(byteLength))
  }

  get length(): number {
    return this.offsets.length
  }

  /** The same as objects, made anew at each call. */
  get hits(): RegexpHit[] {
    return Array.from(this.offsets, (offset, index) => ({ offset, byteLength: this.byteLengths[index] as number }))
  }

  /** Where the hit at `index` ends. */
  endOf(index: number): number {
    return (this.offsets[index] as number) + (this.byteLengths[index] as number)
  }

  /** Views of the same memory. */
  slice(start: number, end?: number): RegexpBatch {
    return new RegexpBatch(this.offsets.subarray(start, end), this.byteLengths.subarray(start, end))
  }

  toReversed(): RegexpBatch {
    return new RegexpBatch(this.offsets.toReversed(), this.byteLengths.toReversed())
  }

  static join(batches: readonly RegexpBatch[]): RegexpBatch {
    const count = batches.reduce((sum, { length }) => sum + length, 0)
    const joined = new RegexpBatch(new Float64Array(count), new Uint32Array(count))
    let at = 0
    for (const { offsets, byteLengths, length } of batches) {
      joined.offsets.set(offsets, at)
      joined.byteLengths.set(byteLengths, at)
      at += length
    }
    return joined
  }
}
