import type { ByteRange, ByteSource } from '../../shared/index.ts'

const MIB = 1024 ** 2
const BLOCK_BYTE_LENGTH = 2 * MIB
/** Four windows: what two threads have in hand, and as much again. The page cache keeps the bytes anyway; this is what the process is seen to use of it. */
const WARM_BYTE_LENGTH = 128 * MIB

/** What of a mapping's pages to let go of before a window is looked at, and after. */
export interface Release {
  readonly before: readonly ByteRange[]
  readonly after: readonly ByteRange[]
}

/**
 * The stretches of a mapping looked at last, which stay in the page tables. To let go of each window at once made a search of 64 MiB twice as long as the
 * kernels take: 5 ms to fault its pages in again at the next search and 2 to 4 ms to drop them, beside 4 ms of looking.
 */
class WarmPages {
  /** Numbers of blocks, those looked at last behind. */
  readonly #blocks: Set<number> = new Set()

  pass({ start, end }: ByteRange, byteLength: number): Release {
    if (end - start > WARM_BYTE_LENGTH) return { before: [], after: [{ start, end }] }
    for (let block = Math.floor(start / BLOCK_BYTE_LENGTH); block * BLOCK_BYTE_LENGTH < end; block++) {
      this.#blocks.delete(block)
      this.#blocks.add(block)
    }
    const before: ByteRange[] = []
    for (const block of this.#blocks) {
      if (this.#blocks.size * BLOCK_BYTE_LENGTH <= WARM_BYTE_LENGTH) break
      this.#blocks.delete(block)
      const blockStart = block * BLOCK_BYTE_LENGTH
      before.push({ start: blockStart, end: Math.min(byteLength, blockStart + BLOCK_BYTE_LENGTH) })
    }
    return { before, after: [] }
  }
}

const WARM: WeakMap<ByteSource, WarmPages> = new WeakMap()

/** Counts a range of a mapped source as looked at, by whatever search. */
export function passPages(source: ByteSource, range: ByteRange): Release {
  const warm = WARM.get(source) ?? new WarmPages()
  WARM.set(source, warm)
  return warm.pass(range, source.byteLength)
}
