import type { Leases } from './leases.ts'

/**
 * The bytes of a map themselves, lent until they are given back: no copy is made, and stores to them are stores to the map. While any is out,
 * `close`, `resize` and `remap` throw `ERR_EXPORTED`. Made by `Mmap.view`. CPython's `memoryview(m)`.
 *
 * Where the file is cut, or the disk full, when the bytes are touched, they show zeros and lose stores; the map's next call says so with
 * `ERR_FAULT`, and shows the file again.
 */
export class Lease {
  /** Where in the map the bytes begin. */
  readonly start: number
  /** The bytes. Empty from the moment they are given back, as is everything made of them (`subarray`, `Buffer.from(bytes.buffer)`). */
  readonly bytes: Uint8Array
  readonly #leases: Leases
  readonly #id: number

  /** @internal */
  constructor({ leases, start, buffer, place }: Lending) {
    this.#leases = leases
    this.start = start
    this.bytes = buffer === undefined ? new Uint8Array(0) : new Uint8Array(buffer)
    this.#id = leases.note(buffer, place)
  }

  /** Whether the bytes were given back, or taken back by `close({ force: true })`. */
  get isReleased(): boolean {
    return !this.#leases.isOut(this.#id)
  }

  /**
   * Gives the bytes back: `bytes` is empty from then on. Idempotent. What else in this process is still busy with them (`fs.write`, a socket)
   * is not awaited: it finishes with the right bytes while the map is open, and after that may write zeros. CPython's `memoryview.release`.
   *
   * @throws `ERR_FAULT` when a view of the map met bytes that could not be had, and no call has said so yet. It is given back all the same.
   */
  release(): void {
    this.#leases.giveBack(this.#id)
  }

  /** `release`, at the end of the block of `using`. */
  [Symbol.dispose](): void {
    this.release()
  }
}

/** What a lease is made of. */
export interface Lending {
  readonly leases: Leases
  readonly start: number
  /** Undefined for a view of no bytes, which is nothing that could be given back. */
  readonly buffer: ArrayBuffer | undefined
  readonly place: string
}
