import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { measureRows } from '../lib/operations.mjs'

const PAGE = 4096
const FLUSHES = 100
const OPENS = 5_000
const WRITERS = ['mapscope', 'python mmap', '@riaskov/mmap-io', 'fs sync']

/** Stores, their way to the disk, and the life of a mapping. */
export function mmapWritesTrial() {
  return inFolder((folder) => {
    const file = path.join(folder, 'written.bin')
    const still = path.join(folder, 'still.bin')
    writeRandom(still, MiB)
    return measureRows(
      [
        writeRow(file, { name: 'write 1 byte', length: 1, count: MiB }),
        writeRow(file, { name: 'write 4 KiB', length: PAGE, count: (64 * MiB) / PAGE }),
        writeRow(file, { name: 'write 1 MiB', length: MiB, count: 64 }),
        flushRow(file),
        openCloseRow(still),
      ],
      { rounds: 5 },
    )
  })
}

function writeRow(file, { name, length, count }) {
  return {
    name,
    operation: 'write',
    file,
    unit: 'ns per call',
    calls: count,
    parameters: { count, length },
    rivals: WRITERS,
    answer: count,
    before: () => writeFileSync(file, Buffer.alloc(length * count)),
    verify: holds(file, length * count, (offset) => (offset % length === 0 ? (offset / length) & 0xff : 0xa5)),
  }
}

function flushRow(file) {
  return {
    name: 'flush a page that was stored to',
    operation: 'flush',
    file,
    unit: 'us per call',
    calls: FLUSHES,
    parameters: { count: FLUSHES, passes: 3 },
    rivals: WRITERS,
    answer: FLUSHES,
    before: () => writeFileSync(file, Buffer.alloc(FLUSHES * PAGE), { flush: true }),
    verify: holds(file, FLUSHES * PAGE, (offset) => (offset % PAGE === 0 ? offset / PAGE : 0)),
  }
}

function openCloseRow(file) {
  const bytes = readFileSync(file)
  return {
    name: 'open, read a byte, close',
    operation: 'openClose',
    file,
    unit: 'us per call',
    calls: OPENS,
    parameters: { count: OPENS },
    rivals: WRITERS,
    answer: bytes.subarray(0, OPENS).reduce((sum, byte) => sum + byte, 0),
  }
}

/** Checks the file itself, and not what the subject says of it. */
function holds(file, byteLength, byteAt) {
  const expected = Buffer.from(Uint8Array.from({ length: byteLength }, (_, offset) => byteAt(offset)))
  return (rival) => {
    if (!readFileSync(file).equals(expected)) throw new Error(`${rival} left other bytes in the file than it was given`)
  }
}
