import { HitBatch } from '../../shared/index.ts'

/** The hits that do not fill a block yet. */
export class PendingHits {
  length = 0
  readonly #capacity: number
  readonly #offsets: Float64Array
  readonly #byteLengths: Uint32Array
  readonly #which: Uint32Array
  /** One length for all of them, as almost always; then the column is not kept. */
  #byteLength: number | undefined
  #hasWhich = false

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#offsets = new Float64Array(capacity)
    this.#byteLengths = new Uint32Array(capacity)
    this.#which = new Uint32Array(capacity)
  }

  get isFull(): boolean {
    return this.length === this.#capacity
  }

  get firstOffset(): number | undefined {
    return this.length === 0 ? undefined : this.#offsets[0]
  }

  /** Takes hits of a batch from `start` on, as many as there is room for, and says how many. */
  take(batch: HitBatch, start: number): number {
    const count = Math.min(batch.length - start, this.#capacity - this.length)
    const { offsets, byteLengths, which } = batch.slice(start, start + count)
    this.#offsets.set(offsets, this.length)
    this.#takeByteLengths(byteLengths, count)
    if (which === undefined) this.#which.fill(0, this.length, this.length + count)
    else this.#which.set(which, this.length)
    this.#hasWhich ||= which !== undefined
    this.length += count
    return count
  }

  /** A copy: what is pending changes. */
  batch(): HitBatch {
    return new HitBatch({
      offsets: this.#offsets.slice(0, this.length),
      byteLengths: this.#byteLength ?? this.#byteLengths.slice(0, this.length),
      which: this.#hasWhich ? this.#which.slice(0, this.length) : undefined,
    })
  }

  clear(): void {
    this.length = 0
  }

  #takeByteLengths(byteLengths: HitBatch['byteLengths'], count: number): void {
    const isUniform = typeof byteLengths === 'number'
    if (this.length === 0) this.#byteLength = isUniform ? byteLengths : undefined
    if (isUniform && byteLengths === this.#byteLength) return
    if (this.#byteLength !== undefined) this.#byteLengths.fill(this.#byteLength, 0, this.length)
    this.#byteLength = undefined
    if (isUniform) this.#byteLengths.fill(byteLengths, this.length, this.length + count)
    else this.#byteLengths.set(byteLengths, this.length)
  }
}
