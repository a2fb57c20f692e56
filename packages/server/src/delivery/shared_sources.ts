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
  /** Since when nobody uses it; a monotonic clock's. */
  idleSinceMs: number
}

/**
 * How long a mapping is kept for the next answer: mapping, the first window and the first faults cost as much as ten small answers. Short, because
 * a kept one holds a deleted file's disk space.
 */
const IDLE_MS = 1_000
const MAX_IDLE_COUNT = 32
/** Longer ones are not kept: 32 of these are a quarter of an address space, and eight of 15 TiB are all of it. */
const MAX_IDLE_BYTE_LENGTH: number = 1024 ** 4

/**
 * One read-only mapping of a file for all the answers that read it at the same time. Each maps the whole file, and the address
 * space of a process holds eight of 15 TiB: with one each, a player's parallel ranges would use it up.
 */
export class SharedSources {
  readonly #shared: Map<string, Shared> = new Map()
  #sweeping: NodeJS.Timeout | undefined

  /**
   * The mapping of the open file, shared where one of that file and that length is there; the caller keeps `fd`. The clocks
   * need not agree: pages are the file's own, so each answer compares its own `status` with the source's.
   *
   * @returns `undefined` when the file's length is not that of `status` any more.
   * @throws MapscopeError `ERR_OS`: `ENOMEM` when no address space is left.
   */
  acquire(fd: number, status: FileStatus): SharedSource | undefined {
    const key = sourceKey(status)
    const shared = this.#shared.get(key) ?? open(fd, status)
    if (shared === undefined) return undefined
    this.#shared.set(key, shared)
    return this.#use(key, shared)
  }

  /** The mapping that is there already, if there is one. */
  acquireKept(key: string): SharedSource | undefined {
    const shared = this.#shared.get(key)
    return shared && this.#use(key, shared)
  }

  #use(key: string, shared: Shared): SharedSource {
    shared.userCount++
    let isHeld = true
    const release = (): void => {
      if (!isHeld) return
      isHeld = false
      shared.userCount--
      if (shared.userCount === 0 && this.#shared.get(key) === shared) this.#idle(key, shared)
    }
    return { source: shared.source, release }
  }

  /** The mapping that is there already, to be used at once and not beyond this turn; kept for as long again. */
  peek(key: string): MappedSource | undefined {
    const shared = this.#shared.get(key)
    if (shared !== undefined) shared.idleSinceMs = performance.now()
    return shared?.source
  }

  /** Lets go of what nobody uses. What is used goes with its answer. */
  close(): void {
    clearInterval(this.#sweeping)
    this.#sweeping = undefined
    for (const [key, shared] of this.#shared) if (shared.userCount === 0) this.#drop(key, shared)
  }

  #idle(key: string, shared: Shared): void {
    if (shared.source.byteLength > MAX_IDLE_BYTE_LENGTH || this.#shared.size > MAX_IDLE_COUNT) {
      this.#drop(key, shared)
      return
    }
    shared.idleSinceMs = performance.now()
    this.#sweeping ??= setInterval(() => this.#sweep(), IDLE_MS / 2).unref()
  }

  #sweep(): void {
    const oldestMs = performance.now() - IDLE_MS
    let idleCount = 0
    for (const [key, shared] of this.#shared) {
      if (shared.userCount > 0) continue
      if (shared.idleSinceMs < oldestMs) this.#drop(key, shared)
      else idleCount++
    }
    if (idleCount > 0) return
    clearInterval(this.#sweeping)
    this.#sweeping = undefined
  }

  #drop(key: string, { source }: Shared): void {
    this.#shared.delete(key)
    close(source)
  }
}

/** Names the mapping of a file of that length. */
export function sourceKey({ device, inode, byteLength }: FileStatus): string {
  return `${device}:${inode}:${byteLength}`
}

function open(fd: number, status: FileStatus): Shared | undefined {
  const source = MappedSource.open(fd)
  if (source.byteLength === status.byteLength) return { source, userCount: 0, idleSinceMs: 0 }
  close(source)
  return undefined
}

/** Waits for a read whose client has gone; closing a mapping cannot fail otherwise. */
function close(source: MappedSource): void {
  source.close().catch(() => undefined)
}
