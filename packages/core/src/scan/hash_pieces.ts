import { type ByteRange, byteLengthOf, type CancelSignal } from '../shared/index.ts'
import { createHasher, type HashAlgorithm } from './hash_algorithms.ts'

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

/** Bytes in hand at once. Small enough to lie in a core's second-level cache between being copied and being hashed. */
export const WINDOW_BYTE_LENGTH: number = 512 * 1024

/** Where the windows of a plan begin and end: none crosses the end of a chunk. An empty range is one empty chunk. */
export function* windowsOf({ range, chunkByteLength }: HashPlan): Generator<ByteRange & { readonly isLast: boolean }> {
  if (byteLengthOf(range) === 0) yield { ...range, isLast: true }
  for (let chunk = range.start; chunk < range.end; chunk += chunkByteLength) {
    const chunkEnd = Math.min(range.end, chunk + chunkByteLength)
    for (let start = chunk; start < chunkEnd; start += WINDOW_BYTE_LENGTH) {
      const end = Math.min(chunkEnd, start + WINDOW_BYTE_LENGTH)
      yield { start, end, isLast: end === chunkEnd }
    }
  }
}

/** Takes the windows of a plan in order and keeps the digests. */
export class ChunkHasher {
  readonly digests: (readonly string[])[] = []
  readonly #algorithms: readonly HashAlgorithm[]
  #hashers: ReturnType<typeof createHasher>[] = []

  constructor(algorithms: readonly HashAlgorithm[]) {
    this.#algorithms = algorithms
  }

  take(bytes: Uint8Array, isLast: boolean): void {
    if (this.#hashers.length === 0) this.#hashers = this.#algorithms.map(createHasher)
    for (const hasher of this.#hashers) hasher.update(bytes)
    if (!isLast) return
    this.digests.push(this.#hashers.map((hasher) => hasher.digest()))
    this.#hashers = []
  }
}
