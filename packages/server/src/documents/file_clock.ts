import { closeSync, futimesSync } from 'node:fs'
import type { FileStatus } from '@mapscope/core'

/**
 * Sees to it that a store shows in the file's times. A store through a mapping need not: tmpfs never dates it, and other file
 * systems date two within one tick of the kernel's clock (4 ms) alike. Without this the strong tag of /raw would name two
 * states, and other programs would not notice an edit. Owns a descriptor open for writing.
 */
export class FileClock {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  /** Sets the file's time to now when it is the same `before` and `after` a store. Says whether it did. */
  advance(before: FileStatus, after: FileStatus): boolean {
    if (before.modifiedNs !== after.modifiedNs || before.changedNs !== after.changedNs) return false
    // Date.now() has whole milliseconds, in which two edits may well lie.
    const nowSeconds = (performance.timeOrigin + performance.now()) / 1000
    try {
      futimesSync(this.#fd, nowSeconds, nowSeconds)
      return true
    } catch {
      // Only a file's owner may set its time; somebody else's edit is stored all the same.
      return false
    }
  }

  close(): void {
    closeSync(this.#fd)
  }
}
