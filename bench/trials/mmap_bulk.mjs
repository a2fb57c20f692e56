import { readFileSync } from 'node:fs'
import path from 'node:path'
import { GiB, inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { sampledPieces } from '../lib/inputs.mjs'
import { advantage, measureRows } from '../lib/operations.mjs'

const LIMIT = 'C, the limit'
const IN_MEMORY = ['mapscope', 'memory of a lease', 'python mmap', 'buffer of readFile', '@riaskov/mmap-io']
/** The C subject only sums the bytes that the others search: nothing that looks at all of them is faster. */
const FINDERS = ['mapscope', 'python mmap', 'buffer of readFile', '@riaskov/mmap-io', LIMIT]

/** A GiB that is in the page cache: how near to the memory's speed its bytes are copied and searched. */
export function mmapBulkTrial() {
  return inFolder((folder) => {
    const file = path.join(folder, 'dense.bin')
    writeRandom(file, GiB)
    const bytes = readFileSync(file)
    const sum = sumOfWords(bytes)
    const row = { file, unit: 'ms', byteLength: GiB, parameters: {} }
    const findRow = (name, needle) => {
      if (bytes.includes(needle, 0, 'latin1')) throw new Error(`the needle ${needle} is in the file by chance`)
      const answer = (rival) => (rival === LIMIT ? sum : -1)
      return { ...row, name, operation: 'find', parameters: { needle }, rivals: FINDERS, answer }
    }
    return measureRows(
      [
        {
          ...row,
          name: 'copy 1 GiB out, 1 MiB at a time',
          operation: 'copyOut',
          rivals: [...IN_MEMORY, 'fs sync', LIMIT],
          answer: sampledPieces(bytes, MiB),
          goals: [
            {
              text: 'copies of 1 MiB at 0.9 times the speed of memcpy from the same mapping, by a lease',
              of: advantage('memory of a lease'),
              atLeast: 0.9,
            },
            { text: 'the same against memcpy in C', of: advantage(LIMIT), atLeast: 0.9 },
          ],
        },
        findRow('find 4 bytes that are not there in 1 GiB', 'MAPS'),
        findRow(
          'find 64 bytes that are not there in 1 GiB',
          'Mapscope looks into files of any size, on any machine, in a tab.',
        ),
      ],
      { rounds: 5 },
    )
  })
}

function sumOfWords(bytes) {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  let sum = 0
  for (let n = 0; n < words.length; n += 1) sum = (sum + words[n]) >>> 0
  return sum
}
