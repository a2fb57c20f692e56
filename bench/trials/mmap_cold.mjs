import { readFileSync } from 'node:fs'
import path from 'node:path'
import { GiB, inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { evict, sampledPieces } from '../lib/inputs.mjs'
import { measureRows, ours } from '../lib/operations.mjs'

/** A GiB that is on the disk only, put out of the page cache before each sample: what reading it costs, and what else can happen meanwhile. */
export function mmapColdTrial() {
  return inFolder((folder) => {
    const file = path.join(folder, 'cold.bin')
    writeRandom(file, GiB)
    const bytes = readFileSync(file)
    const row = { file, unit: 'ms', byteLength: GiB, before: () => evict(file) }
    const whole = sampledPieces(bytes, GiB)
    return measureRows(
      [
        {
          ...row,
          name: 'readAt of 1 GiB, cold',
          operation: 'readAll',
          parameters: { passes: 1 },
          rivals: ['mapscope', 'fs callback', 'fs promises', 'fs readFile', 'fs sync', '@riaskov/mmap-io'],
          answer: whole,
          goals: [
            {
              text: 'less than 5 ms of event-loop delay (the longest of a read, median of the rounds) while 1 GiB of cold file is read by readAt',
              of: ours('delayMaxMs'),
              lessThan: 5,
            },
          ],
        },
        {
          name: 'an event loop that does nothing for a second',
          operation: 'idle',
          file,
          unit: 'ms',
          parameters: { passes: 1, seconds: 1 },
          rivals: ['idle loop'],
        },
        {
          ...row,
          name: 'sequential scan of 1 GiB, cold',
          operation: 'scan',
          parameters: { passes: 1 },
          rivals: ['mapscope', 'python mmap', 'fs sync', '@riaskov/mmap-io', 'dd'],
          answer: (rival) => (rival === 'dd' ? GiB : sampledPieces(bytes, MiB)),
        },
      ],
      { rounds: 3 },
    )
  })
}
