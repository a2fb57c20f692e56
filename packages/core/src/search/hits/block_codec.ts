import { HitBatch, type HitColumns } from '../../shared/index.ts'

/** Hits in one block. Fewer make the index longer, more make a single hit slower to reach: 8,192 take some 50 µs to decode. */
export const HITS_PER_BLOCK = 8192

/** A number of 53 bits takes up to 8 bytes, one of 32 bits up to 5. */
export const MAX_BLOCK_BYTE_LENGTH: number = 1 + 5 + HITS_PER_BLOCK * (8 + 5 + 5)

const HAS_LENGTHS = 1
const HAS_WHICH = 2

/**
 * Writes one block of hits in order and gives its length in bytes: a byte of flags, the length when it is the same for all, then for each hit
 * its distance to the one before (the first: to nothing, its offset is in the index), its length when they vary, and its needle.
 */
export function encodeBlock({ offsets, byteLengths, which }: HitColumns, target: Uint8Array): number {
  const writer = new VarintWriter(target)
  const uniform = uniformLength(byteLengths)
  writer.put((uniform === undefined ? HAS_LENGTHS : 0) | (which === undefined ? 0 : HAS_WHICH))
  if (uniform !== undefined) writer.put(uniform)
  if (uniform !== undefined && which === undefined) {
    writer.putDistances(offsets)
    return writer.byteLength
  }
  let before = offsets[0] as number
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] as number
    writer.put(offset - before)
    before = offset
    if (uniform === undefined) writer.put((byteLengths as Uint32Array)[index] as number)
    if (which !== undefined) writer.put(which[index] as number)
  }
  return writer.byteLength
}

export interface BlockPlace {
  readonly firstOffset: number
  readonly count: number
}

export function decodeBlock(bytes: Uint8Array, { firstOffset, count }: BlockPlace): HitBatch {
  const reader = new VarintReader(bytes)
  const flags = reader.take()
  const lengths = (flags & HAS_LENGTHS) === 0 ? undefined : new Uint32Array(count)
  const which = (flags & HAS_WHICH) === 0 ? undefined : new Uint32Array(count)
  const uniform = lengths === undefined ? reader.take() : 0
  const offsets = new Float64Array(count)
  let offset = firstOffset
  for (let index = 0; index < count; index++) {
    offset += reader.take()
    offsets[index] = offset
    if (lengths !== undefined) lengths[index] = reader.take()
    if (which !== undefined) which[index] = reader.take()
  }
  return new HitBatch({ offsets, byteLengths: lengths ?? uniform, which })
}

function uniformLength(byteLengths: HitColumns['byteLengths']): number | undefined {
  if (typeof byteLengths === 'number') return byteLengths
  const first = byteLengths[0] as number
  return byteLengths.every((length) => length === first) ? first : undefined
}

/** Seven bits a byte, low ones first. Not with shifts alone: they end at 32 bits. */
class VarintWriter {
  byteLength = 0
  readonly #target: Uint8Array

  constructor(target: Uint8Array) {
    this.#target = target
  }

  /** What almost all hits are, in a loop of its own: dense ones, a byte each, then cost 2 ns and not 10. */
  putDistances(offsets: Float64Array): void {
    const target = this.#target
    let before = offsets[0] as number
    let at = this.byteLength
    for (let index = 0; index < offsets.length; index++) {
      const offset = offsets[index] as number
      const distance = offset - before
      before = offset
      if (distance < 0x80) {
        target[at++] = distance
        continue
      }
      this.byteLength = at
      this.put(distance)
      at = this.byteLength
    }
    this.byteLength = at
  }

  put(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      this.#target[this.byteLength++] = (rest % 0x80) | 0x80
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80)
    }
    this.#target[this.byteLength++] = rest
  }
}

class VarintReader {
  #at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(): number {
    let byte = this.#bytes[this.#at++] as number
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
      byte = this.#bytes[this.#at++] as number
      value += (byte & 0x7f) * scale
    }
    return value
  }
}
