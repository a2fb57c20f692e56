import type { ByteRange } from '@mapscope/core/shared'
import type { SocketClient } from '../client/socket.ts'

/** While somebody scrolls there is nothing to look at; when the view rests this long, it is watched. */
const REST_MS = 100

export interface WatcherOptions {
  readonly socket: Pick<SocketClient, 'watch' | 'status'>
  readonly documentId: () => string
  readonly restMs?: number
}

/** Has the server watch what is on screen, so that a byte stored by anybody, however, shows. */
export class Watcher {
  readonly #options: WatcherOptions
  #visible: ByteRange = { start: 0, end: 0 }
  #asked: string | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  #isAttached = false

  constructor(options: WatcherOptions) {
    this.#options = options
  }

  /** What is on screen now. */
  show(visible: ByteRange): void {
    this.#visible = visible
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#watch(), this.#options.restMs ?? REST_MS)
  }

  /** The document is open on this connection, which knows of no watch. */
  attach(): void {
    this.#isAttached = true
    this.#asked = undefined
    this.#watch()
  }

  end(): void {
    this.#isAttached = false
    clearTimeout(this.#timer)
  }

  #watch(): void {
    const { socket, documentId } = this.#options
    const { start, end } = this.#visible
    const asked = `${documentId()} ${start}-${end}`
    if (!this.#isAttached || socket.status.kind !== 'open' || start >= end || asked === this.#asked) return
    this.#asked = asked
    // Refused or lost: what is not watched is shown all the same, and the next view or connection asks again.
    socket.watch(documentId(), { start, end }).catch(() => {
      if (this.#asked === asked) this.#asked = undefined
    })
  }
}
