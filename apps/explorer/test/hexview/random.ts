/** Seeded random numbers (mulberry32): a failing case is repeated by its seed. */
export class Random {
  readonly seed: number
  #state: number

  constructor(seed: number) {
    this.seed = seed
    this.#state = seed >>> 0
  }

  /** 0 <= x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer of min..max, both included; exact to 2^53. */
  integer(min: number, max: number): number {
    const fraction = (Math.floor(this.next() * 2 ** 21) * 2 ** 32 + Math.floor(this.next() * 2 ** 32)) / 2 ** 53
    return Math.min(max, min + Math.floor(fraction * (max - min + 1)))
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)] as T
  }
}

/** Runs a case for many seeds; what a failure says begins with the seed. */
export function forSeeds(count: number, run: (random: Random) => void): void {
  const base = Number(process.env['MAPSCOPE_SEED'] ?? Date.now() % 2 ** 31)
  for (let index = 0; index < count; index++) {
    const seed = base + index
    try {
      run(new Random(seed))
    } catch (cause) {
      throw new Error(`Failed with MAPSCOPE_SEED=${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      })
    }
  }
}

export const TIB_15: number = 15 * 2 ** 40

/** Lengths at which arithmetic breaks: nothing, one byte, around 4 GiB, 15 TiB, the last exact integer. */
export const LENGTHS: readonly number[] = [
  0,
  1,
  15,
  16,
  17,
  1000,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32 + 5,
  TIB_15 - 5,
  TIB_15,
  2 ** 53 - 16,
  2 ** 53 - 1,
]
