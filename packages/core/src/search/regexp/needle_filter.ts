import { type BytePattern, compileBytePattern } from '../../source/byte_pattern.ts'
import type { Needle } from './needles.ts'
import type { Starts } from './scan_starts.ts'
import type { HitPairs, ScanEnd, TextScan } from './scan_text.ts'
import { type NeedlePlaces, stretchesOf } from './stretches.ts'

/** A place for so many bytes, and the engine finds its own way sooner. */
const BYTES_PER_PLACE = 64
/** Windows that are not tried after one with too many places. */
const WINDOWS_SKIPPED = 15

/** The needles of an expression, for the native kernels to find. */
export class NeedleFilter {
  readonly #needles: readonly Needle[]
  readonly #pattern: BytePattern
  #skipped = 0

  constructor(needles: readonly Needle[]) {
    const [first] = needles
    this.#needles = needles
    this.#pattern = compileBytePattern(
      needles.length === 1 && first !== undefined
        ? { kind: 'bytes', values: first.values, masks: first.masks }
        : { kind: 'any', needles },
    )
  }

  /** Where the needles are; undefined when they are too common to tell anything. */
  places(bytes: Uint8Array, from: number): NeedlePlaces | undefined {
    if (this.#skipped > 0) {
      this.#skipped--
      return undefined
    }
    const limit = 16 + Math.ceil((bytes.length - from) / BYTES_PER_PLACE)
    const { count, offsets, which } = this.#pattern.matchBytes(bytes.subarray(from), { limit })
    if (count >= limit) {
      this.#skipped = WINDOWS_SKIPPED
      return undefined
    }
    return { places: offsets.map((place) => place + from), which }
  }

  /** Where matches may begin in the text, given where the needles are. */
  stretches(text: string, places: NeedlePlaces): readonly Starts[] {
    return stretchesOf(text, this.#needles, places)
  }

  /** The hits of an expression that matches exactly where its one needle does. */
  scan(
    bytes: Uint8Array,
    { from, ownEnd, limit }: Pick<TextScan, 'from' | 'ownEnd' | 'limit'>,
    hits: HitPairs,
  ): ScanEnd {
    const byteLength = this.#needles[0]?.values.length ?? 0
    const { offsets } = this.#pattern.matchBytes(bytes.subarray(from), {
      limit,
      isOverlapping: false,
      startsBefore: Math.min(ownEnd, bytes.length) - from,
    })
    hits.pushAll(offsets, from, byteLength)
    const last = offsets.at(-1)
    const at = last === undefined ? from : from + last + byteLength
    if (offsets.length >= limit) return { state: 'more', next: at }
    return { state: 'done', next: Math.max(at, ownEnd) }
  }
}
