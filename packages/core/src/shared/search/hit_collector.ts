import type { MatchOptions, MatchResult } from './matching.ts'

/** Gathers hits in growing columns, or only counts them; knows which places are wanted and when enough is enough. */
export class HitCollector {
  count = 0
  readonly #options: MatchOptions
  readonly #hasLengths: boolean
  readonly #hasWhich: boolean
  #offsets: Float64Array = new Float64Array(64)
  #byteLengths: Uint32Array = new Uint32Array(64)
  #which: Uint32Array = new Uint32Array(64)

  constructor(options: MatchOptions, columns: { readonly hasLengths: boolean; readonly hasWhich: boolean }) {
    this.#options = options
    this.#hasLengths = columns.hasLengths
    this.#hasWhich = columns.hasWhich
  }

  /** No place from here on is wanted. */
  get end(): number {
    return this.#options.startsBefore ?? Number.POSITIVE_INFINITY
  }

  isWanted(place: number): boolean {
    const { alignment = 1, alignmentBase = 0 } = this.#options
    return alignment === 1 || (place + alignmentBase) % alignment === 0
  }

  get isFull(): boolean {
    return this.#options.isCountOnly !== true && this.count >= this.#options.limit
  }

  add(offset: number, byteLength: number, which = 0): void {
    const index = this.count++
    if (this.#options.isCountOnly === true) return
    if (index === this.#offsets.length) this.#grow()
    this.#offsets[index] = offset
    this.#byteLengths[index] = byteLength
    this.#which[index] = which
  }

  result(scannedTo: number): MatchResult {
    const length = this.#options.isCountOnly === true ? 0 : this.count
    return {
      count: this.count,
      offsets: this.#offsets.subarray(0, length),
      byteLengths: this.#hasLengths ? this.#byteLengths.subarray(0, length) : undefined,
      which: this.#hasWhich ? this.#which.subarray(0, length) : undefined,
      scannedTo,
    }
  }

  #grow(): void {
    const capacity = this.#offsets.length * 4
    const grown = <T extends Float64Array | Uint32Array>(empty: T, full: T): T => {
      empty.set(full)
      return empty
    }
    this.#offsets = grown(new Float64Array(capacity), this.#offsets)
    this.#byteLengths = grown(new Uint32Array(capacity), this.#byteLengths)
    this.#which = grown(new Uint32Array(capacity), this.#which)
  }
}
