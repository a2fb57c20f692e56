import { blockSeeds, type Seed } from './block_seeds.ts'
import type { AlignedDifference } from './diff_aligned.ts'
import { commonPrefixLength, commonSuffixLength } from './equal_bytes.ts'

/** Blocks that hold two stretches together. Shorter ones would be met by chance, longer ones be broken by near differences. */
const BLOCK_BYTE_LENGTH = 16

/** …and those that hold together what is left between them, when that is short: chance is less then. */
const SHORT_BLOCK_BYTE_LENGTH = 6
const SHORT_BYTE_LENGTH = 8_192

/** Equal bytes between two changes at the same places that are fewer belong to the change: one in 256 is equal by chance. */
const LEAST_EQUAL_BYTE_LENGTH = 8

/** The difference of two stretches in memory, at any shift; offsets count from `base`. */
export function diffSmall(
  x: Uint8Array,
  y: Uint8Array,
  base: { readonly a: number; readonly b: number },
): Generator<AlignedDifference> {
  return new SmallDiff(x, y, base, BLOCK_BYTE_LENGTH).pieces()
}

class SmallDiff {
  readonly #x: Uint8Array
  readonly #y: Uint8Array
  readonly #base: { readonly a: number; readonly b: number }
  readonly #blockByteLength: number

  constructor(x: Uint8Array, y: Uint8Array, base: { readonly a: number; readonly b: number }, blockByteLength: number) {
    this.#x = x
    this.#y = y
    this.#base = base
    this.#blockByteLength = blockByteLength
  }

  *pieces(): Generator<AlignedDifference> {
    const [x, y] = [this.#x, this.#y]
    let at: Seed = { x: 0, y: 0 }
    for (const seed of blockSeeds(x, y, this.#blockByteLength)) {
      if (seed.x < at.x || seed.y < at.y) continue
      const back = commonSuffixLength(x.subarray(at.x, seed.x), y.subarray(at.y, seed.y))
      const from = { x: seed.x - back, y: seed.y - back }
      const ahead = commonPrefixLength(x.subarray(seed.x), y.subarray(seed.y))
      yield* this.#residue(at, from)
      at = { x: seed.x + ahead, y: seed.y + ahead }
      yield this.#piece('equal', from, at)
    }
    yield* this.#residue(at, { x: x.length, y: y.length })
  }

  /** No block holds these together; their ends may, and shorter blocks. */
  *#residue(from: Seed, to: Seed): Generator<AlignedDifference> {
    const [x, y] = [this.#x.subarray(from.x, to.x), this.#y.subarray(from.y, to.y)]
    if (x.length === y.length) return yield* this.#samePlaces(x, y, from)
    const prefix = commonPrefixLength(x, y)
    const suffix = commonSuffixLength(x.subarray(prefix), y.subarray(prefix))
    const middle = { x: from.x + prefix, y: from.y + prefix }
    const after = { x: to.x - suffix, y: to.y - suffix }
    yield this.#piece('equal', from, middle)
    if (middle.x === after.x) yield this.#piece('inserted', middle, after)
    else if (middle.y === after.y) yield this.#piece('deleted', middle, after)
    else yield* this.#unlike(middle, after)
    yield this.#piece('equal', after, to)
  }

  *#unlike(from: Seed, to: Seed): Generator<AlignedDifference> {
    const isShort = Math.max(to.x - from.x, to.y - from.y) <= SHORT_BYTE_LENGTH
    if (!isShort || this.#blockByteLength === SHORT_BLOCK_BYTE_LENGTH) return yield this.#piece('changed', from, to)
    const base = { a: this.#base.a + from.x, b: this.#base.b + from.y }
    const [x, y] = [this.#x.subarray(from.x, to.x), this.#y.subarray(from.y, to.y)]
    yield* new SmallDiff(x, y, base, SHORT_BLOCK_BYTE_LENGTH).pieces()
  }

  *#samePlaces(x: Uint8Array, y: Uint8Array, from: Seed): Generator<AlignedDifference> {
    const at = (place: number): Seed => ({ x: from.x + place, y: from.y + place })
    let done = 0
    for (let place = 0; place < x.length; ) {
      const same = commonPrefixLength(x.subarray(place), y.subarray(place))
      const isToldApart = same >= LEAST_EQUAL_BYTE_LENGTH || place === 0 || place + same === x.length
      if (same > 0 && isToldApart) {
        yield this.#piece('changed', at(done), at(place))
        done = place + same
        yield this.#piece('equal', at(place), at(done))
      }
      place += same
      while (place < x.length && x[place] !== y[place]) place++
    }
    if (done < x.length) yield this.#piece('changed', at(done), at(x.length))
  }

  #piece(kind: AlignedDifference['kind'], from: Seed, to: Seed): AlignedDifference {
    const { a, b } = this.#base
    return { kind, a: { start: a + from.x, end: a + to.x }, b: { start: b + from.y, end: b + to.y } }
  }
}
