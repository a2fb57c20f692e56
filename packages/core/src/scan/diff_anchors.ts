import { crc32 } from 'node:zlib'
import { Breather } from '../shared/event_loop.ts'
import type { PairReader } from './diff_reader.ts'
import { longestRise } from './longest_rise.ts'

/** A stretch that seems to be the same in both: its length and a checksum are. */
export interface Anchor {
  readonly a: number
  readonly b: number
  readonly byteLength: number
}

/** Chunks of a source that are remembered, more or less. 8 bytes of key and of place each. */
const WANTED_CHUNKS = 131_072
const LEAST_CHUNK_BYTE_LENGTH = 256

const WINDOW_BYTE_LENGTH: number = 1024 ** 2

/** The chunks that both sources have from some places on, in the order of both. */
export async function anchorsOf(pair: PairReader, from: { readonly a: number; readonly b: number }): Promise<Anchor[]> {
  const longest = Math.max(pair.a.byteLength - from.a, pair.b.byteLength - from.b)
  const usual = Math.max(LEAST_CHUNK_BYTE_LENGTH, 2 ** Math.ceil(Math.log2(longest / WANTED_CHUNKS)))
  const places = new Map<number, number>()
  for await (const { key, start } of chunksOf(pair, 'a', from.a, usual)) places.set(key, places.has(key) ? -1 : start)
  const shared: Anchor[] = []
  for await (const { key, start, byteLength } of chunksOf(pair, 'b', from.b, usual)) {
    const place = places.get(key)
    if (place !== undefined && place >= 0) shared.push({ a: place, b: start, byteLength })
  }
  return longestRise(shared, (anchor) => anchor.a)
}

interface ContentChunk {
  /** Length and checksum in one exact number. */
  readonly key: number
  readonly start: number
  readonly byteLength: number
}

/**
 * Cuts a source where a hash of the last 32 bytes says so, at `usual` bytes on average: the cuts depend on what is there and not on where it is,
 * so content that moved is cut the same way.
 */
async function* chunksOf(pair: PairReader, side: 'a' | 'b', from: number, usual: number): AsyncGenerator<ContentChunk> {
  const { byteLength } = pair[side]
  const [least, most] = [usual / 4, usual * 8]
  const shift = 32 - Math.log2(usual)
  const breather = new Breather()
  let start = from
  let checksum = 0
  let hash = 0
  for (let at = from; at < byteLength; ) {
    const bytes = await pair.bytes(side, { start: at, end: Math.min(byteLength, at + WINDOW_BYTE_LENGTH) })
    let summed = 0
    // Where no cut may be, nothing is hashed but what the first place that may have one looks back at.
    for (let i = Math.max(0, start + least - 32 - at); i < bytes.length; i++) {
      hash = ((hash << 1) + (GEAR[bytes[i] as number] as number)) | 0
      const length = at + i + 1 - start
      if (length < least || (hash >>> shift !== 0 && length < most)) continue
      yield { key: keyOf(length, crc32(bytes.subarray(summed, i + 1), checksum)), start, byteLength: length }
      start += length
      summed = i + 1
      checksum = 0
      hash = 0
      i = Math.max(i, start + least - 32 - at - 1)
    }
    checksum = crc32(bytes.subarray(Math.min(summed, bytes.length)), checksum)
    at += bytes.length
    await breather.pause()
  }
  if (start < byteLength) yield { key: keyOf(byteLength - start, checksum), start, byteLength: byteLength - start }
}

/** The low 20 bits of the length: more would not be exact. */
function keyOf(byteLength: number, checksum: number): number {
  return (byteLength % 2 ** 20) * 2 ** 32 + checksum
}

/** Random numbers, one for each byte; the same in every run, from a small generator of its own. */
const GEAR: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => {
  let mixed = Math.imul(byte + 1, 0x9e3779b1)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
})
