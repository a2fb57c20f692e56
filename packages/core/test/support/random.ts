/** Every seeded test names its seed in its title; TEST_SEED=… runs that one again. */
export const SEED: number = Number(process.env['TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** Mulberry32: small, fast, and the same on every machine. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.#next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.between(0, items.length - 1)] as T
  }

  /** Bytes of a small alphabet, so that near misses and overlaps happen often. */
  bytes(length: number, alphabet = 256): Uint8Array {
    return Uint8Array.from({ length }, () => this.between(0, alphabet - 1))
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
