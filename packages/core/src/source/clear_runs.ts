import type { ByteRange } from '../shared/index.ts'

/** Runs of clear bits among the first `count` of a bitmap (a byte's lowest bit first), as ranges of bits. */
export function clearRuns(bitmap: Uint8Array, count: number): readonly ByteRange[] {
  const runs: ByteRange[] = []
  let start = -1
  for (let bit = 0; bit <= count; bit++) {
    const isClear = bit < count && (((bitmap[bit >> 3] as number) >> (bit & 7)) & 1) === 0
    if (isClear && start < 0) start = bit
    if (isClear || start < 0) continue
    runs.push({ start, end: bit })
    start = -1
  }
  return runs
}
