import type { NativeMapping } from '@mapscope/native'
import type { ByteRange } from '../shared/index.ts'
import { keptPages } from './kept_pages.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** Bytes touched between two releases. Small beside a process, large beside the microseconds a release takes. */
const BUDGET_BYTE_LENGTH: number = 16 * 1024 ** 2

/** Linux maps the cached neighbours of a touched page along with it: 64 KiB, aligned. A read of 10 bytes may cost that much. */
const FAULT_AROUND_BYTE_LENGTH = 65_536

/**
 * Keeps a mapping from counting as memory of this process: pages that reads and searches touched stay in its page tables, and a
 * walk over a big file would look like a leak (and be one to a container's limit). The page cache keeps the bytes themselves.
 */
export class ResidentBudget {
  readonly #native: NativeMapping
  #touched = 0

  constructor(native: NativeMapping) {
    this.#native = native
  }

  /** Counts a range that was just touched; lets go of the whole mapping when the sum comes to the budget. */
  spend({ start, end }: ByteRange): void {
    const firstBlock = Math.floor(start / FAULT_AROUND_BYTE_LENGTH)
    const lastBlock = Math.ceil(end / FAULT_AROUND_BYTE_LENGTH)
    this.#touched += (lastBlock - firstBlock) * FAULT_AROUND_BYTE_LENGTH
    if (this.#touched < BUDGET_BYTE_LENGTH || this.#native.closed) return
    this.#touched = 0
    keptPages.forget(this.#native)
    pastViewFaults(() => this.#native.releasePages(0, this.#native.byteLength))
  }
}
