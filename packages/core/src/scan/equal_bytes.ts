/** Compared at once by the engine's own memcmp; the bytes of one that differs are then looked at one by one. */
const BLOCK_BYTE_LENGTH = 1_024

/** How many bytes at the begin of two arrays are the same. */
export function commonPrefixLength(x: Uint8Array, y: Uint8Array): number {
  const limit = Math.min(x.length, y.length)
  let at = 0
  while (at + BLOCK_BYTE_LENGTH <= limit && isEqual(x, y, at, at)) at += BLOCK_BYTE_LENGTH
  while (at < limit && x[at] === y[at]) at++
  return at
}

/** How many bytes at the end of two arrays are the same. */
export function commonSuffixLength(x: Uint8Array, y: Uint8Array): number {
  const limit = Math.min(x.length, y.length)
  let same = 0
  while (
    same + BLOCK_BYTE_LENGTH <= limit &&
    isEqual(x, y, x.length - same - BLOCK_BYTE_LENGTH, y.length - same - BLOCK_BYTE_LENGTH)
  )
    same += BLOCK_BYTE_LENGTH
  while (same < limit && x[x.length - same - 1] === y[y.length - same - 1]) same++
  return same
}

function isEqual(x: Uint8Array, y: Uint8Array, atX: number, atY: number): boolean {
  return Buffer.compare(x.subarray(atX, atX + BLOCK_BYTE_LENGTH), y.subarray(atY, atY + BLOCK_BYTE_LENGTH)) === 0
}
