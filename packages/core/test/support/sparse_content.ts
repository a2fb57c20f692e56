import { type ByteRange, type Extent, mergeRanges } from '../../src/shared/index.ts'
import type { Random } from './random.ts'

export interface SparseContent {
  readonly bytes: Uint8Array
  readonly extents: readonly Extent[]
  readonly unreadable: readonly ByteRange[]
}

/** Bytes of a small alphabet with holes, and unreadable ranges in what is data. */
export function sparseContent(random: Random, alphabet: number, maxByteLength = 90): SparseContent {
  const bytes = random.bytes(random.between(0, maxByteLength), alphabet)
  const extents: Extent[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + random.between(1, 20))
    // Neighbours of one kind are left in on purpose: a source may split its extents as it likes.
    const kind = random.chance(0.5) ? 'hole' : 'data'
    if (kind === 'hole') bytes.fill(0, start, end)
    extents.push({ kind, start, end })
    start = end
  }
  const gaps = extents.filter((extent) => extent.kind === 'data' && random.chance(0.25))
  const unreadable = gaps.map(({ start, end }) => ({ start: random.between(start, end - 1), end }))
  return { bytes, extents, unreadable: mergeRanges(unreadable) }
}
