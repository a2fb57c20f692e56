import { MAX_BLOCK_BYTE_LENGTH } from './block_codec.ts'
import { Spill } from './spill.ts'

const CHUNK_BYTE_LENGTH: number = 1024 ** 2

/** Blocks one after the other, in chunks; the oldest chunks go to disk when memory is short. A block never lies in two chunks. */
export class Chunks {
  readonly #maxHeld: number
  /** By chunk; absent once spilled. */
  readonly #held: (Uint8Array | undefined)[] = []
  #spill: Spill | undefined
  #spilledCount = 0
  #end = 0

  constructor(memoryByteLength: number) {
    this.#maxHeld = Math.max(1, Math.floor(memoryByteLength / CHUNK_BYTE_LENGTH))
  }

  /** How many bytes there are, on disk and in memory. */
  get byteLength(): number {
    return this.#end
  }

  get spilledByteLength(): number {
    return this.#spilledCount * CHUNK_BYTE_LENGTH
  }

  /** Lets `write` put a block into memory of the greatest length it may have; gives the block's position. */
  append(write: (target: Uint8Array) => number): number {
    const isFresh = this.#end % CHUNK_BYTE_LENGTH === 0
    const room = isFresh ? 0 : CHUNK_BYTE_LENGTH - (this.#end % CHUNK_BYTE_LENGTH)
    if (room < MAX_BLOCK_BYTE_LENGTH) this.#begin()
    const position = this.#end
    const at = position % CHUNK_BYTE_LENGTH
    const chunk = this.#held[Math.floor(position / CHUNK_BYTE_LENGTH)] as Uint8Array
    this.#end += write(chunk.subarray(at, at + MAX_BLOCK_BYTE_LENGTH))
    return position
  }

  read(position: number, byteLength: number): Uint8Array {
    const index = Math.floor(position / CHUNK_BYTE_LENGTH)
    const chunk = this.#held[index]
    if (chunk === undefined) return (this.#spill as Spill).read(position, byteLength)
    const at = position % CHUNK_BYTE_LENGTH
    return chunk.subarray(at, at + byteLength)
  }

  /** Where the block that begins at `position` can end at the latest. */
  limitOf(position: number): number {
    const chunkEnd = (Math.floor(position / CHUNK_BYTE_LENGTH) + 1) * CHUNK_BYTE_LENGTH
    return Math.min(chunkEnd, position + MAX_BLOCK_BYTE_LENGTH)
  }

  close(): void {
    this.#spill?.close()
    this.#held.length = 0
  }

  #begin(): void {
    if (this.#held.length - this.#spilledCount >= this.#maxHeld) this.#spillOldest()
    this.#end = this.#held.length * CHUNK_BYTE_LENGTH
    this.#held.push(new Uint8Array(CHUNK_BYTE_LENGTH))
  }

  #spillOldest(): void {
    this.#spill ??= new Spill()
    const index = this.#spilledCount++
    this.#spill.write(this.#held[index] as Uint8Array, index * CHUNK_BYTE_LENGTH)
    this.#held[index] = undefined
  }
}
