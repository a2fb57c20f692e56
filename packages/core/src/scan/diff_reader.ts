import { faultError } from '../native_errors.ts'
import type { ByteRange, ByteSource } from '../shared/index.ts'
import type { DiffOptions } from './diff_aligned.ts'
import { commonPrefixLength, commonSuffixLength } from './equal_bytes.ts'

/** The first window of a comparison, as most end soon, and the longest one. */
const FIRST_BYTE_LENGTH = 4_096
const LONGEST_BYTE_LENGTH: number = 1024 ** 2

/** Two sources that are read together, whole or not at all. */
export class PairReader {
  readonly a: ByteSource
  readonly b: ByteSource
  readonly #options: DiffOptions
  #scanned = 0

  constructor(a: ByteSource, b: ByteSource, options: DiffOptions) {
    this.a = a
    this.b = b
    this.#options = options
  }

  /** Bytes that need not be looked at any more, or were. */
  count(byteLength: number): void {
    const total = 2 * (this.a.byteLength + this.b.byteLength)
    this.#scanned = Math.min(total, this.#scanned + byteLength)
    this.#options.onProgress?.({ scanned: this.#scanned, total })
  }

  async bytes(side: 'a' | 'b', { start, end }: ByteRange): Promise<Uint8Array> {
    const { signal } = this.#options
    signal?.throwIfAborted()
    const { bytes, unreadable } = await this[side].read(start, end - start, { signal })
    this.count(end - start)
    if (unreadable[0] === undefined) return bytes
    throw faultError({ offset: Math.max(start, unreadable[0].start), fileByteLength: undefined })
  }

  /** How many bytes from there on are the same, up to a limit. */
  async commonPrefix(from: { readonly a: number; readonly b: number }, limit: number): Promise<number> {
    let same = 0
    for (let window = FIRST_BYTE_LENGTH; same < limit; window = Math.min(4 * window, LONGEST_BYTE_LENGTH)) {
      const length = Math.min(window, limit - same)
      const [x, y] = await this.#both({ a: from.a + same, b: from.b + same }, length)
      const equal = commonPrefixLength(x, y)
      same += equal
      if (equal < length) break
      if (length === LONGEST_BYTE_LENGTH && x[length - 1] === 0)
        same += await this.#commonHole({ a: from.a + same, b: from.b + same }, limit - same)
    }
    return same
  }

  /** How many bytes before are the same, up to a limit. */
  async commonSuffix(to: { readonly a: number; readonly b: number }, limit: number): Promise<number> {
    let same = 0
    for (let window = FIRST_BYTE_LENGTH; same < limit; window = Math.min(4 * window, LONGEST_BYTE_LENGTH)) {
      const length = Math.min(window, limit - same)
      const [x, y] = await this.#both({ a: to.a - same - length, b: to.b - same - length }, length)
      const equal = commonSuffixLength(x, y)
      same += equal
      if (equal < length) break
    }
    return same
  }

  /** How many bytes from there on are in a hole on both sides: zeros that need not be read. */
  async #commonHole(at: { readonly a: number; readonly b: number }, limit: number): Promise<number> {
    const lengths = await Promise.all([holeLength(this.a, at.a, limit), holeLength(this.b, at.b, limit)])
    const byteLength = Math.min(...lengths)
    this.count(2 * byteLength)
    return byteLength
  }

  #both(at: { readonly a: number; readonly b: number }, byteLength: number): Promise<[Uint8Array, Uint8Array]> {
    return Promise.all([
      this.bytes('a', { start: at.a, end: at.a + byteLength }),
      this.bytes('b', { start: at.b, end: at.b + byteLength }),
    ])
  }
}

async function holeLength(source: ByteSource, start: number, limit: number): Promise<number> {
  if (source.extents === undefined || limit === 0) return 0
  for await (const extent of source.extents({ start, end: start + limit }))
    return extent.kind === 'hole' ? extent.end - start : 0
  return 0
}
