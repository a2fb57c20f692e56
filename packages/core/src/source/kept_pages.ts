import type { NativeMapping } from '@mapscope/native'
import { type ByteRange, mergeRanges } from '../shared/index.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** Their page tables are 1 MiB. The bytes are the page cache's in any case; this is what the process is seen to use of it. */
const MOST_BYTE_LENGTH: number = 512 * 1024 ** 2

/** How a search takes a range of a mapping. */
export interface PageUse {
  /** What it looks at may stay mapped. */
  readonly keepsPages: boolean
  /** It is all mapped from the time before. */
  readonly arePagesMapped: boolean
}

/**
 * What of mappings searches leave mapped, of those searched last: to bring 64 MiB in again and to let go of them takes 5 to 9 ms, to look at them 3. Longer
 * mappings are let go of as a search goes on.
 */
class KeptPages {
  /** The mappings searched last behind, and what of them was looked at. */
  readonly #kept: Map<NativeMapping, readonly ByteRange[]> = new Map()
  #byteLength = 0

  use(native: NativeMapping, range: ByteRange): PageUse {
    const { byteLength } = native
    if (byteLength > MOST_BYTE_LENGTH) return { keepsPages: false, arePagesMapped: false }
    const known = this.#kept.get(native) ?? []
    this.forget(native)
    this.#makeRoomFor(byteLength)
    this.#kept.set(native, known)
    this.#byteLength += byteLength
    const arePagesMapped = known.some(({ start, end }) => start <= range.start && range.end <= end)
    return { keepsPages: true, arePagesMapped }
  }

  /** That was looked at, and kept. */
  add(native: NativeMapping, range: ByteRange): void {
    const known = this.#kept.get(native)
    if (known !== undefined) this.#kept.set(native, mergeRanges([...known, range]))
  }

  /** It was let go of, or closed. */
  forget(native: NativeMapping): void {
    if (this.#kept.delete(native)) this.#byteLength -= native.byteLength
  }

  #makeRoomFor(byteLength: number): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#byteLength + byteLength <= MOST_BYTE_LENGTH) break
      this.forget(oldest)
      if (!oldest.closed) pastViewFaults(() => oldest.releasePages(0, oldest.byteLength))
    }
  }
}

export const keptPages: KeptPages = new KeptPages()
