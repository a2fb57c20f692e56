import type { ByteRange, CancelSignal } from '../shared/index.ts'
import { createHasher, type HashAlgorithm, type Hasher } from './hash_algorithms.ts'

/** What is to be hashed: every `chunkByteLength` bytes of the range by themselves, the last ones being what is left. */
export interface HashPlan {
  readonly range: ByteRange
  readonly chunkByteLength: number
  readonly algorithms: readonly HashAlgorithm[]
}

/** One list for each chunk, with one digest for each algorithm, in their order. */
export type ChunkDigests = readonly (readonly string[])[]

export interface HashRunOptions {
  readonly signal?: CancelSignal | undefined
  /** Called now and then with how many bytes more were hashed. */
  readonly onScanned?: ((byteLength: number) => void) | undefined
}

/** Takes the bytes of a plan in order, in pieces of any length, and keeps the digests. */
export class ChunkHasher {
  readonly #algorithms: readonly HashAlgorithm[]
  readonly #chunkByteLength: number
  readonly #digests: (readonly string[])[] = []
  #hashers: readonly Hasher[]
  /** Bytes that the chunk at hand still takes. */
  #room: number

  constructor({ algorithms, chunkByteLength }: HashPlan) {
    this.#algorithms = algorithms
    this.#chunkByteLength = chunkByteLength
    this.#hashers = algorithms.map(createHasher)
    this.#room = chunkByteLength
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#room === 0) this.#endChunk()
      const part = bytes.subarray(at, at + this.#room)
      for (const hasher of this.#hashers) hasher.update(part)
      this.#room -= part.length
      at += part.length
    }
  }

  /** Of no bytes at all: one chunk, which is empty. */
  finish(): ChunkDigests {
    this.#endChunk()
    return this.#digests
  }

  #endChunk(): void {
    this.#digests.push(this.#hashers.map((hasher) => hasher.digest()))
    this.#hashers = this.#algorithms.map(createHasher)
    this.#room = this.#chunkByteLength
  }
}
