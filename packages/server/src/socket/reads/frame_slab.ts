/** Sixty viewports of 4 KiB. Small enough for the processor's nearer caches, in which it stays: it is used again and again. */
const SLAB_BYTE_LENGTH: number = 256 * 1024

/** Whoever has frames in the slab that are not handed over yet. */
export interface SlabUser {
  /** Hands over what it has there, by `taken` and `handedOver`. */
  flush(): void
}

/**
 * Memory for the frames of one turn, one after another, so that they leave in one write. All connections of a process share it: what the system
 * took at once is used again by the next turn, and what it did not take (a client is slow) stays where it is until the slab is full and let go.
 * A buffer for each frame cost a tenth of the server's time, and its own slab for each connection memory that no cache had seen.
 */
export class FrameSlab {
  #bytes: Buffer | undefined
  /** Between these are the user's frames. */
  #start = 0
  #end = 0
  #user: SlabUser | undefined

  get bytes(): Buffer {
    this.#bytes ??= Buffer.allocUnsafeSlow(SLAB_BYTE_LENGTH)
    return this.#bytes
  }

  /** Where `byteLength` more bytes of this user may be written: theirs until anybody calls this again, and for good by `keep`. */
  place(user: SlabUser, byteLength: number): number {
    if (this.#user !== user) {
      this.#user?.flush()
      this.#user = user
    }
    if (this.#end + byteLength > SLAB_BYTE_LENGTH) {
      user.flush()
      this.#user = user
      // What lies before is still being sent.
      if (this.#end + byteLength > SLAB_BYTE_LENGTH) this.#renew()
    }
    return this.#end
  }

  keep(byteLength: number): void {
    this.#end += byteLength
  }

  /** How much of a user's waits here. */
  waitingByteLength(user: SlabUser): number {
    return this.#user === user ? this.#end - this.#start : 0
  }

  /** What a user has here, for it to hand over; undefined when that is nothing. */
  taken(user: SlabUser): Buffer | undefined {
    if (this.#user !== user) return undefined
    this.#user = undefined
    return this.#start === this.#end ? undefined : this.bytes.subarray(this.#start, this.#end)
  }

  /** `isDone`: nobody reads what was taken any more. */
  handedOver(isDone: boolean): void {
    if (isDone) this.#end = this.#start
    else this.#start = this.#end
  }

  #renew(): void {
    this.#bytes = undefined
    this.#start = 0
    this.#end = 0
  }
}

export const frameSlab: FrameSlab = new FrameSlab()
