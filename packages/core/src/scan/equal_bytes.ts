/** Lengths compared at once by the engine's own memcmp, longest first; the bytes of a shortest one that differs are looked at one by one. */
const BLOCK_BYTE_LENGTHS: readonly number[] = [262_144, 16_384, 512]

/** How many bytes at the begin of two arrays are the same. */
export function commonPrefixLength(x: Uint8Array, y: Uint8Array): number {
  const limit = Math.min(x.length, y.length)
  // Most differ at once, and blocks would only cost then.
  if (limit === 0 || x[0] !== y[0]) return 0
  let at = 0
  for (const length of BLOCK_BYTE_LENGTHS)
    while (at + length <= limit && isEqual(x.subarray(at, at + length), y.subarray(at, at + length))) at += length
  while (at < limit && x[at] === y[at]) at++
  return at
}

/** How many bytes at the end of two arrays are the same. */
export function commonSuffixLength(x: Uint8Array, y: Uint8Array): number {
  const limit = Math.min(x.length, y.length)
  const last = (bytes: Uint8Array, skipped: number, length: number): Uint8Array =>
    bytes.subarray(bytes.length - skipped - length, bytes.length - skipped)
  let same = 0
  for (const length of BLOCK_BYTE_LENGTHS)
    while (same + length <= limit && isEqual(last(x, same, length), last(y, same, length))) same += length
  while (same < limit && x[x.length - same - 1] === y[y.length - same - 1]) same++
  return same
}

function isEqual(x: Uint8Array, y: Uint8Array): boolean {
  return Buffer.compare(x, y) === 0
}
