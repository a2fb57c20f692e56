/** A buffer this long is made once and used again: V8 allocates each off its heap, for longer than copying 4 KiB takes. */
const SHORT_BYTE_LENGTH: number = 4 * 1024
/** How many are kept. Requests that answer at once need one; the others are of slow clients. */
const MAX_SPARE_COUNT = 64

/** Buffers for small answers. */
export class Buffers {
  readonly #spare: ArrayBuffer[] = []

  take(byteLength: number): Buffer {
    const spare = byteLength <= SHORT_BYTE_LENGTH ? this.#spare.pop() : undefined
    // Never of Buffer's own pool: what waits for a slow client would keep all of a slab alive.
    if (byteLength > SHORT_BYTE_LENGTH) return Buffer.allocUnsafeSlow(byteLength)
    return Buffer.from(spare ?? new ArrayBuffer(SHORT_BYTE_LENGTH), 0, byteLength)
  }

  /** Only what nobody reads from any more, the system included. */
  giveBack(bytes: Uint8Array): void {
    const { buffer } = bytes
    const isOurs = buffer instanceof ArrayBuffer && buffer.byteLength === SHORT_BYTE_LENGTH
    if (isOurs && this.#spare.length < MAX_SPARE_COUNT) this.#spare.push(buffer)
  }
}
