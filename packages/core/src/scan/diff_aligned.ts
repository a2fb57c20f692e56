import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import type { ByteRange, ByteSource, CacheOptions, CancelSignal } from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { type Anchor, anchorsOf } from './diff_anchors.ts'
import { AlignedPieces } from './diff_pieces.ts'
import { PairReader } from './diff_reader.ts'
import { diffSmall } from './diff_small.ts'

/**
 * A stretch of two sources. `equal` and `changed` have bytes on both sides, as many on both in `equal`; `inserted` has none in `a`, `deleted` none
 * in `b`.
 */
export interface AlignedDifference {
  readonly kind: 'equal' | 'changed' | 'inserted' | 'deleted'
  readonly a: ByteRange
  readonly b: ByteRange
}

export interface DiffProgress {
  /** Of the bytes of both sources, most of which are looked at twice. */
  readonly scanned: number
  readonly total: number
}

export interface DiffOptions extends CacheOptions {
  readonly signal?: CancelSignal | undefined
  readonly onProgress?: ((progress: DiffProgress) => void) | undefined
}

/** Longest stretches that are compared in memory, byte by byte at any shift. */
const SMALL_BYTE_LENGTH: number = 1024 ** 2

/**
 * How `b` came from `a` by insertions, deletions and changes: stretches in order that cover both sources without gaps. What is called equal is
 * so, byte for byte.
 *
 * Both are cut into chunks where their content says so, so that the cuts move with it; chunks that are the same in both, and but once in `a`, hold
 * the two together in order. Between them smaller blocks do the same. Memory is bounded whatever the length: 131,072 chunks a source and some
 * MiB. The bounds:
 *
 * - Chunks are 256 bytes in small sources and 1/131,072 of large ones (32 KiB in 4 GiB). Equal content between two differences that is shorter
 *   than about two of them, and not within 1 MiB of them, may be called changed.
 * - Content that moved elsewhere is deleted in one place and inserted in the other. Content that is there many times over (zeros) holds nothing.
 * - Holes are read as the zeros they are, but where they are at the same place on both sides.
 *
 * @throws `ERR_FAULT` for bytes that cannot be read, the signal's reason when aborted, and whatever the sources reject with.
 */
export async function* diffAligned(
  a: ByteSource,
  b: ByteSource,
  options: DiffOptions = {},
): AsyncGenerator<AlignedDifference> {
  assertGiven({ a, b })
  assertOptions(options)
  options.signal?.throwIfAborted()
  const pieces = new AlignedPieces()
  const found = passingAll(a, options, (passedA) =>
    passingAll(b, options, (passedB) => piecesOf(new PairReader(passedA, passedB, options))),
  )
  for await (const piece of found) yield* pieces.add(piece)
  yield* pieces.rest()
}

async function* piecesOf(pair: PairReader): AsyncGenerator<AlignedDifference> {
  const ends = { a: pair.a.byteLength, b: pair.b.byteLength }
  const prefix = await pair.commonPrefix({ a: 0, b: 0 }, Math.min(ends.a, ends.b))
  yield equal({ a: 0, b: 0 }, prefix)
  pair.count(2 * prefix) // neither cut into chunks nor looked at again
  let at: Places = { a: prefix, b: prefix }
  if (at.a === ends.a || at.b === ends.b) return yield* gap(pair, at, ends)
  const breather = new Breather()
  for (const anchor of await anchorsOf(pair, at)) {
    await breather.pause()
    if (!(await isTrue(pair, anchor, at))) continue
    const back = await pair.commonSuffix(anchor, Math.min(anchor.a - at.a, anchor.b - at.b))
    const from = { a: anchor.a - back, b: anchor.b - back }
    yield* gap(pair, at, from)
    const ahead = await pair.commonPrefix(anchor, Math.min(ends.a - anchor.a, ends.b - anchor.b))
    yield equal(from, back + ahead)
    at = { a: anchor.a + ahead, b: anchor.b + ahead }
  }
  const suffix = await pair.commonSuffix(ends, Math.min(ends.a - at.a, ends.b - at.b))
  const tail = { a: ends.a - suffix, b: ends.b - suffix }
  yield* gap(pair, at, tail)
  yield equal(tail, suffix)
}

interface Places {
  readonly a: number
  readonly b: number
}

/** Whether it lies ahead, and its bytes are the same: a checksum alone is not believed. */
async function isTrue(pair: PairReader, anchor: Anchor, at: Places): Promise<boolean> {
  if (anchor.a < at.a || anchor.b < at.b) return false
  return (await pair.commonPrefix(anchor, anchor.byteLength)) === anchor.byteLength
}

/** What lies between two equal stretches. */
async function* gap(pair: PairReader, from: Places, to: Places): AsyncGenerator<AlignedDifference> {
  const a = { start: from.a, end: to.a }
  const b = { start: from.b, end: to.b }
  const [lengthA, lengthB] = [a.end - a.start, b.end - b.start]
  if (lengthA > 0 && lengthB > 0 && Math.max(lengthA, lengthB) <= SMALL_BYTE_LENGTH)
    yield* diffSmall(await pair.bytes('a', a), await pair.bytes('b', b), from)
  else if (lengthA === lengthB) yield* sameLength(pair, from, lengthA)
  else yield { kind: kindOf(lengthA, lengthB), a, b }
}

function kindOf(lengthA: number, lengthB: number): AlignedDifference['kind'] {
  if (lengthA === 0) return 'inserted'
  return lengthB === 0 ? 'deleted' : 'changed'
}

/** As many bytes on both sides, too many to shift: piece by piece at the same places. */
async function* sameLength(pair: PairReader, from: Places, byteLength: number): AsyncGenerator<AlignedDifference> {
  for (let done = 0; done < byteLength; done += SMALL_BYTE_LENGTH) {
    const length = Math.min(SMALL_BYTE_LENGTH, byteLength - done)
    const at = { a: from.a + done, b: from.b + done }
    const x = await pair.bytes('a', { start: at.a, end: at.a + length })
    const y = await pair.bytes('b', { start: at.b, end: at.b + length })
    yield* diffSmall(x, y, at)
  }
}

function equal({ a, b }: Places, byteLength: number): AlignedDifference {
  return { kind: 'equal', a: { start: a, end: a + byteLength }, b: { start: b, end: b + byteLength } }
}
