import type { FileStatus } from '@mapscope/core'
import { isSameStatus } from '../documents/disk.ts'

const MAX_COUNT = 256

/** The status each path had when it was last asked for: while a file stays as it is, what follows from its status need not be made again. */
export class KnownStatuses {
  readonly #byPath: Map<string, FileStatus> = new Map()

  /** The one that is known, if it says the same. */
  same(path: string, status: FileStatus): FileStatus {
    const known = this.#byPath.get(path)
    const isSame =
      known !== undefined &&
      known.inode === status.inode &&
      known.device === status.device &&
      isSameStatus(known, status)
    if (isSame) return known
    if (this.#byPath.size === MAX_COUNT) this.#byPath.clear()
    this.#byPath.set(path, status)
    return status
  }
}
