import { createHash } from 'node:crypto'

/**
 * A Merkle tree over the hashes of chunks, as RFC 6962 has it: leaves and nodes are hashed with different prefixes, so that a node
 * cannot pass for a leaf. One chunk of 15 TiB is proven by 20 hashes.
 */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  return rootOf(leaves.map(leafHash))
}

/** Hashes of the neighbours on the way from a leaf to the root, the lowest first. */
export function merklePath(leaves: readonly Buffer[], index: number): Buffer[] {
  return pathOf(leaves.map(leafHash), index)
}

/** Whether that leaf stands at that place under the root, of so many. */
export function isInTree(
  root: Buffer,
  leaf: { digest: Buffer; index: number; count: number; path: readonly Buffer[] },
): boolean {
  const { digest, index, count, path } = leaf
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return false
  const found = climb(leafHash(digest), { index, count }, [...path])
  return found?.equals(root) === true
}

function climb(hash: Buffer, { index, count }: { index: number; count: number }, path: Buffer[]): Buffer | undefined {
  if (count === 1) return path.length === 0 ? hash : undefined
  const neighbour = path.pop()
  if (neighbour === undefined) return undefined
  const split = splitOf(count)
  if (index < split) {
    const left = climb(hash, { index, count: split }, path)
    return left === undefined ? undefined : nodeHash(left, neighbour)
  }
  const right = climb(hash, { index: index - split, count: count - split }, path)
  return right === undefined ? undefined : nodeHash(neighbour, right)
}

function pathOf(hashes: readonly Buffer[], index: number): Buffer[] {
  if (hashes.length <= 1) return []
  const split = splitOf(hashes.length)
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)]
  return index < split ? [...pathOf(left, index), rootOf(right)] : [...pathOf(right, index - split), rootOf(left)]
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes
  if (only === undefined) return createHash('sha256').digest()
  if (hashes.length === 1) return only
  const split = splitOf(hashes.length)
  return nodeHash(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)))
}

/** The largest power of two below `count`. Not by shifting, which ends at 2^31. */
function splitOf(count: number): number {
  let split = 1
  while (split * 2 < count) split *= 2
  return split
}

function leafHash(digest: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(0)).update(digest).digest()
}

function nodeHash(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest()
}
