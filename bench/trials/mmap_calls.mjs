import { readFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { writePositions } from '../lib/inputs.mjs'
import { advantage, measureRows } from '../lib/operations.mjs'

const COUNT = 1_000_000
/** As many calls as fit into the time of the others: those by a system call take 1 us and more, those by the thread pool 20. */
const FEWER = { 'fs sync': 100_000, 'fs callback': 20_000, 'fs promises': 20_000 }
const BY_THE_POOL = ['fs callback', 'fs promises']
const IN_MEMORY = ['mapscope', 'memory of a lease', 'python mmap', 'buffer of readFile', '@riaskov/mmap-io']

/** Calls so short that the call itself is what they cost. */
export function mmapCallsTrial() {
  return inFolder((folder) => {
    const small = prepare(folder, { name: 'small.bin', byteLength: MiB, isSequential: true })
    const large = prepare(folder, { name: 'large.bin', byteLength: 256 * MiB, isSequential: false })
    return measureRows(
      [
        {
          ...callsRow(small, { name: 'at, 1 M in order over 1 MiB', operation: 'at' }),
          rivals: [...IN_MEMORY, 'fs sync'],
          goals: [
            {
              text: 'at costs no more than CPython’s m[i], the loop not counted',
              of: advantage('python mmap', 'net'),
              atLeast: 1,
            },
          ],
        },
        {
          ...callsRow(large, { name: 'at, random over 256 MiB', operation: 'at' }),
          rivals: [...IN_MEMORY, 'fs sync', ...BY_THE_POOL],
        },
        {
          ...callsRow(small, { name: 'slice of 16, in order over 1 MiB', operation: 'slice', length: 16 }),
          rivals: [...IN_MEMORY, 'fs sync'],
          goals: [
            {
              text: 'slice(16) costs no more than CPython’s, the loop not counted',
              of: advantage('python mmap', 'net'),
              atLeast: 1,
            },
          ],
        },
        {
          ...callsRow(large, {
            name: 'slice of 4 KiB, random over 256 MiB',
            operation: 'slice',
            length: 4096,
            count: 200_000,
          }),
          rivals: [...IN_MEMORY, 'fs sync'],
        },
        {
          ...callsRow(large, {
            name: '4 KiB into one buffer, random over 256 MiB',
            operation: 'readInto',
            length: 4096,
            count: 200_000,
          }),
          rivals: [...IN_MEMORY, 'fs sync', ...BY_THE_POOL],
          goals: [{ text: '4 KiB random reads at 2 times fs.readSync’s speed', of: advantage('fs sync'), atLeast: 2 }],
        },
      ],
      { rounds: 4 },
    )
  })
}

function prepare(folder, { name, byteLength, isSequential }) {
  const file = path.join(folder, name)
  writeRandom(file, byteLength)
  const places = path.join(folder, `${name}.positions`)
  const positions = writePositions(places, COUNT, { limit: byteLength - 4096, isSequential })
  return { file, places, positions, bytes: readFileSync(file) }
}

function callsRow({ file, places, positions, bytes }, { name, operation, length = 1, count = COUNT }) {
  const calls = (rival) => Math.min(count, FEWER[rival] ?? count)
  return {
    name,
    operation,
    file,
    unit: 'ns per call',
    calls,
    parameters: (rival) => ({ positions: places, count: calls(rival), length }),
    answer: (rival) => sumAt(bytes, positions.subarray(0, calls(rival)), length),
  }
}

/** First and last byte of each place; of a single byte, the byte. */
function sumAt(bytes, positions, length) {
  let sum = 0
  for (const position of positions)
    sum += length === 1 ? bytes[position] : bytes[position] + bytes[position + length - 1]
  return sum
}
