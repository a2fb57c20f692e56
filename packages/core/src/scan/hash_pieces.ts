import type { ByteRange, CancelSignal } from '../shared/index.ts'
import { createHasher, type HashAlgorithm } from './hash_algorithms.ts'
import type { Hasher } from './hasher.ts'

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
  readonly #chunkByteLength: number
  readonly #hashers: readonly Hasher[]
  readonly #digests: (readonly string[])[] = []
  /** Bytes that the chunk at hand still takes. */
  #room: number

  private constructor(hashers: readonly Hasher[], chunkByteLength: number) {
    this.#hashers = hashers
    this.#chunkByteLength = chunkByteLength
    this.#room = chunkByteLength
  }

  /** Asynchronous, as some algorithms have to be compiled first. */
  static async of({ algorithms, chunkByteLength }: HashPlan): Promise<ChunkHasher> {
    return new ChunkHasher(await Promise.all(algorithms.map(createHasher)), chunkByteLength)
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
    this.#room = this.#chunkByteLength
  }
}
