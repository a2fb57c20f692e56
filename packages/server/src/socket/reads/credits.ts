import { SOCKET_LIMITS } from '@mapscope/protocol'
import { ProblemError } from '../../errors.ts'

/** What may still be sent on each stream of one connection, in bytes of payload. Browsers give no other sign of being overrun. */
export class Credits {
  readonly #left: Map<number, number> = new Map()

  /** Brings a stream into being. @throws ProblemError `ERR_TOO_MANY`. */
  open(stream: number): void {
    if (this.#left.has(stream)) return
    if (this.#left.size >= SOCKET_LIMITS.streamCount) {
      throw new ProblemError('ERR_TOO_MANY', `a connection uses at most ${SOCKET_LIMITS.streamCount} streams`)
    }
    this.#left.set(stream, SOCKET_LIMITS.initialCredit)
  }

  left(stream: number): number {
    return this.#left.get(stream) ?? 0
  }

  spend(stream: number, byteLength: number): void {
    this.#left.set(stream, this.left(stream) - byteLength)
  }

  give(stream: number, byteLength: number): void {
    this.open(stream)
    this.#left.set(stream, Math.min(SOCKET_LIMITS.maxCredit, this.left(stream) + byteLength))
  }
}
