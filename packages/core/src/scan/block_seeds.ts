import { longestRise } from './longest_rise.ts'

/** A block that is the same in two arrays: where it stands in each. */
export interface Seed {
  readonly x: number
  readonly y: number
}

/** Blocks of `x`, one after the other, that are there once, and stand anywhere in `y`: in the order of both. A rolling hash finds them. */
export function blockSeeds(x: Uint8Array, y: Uint8Array, blockByteLength: number): Seed[] {
  if (x.length < blockByteLength || y.length < blockByteLength) return []
  const places = new Map<number, number>()
  for (let at = 0; at + blockByteLength <= x.length; at += blockByteLength) {
    const hash = blockHash(x, at, blockByteLength)
    places.set(hash, places.has(hash) ? -1 : at)
  }
  const outgoing = power(FACTOR, blockByteLength - 1)
  const seeds: Seed[] = []
  let hash = blockHash(y, 0, blockByteLength)
  for (let at = 0; ; at++) {
    const place = places.get(hash) ?? -1
    if (place >= 0 && isSame(x, y, { x: place, y: at }, blockByteLength)) seeds.push({ x: place, y: at })
    if (at + blockByteLength >= y.length) break
    hash = (Math.imul(hash - Math.imul(y[at] as number, outgoing), FACTOR) + (y[at + blockByteLength] as number)) | 0
  }
  return longestRise(seeds, (seed) => seed.x)
}

/** Of a polynomial of the bytes modulo 2^32. */
const FACTOR = 0x01000193

function power(base: number, exponent: number): number {
  let result = 1
  for (let step = 0; step < exponent; step++) result = Math.imul(result, base)
  return result
}

function blockHash(bytes: Uint8Array, start: number, byteLength: number): number {
  let hash = 0
  for (let at = start; at < start + byteLength; at++) hash = (Math.imul(hash, FACTOR) + (bytes[at] as number)) | 0
  return hash
}

function isSame(x: Uint8Array, y: Uint8Array, seed: Seed, byteLength: number): boolean {
  for (let at = 0; at < byteLength; at++) if (x[seed.x + at] !== y[seed.y + at]) return false
  return true
}
