import { type FileStatus, MappedSource } from '@mapscope/core'

/** A mapping lent out. */
export interface SharedSource {
  readonly source: MappedSource
  /** Gives it back; more often than once does nothing. */
  release(): void
}

interface Shared {
  readonly source: MappedSource
  userCount: number
}

/**
 * One read-only mapping of a file for all the answers that read it at the same time. Each maps the whole file, and the address
 * space of a process holds eight of 15 TiB: with one each, a player's parallel ranges would use it up. Not kept beyond the last
 * answer: mapping costs microseconds, and a kept one would hold a deleted file's disk space.
 */
export class SharedSources {
  readonly #shared: Map<string, Shared> = new Map()

  /**
   * The mapping of the open file, shared where one of that file and that length is in use; the caller keeps `fd`. The clocks
   * need not agree: pages are the file's own, so each answer compares its own `status` with the source's.
   *
   * @returns `undefined` when the file's length is not that of `status` any more.
   * @throws MapscopeError `ERR_OS`: `ENOMEM` when no address space is left.
   */
  acquire(fd: number, status: FileStatus): SharedSource | undefined {
    const key = [status.device, status.inode, status.byteLength].join(':')
    const shared = this.#shared.get(key) ?? open(fd, status)
    if (shared === undefined) return undefined
    this.#shared.set(key, shared)
    shared.userCount++
    let isHeld = true
    const release = (): void => {
      if (isHeld) shared.userCount--
      isHeld = false
      if (shared.userCount > 0 || this.#shared.get(key) !== shared) return
      this.#shared.delete(key)
      close(shared.source)
    }
    return { source: shared.source, release }
  }
}

function open(fd: number, status: FileStatus): Shared | undefined {
  const source = MappedSource.open(fd)
  if (source.byteLength === status.byteLength) return { source, userCount: 0 }
  close(source)
  return undefined
}

/** Waits for a read whose client has gone; closing a mapping cannot fail otherwise. */
function close(source: MappedSource): void {
  source.close().catch(() => undefined)
}
