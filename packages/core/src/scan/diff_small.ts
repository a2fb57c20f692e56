import type { AlignedDifference } from './diff_aligned.ts'
import { commonPrefixLength, commonSuffixLength } from './equal_bytes.ts'
import { longestRise } from './longest_rise.ts'

/** Blocks that hold two stretches together. Shorter ones would be met by chance, longer ones be broken by near differences. */
const BLOCK_BYTE_LENGTH = 16

/** Equal bytes between two changes at the same places that are fewer belong to the change: one in 256 is equal by chance. */
const LEAST_EQUAL_BYTE_LENGTH = 8

interface Seed {
  readonly x: number
  readonly y: number
}

/** The difference of two stretches in memory, at any shift; offsets count from `base`. */
export function* diffSmall(
  x: Uint8Array,
  y: Uint8Array,
  base: { readonly a: number; readonly b: number },
): Generator<AlignedDifference> {
  let at: Seed = { x: 0, y: 0 }
  const piece = (kind: AlignedDifference['kind'], from: Seed, to: Seed): AlignedDifference => ({
    kind,
    a: { start: base.a + from.x, end: base.a + to.x },
    b: { start: base.b + from.y, end: base.b + to.y },
  })
  for (const seed of seedsOf(x, y)) {
    if (seed.x < at.x || seed.y < at.y) continue
    const back = commonSuffixLength(x.subarray(at.x, seed.x), y.subarray(at.y, seed.y))
    const from = { x: seed.x - back, y: seed.y - back }
    const ahead = commonPrefixLength(x.subarray(seed.x), y.subarray(seed.y))
    yield* residue(x, y, at, from, piece)
    at = { x: seed.x + ahead, y: seed.y + ahead }
    yield piece('equal', from, at)
  }
  yield* residue(x, y, at, { x: x.length, y: y.length }, piece)
}

type MakePiece = (kind: AlignedDifference['kind'], from: Seed, to: Seed) => AlignedDifference

/** Nothing holds these together but their ends. */
function* residue(x: Uint8Array, y: Uint8Array, from: Seed, to: Seed, piece: MakePiece): Generator<AlignedDifference> {
  const [inX, inY] = [x.subarray(from.x, to.x), y.subarray(from.y, to.y)]
  if (inX.length === inY.length) return yield* samePlaces(inX, inY, from, piece)
  const prefix = commonPrefixLength(inX, inY)
  const suffix = commonSuffixLength(inX.subarray(prefix), inY.subarray(prefix))
  const middle = { x: from.x + prefix, y: from.y + prefix }
  const after = { x: to.x - suffix, y: to.y - suffix }
  yield piece('equal', from, middle)
  if (middle.x === after.x) yield piece('inserted', middle, after)
  else yield piece(middle.y === after.y ? 'deleted' : 'changed', middle, after)
  yield piece('equal', after, to)
}

function* samePlaces(x: Uint8Array, y: Uint8Array, from: Seed, piece: MakePiece): Generator<AlignedDifference> {
  const at = (place: number): Seed => ({ x: from.x + place, y: from.y + place })
  let done = 0
  for (let place = 0; place < x.length; ) {
    const same = commonPrefixLength(x.subarray(place), y.subarray(place))
    const isToldApart = same >= LEAST_EQUAL_BYTE_LENGTH || place === 0 || place + same === x.length
    if (same > 0 && isToldApart) {
      yield piece('changed', at(done), at(place))
      done = place + same
      yield piece('equal', at(place), at(done))
    }
    place += same
    while (place < x.length && x[place] !== y[place]) place++
  }
  if (done < x.length) yield piece('changed', at(done), at(x.length))
}

/** Blocks of `x` that are there once and stand in `y` as well, in the order of both. */
function seedsOf(x: Uint8Array, y: Uint8Array): Seed[] {
  if (x.length < BLOCK_BYTE_LENGTH || y.length < BLOCK_BYTE_LENGTH) return []
  const places = new Map<number, number>()
  for (let at = 0; at + BLOCK_BYTE_LENGTH <= x.length; at += BLOCK_BYTE_LENGTH) {
    const hash = blockHash(x, at)
    places.set(hash, places.has(hash) ? -1 : at)
  }
  const seeds: Seed[] = []
  let hash = blockHash(y, 0)
  for (let at = 0; ; at++) {
    const place = places.get(hash) ?? -1
    if (place >= 0 && isSameBlock(x, y, place, at)) seeds.push({ x: place, y: at })
    if (at + BLOCK_BYTE_LENGTH >= y.length) break
    hash = (Math.imul(hash - Math.imul(y[at] as number, OUTGOING), FACTOR) + (y[at + BLOCK_BYTE_LENGTH] as number)) | 0
  }
  return longestRise(seeds, (seed) => seed.x)
}

/** A polynomial of the bytes modulo 2^32: what rolls from a place to the next. */
const FACTOR = 0x01000193
const OUTGOING: number = power(FACTOR, BLOCK_BYTE_LENGTH - 1)

function power(base: number, exponent: number): number {
  let result = 1
  for (let step = 0; step < exponent; step++) result = Math.imul(result, base)
  return result
}

function blockHash(bytes: Uint8Array, at: number): number {
  let hash = 0
  for (let i = at; i < at + BLOCK_BYTE_LENGTH; i++) hash = (Math.imul(hash, FACTOR) + (bytes[i] as number)) | 0
  return hash
}

function isSameBlock(x: Uint8Array, y: Uint8Array, atX: number, atY: number): boolean {
  for (let i = 0; i < BLOCK_BYTE_LENGTH; i++) if (x[atX + i] !== y[atY + i]) return false
  return true
}
