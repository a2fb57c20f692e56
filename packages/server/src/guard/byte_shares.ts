import { ProblemError } from '../errors.ts'

export interface ByteLimits {
  /** For one principal. */
  readonly ownByteLength: number
  /** For all together. */
  readonly totalByteLength: number
}

/** 128 long downloads of one principal, or 64 ranges of 8 MiB; four such principals. */
export const BYTE_LIMITS: ByteLimits = { ownByteLength: 512 * 1024 ** 2, totalByteLength: 2 * 1024 ** 3 }

/** Of watches: each byte is copied, and compared five times a second (16 MiB in 10 ms). 32 tabs that watch as much as one may. */
export const WATCH_LIMITS: ByteLimits = { ownByteLength: 32 * 1024 ** 2, totalByteLength: 128 * 1024 ** 2 }

/**
 * Bytes under way: read or lent, and not yet taken by the system. A slow client holds them for as long as it likes, so it is these that are bounded, not
 * the length of what is downloaded. What more is asked for over HTTP is refused, for a queue would hold its connections; a socket's reads wait.
 */
export class ByteShares {
  readonly #limits: ByteLimits
  readonly #own: Map<string, number> = new Map()
  #total = 0

  constructor(limits: ByteLimits = BYTE_LIMITS) {
    this.#limits = limits
  }

  get totalByteLength(): number {
    return this.#total
  }

  /** @returns what gives them back; more often than once does nothing. @throws ProblemError `ERR_TOO_MANY`: 429 for one's own, 503 for all. */
  take(name: string, byteLength: number): () => void {
    const release = this.tryTake(name, byteLength)
    if (release !== undefined) return release
    const isOwn = (this.#own.get(name) ?? 0) + byteLength > this.#limits.ownByteLength
    const detail = isOwn
      ? 'too many bytes are on their way to you: take what was sent, or end some downloads'
      : 'too many bytes are on their way to everybody; ask again in a moment'
    throw new ProblemError('ERR_TOO_MANY', detail, { status: isOwn ? 429 : 503, headers: { 'retry-after': '1' } })
  }

  /** The same, undefined where there is no room. */
  tryTake(name: string, byteLength: number): (() => void) | undefined {
    const own = (this.#own.get(name) ?? 0) + byteLength
    const { ownByteLength, totalByteLength } = this.#limits
    if (own > ownByteLength || this.#total + byteLength > totalByteLength) return undefined
    this.#own.set(name, own)
    this.#total += byteLength
    let isTaken = true
    return () => {
      if (isTaken) this.#giveBack(name, byteLength)
      isTaken = false
    }
  }

  #giveBack(name: string, byteLength: number): void {
    this.#total -= byteLength
    const left = (this.#own.get(name) ?? byteLength) - byteLength
    if (left <= 0) this.#own.delete(name)
    else this.#own.set(name, left)
  }
}
