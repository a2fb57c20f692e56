import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

export const MiB = 1024 ** 2
export const GiB = 1024 ** 3
export const TiB = 1024 ** 4

/** A folder that is gone when `use` is done. */
export async function inFolder(use) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-bench-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A sparse file with `text` at each of the offsets. */
export function writeSparse(file, byteLength, offsets, text = 'MAPSCOPE-MARK-16') {
  const fd = openSync(file, 'w')
  ftruncateSync(fd, byteLength)
  for (const offset of offsets) writeSync(fd, text, offset, 'latin1')
  closeSync(fd)
}

/** Random bytes of a 16 MiB block, again and again, with `mark` at the very end. */
export function writeRandom(file, byteLength, mark = '') {
  const random = seeded(7)
  const block = Buffer.from(Uint8Array.from({ length: Math.min(byteLength, 16 * MiB) }, () => random() * 256))
  const fd = openSync(file, 'w')
  for (let offset = 0; offset < byteLength; offset += block.byteLength)
    writeSync(fd, block, 0, block.byteLength, offset)
  writeSync(fd, mark, byteLength - mark.length, 'latin1')
  closeSync(fd)
}

/** The same pseudo-random numbers in [0, 1) for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
