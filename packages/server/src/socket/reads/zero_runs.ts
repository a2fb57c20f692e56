/** Shorter runs of zeros are not worth a frame of their own. */
const BLOCK_BYTE_LENGTH = 4096
const ZEROS: Buffer = Buffer.alloc(BLOCK_BYTE_LENGTH)

export interface Run {
  readonly start: number
  readonly end: number
  readonly isZero: boolean
}

/** Cuts bytes where blocks of zeros begin and end, the blocks counted from the first byte. At least one run, in order, without gaps. */
export function zeroRuns(bytes: Uint8Array): Run[] {
  const runs: { start: number; end: number; isZero: boolean }[] = []
  for (let start = 0; start < bytes.length; start += BLOCK_BYTE_LENGTH) {
    const end = Math.min(bytes.length, start + BLOCK_BYTE_LENGTH)
    const isZero = isZeroBlock(bytes, start, end)
    const last = runs.at(-1)
    if (last?.isZero === isZero) last.end = end
    else runs.push({ start, end, isZero })
  }
  return runs
}

/** Whether `zeroRuns` of these bytes would have anything to cut out. */
export function hasZeroBlock(bytes: Uint8Array, from: number, end: number): boolean {
  for (let start = from; start < end; start += BLOCK_BYTE_LENGTH) {
    if (isZeroBlock(bytes, start, Math.min(end, start + BLOCK_BYTE_LENGTH))) return true
  }
  return false
}

function isZeroBlock(bytes: Uint8Array, start: number, end: number): boolean {
  // Nearly every block is told by this byte alone.
  if (bytes[start] !== 0) return false
  return ZEROS.compare(bytes, start, end, 0, end - start) === 0
}
