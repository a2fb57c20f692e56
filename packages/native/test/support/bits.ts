/** The first `count` bits of a bitmap, a byte's lowest first: 0 or 1 each. Throws when one behind them is set. */
export function bitsOf(bitmap: Uint8Array, count: number): number[] {
  const bits = [...bitmap].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
  if (bits.lastIndexOf(1) >= count) throw new Error(`bit ${bits.lastIndexOf(1)} of ${count} is set`)
  return bits.slice(0, count)
}
