import type { ChunkDigests, HashPlan } from '../scan/hash_pieces.ts'

/** What a hashing thread is told. `mapping` is the number by which it opens the very same mapping. */
export interface HashTask {
  readonly mapping: number
  readonly plan: HashPlan
  /** Shared: other than 0 stops the work at the next window. */
  readonly cancelled: Int32Array
}

export type HashAnswer =
  | { readonly kind: 'scanned'; readonly byteLength: number }
  | { readonly kind: 'done'; readonly digests: ChunkDigests }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string; readonly fields: object }
