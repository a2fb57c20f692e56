import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import path from 'node:path'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { evict } from '../lib/inputs.mjs'
import { advantage, agreed, measureRows } from '../lib/operations.mjs'
import { writeReal, writeZeros } from '../lib/search_inputs.mjs'
import { SEARCH_RIVALS } from '../lib/search_rivals.mjs'

const BYTE_LENGTH = 256 * MiB
const LIMIT = 'C, the limit'

/** What looks at every byte: strings, histograms, hashes; and a search of a file that the disk has to bring. */
export function scansTrial() {
  return inFolder(async (folder) => {
    const files = {
      random: path.join(folder, 'random.bin'),
      real: path.join(folder, 'real.bin'),
      zero: path.join(folder, 'zero.bin'),
    }
    writeRandom(files.random, BYTE_LENGTH)
    writeReal(files.real, BYTE_LENGTH)
    writeZeros(files.zero, BYTE_LENGTH)
    return await measureRows(await rows(files), { rounds: 3, rivals: SEARCH_RIVALS })
  })
}

async function rows({ random, real, zero }) {
  const row = { unit: 'ms', byteLength: BYTE_LENGTH, passes: 3 }
  return [
    {
      ...row,
      name: 'strings of 8 and more, in machine code',
      file: real,
      operation: 'strings',
      // GNU strings counts a TAB as one more character, so that its answer is another.
      parameters: { minLength: 8, command: ['strings', '-a', '-n', '8', '{file}'], isCountOfLines: true },
      rivals: ['mapscope', 'GNU strings', LIMIT],
      answer: agreed([LIMIT, 'GNU strings']),
      goals: [
        { text: 'strings at 20 times GNU strings’ speed', of: advantage('GNU strings'), atLeast: 20 },
        { text: 'strings at 0.2 of the memory’s speed', of: advantage(LIMIT), atLeast: 0.2 },
      ],
    },
    ...['random', 'real', 'zero'].map((name) => histogramRow(row, name, { random, real, zero }[name])),
    ...(await Promise.all(['sha256', 'md5'].map((algorithm) => hashRow(row, real, algorithm)))),
    coldRow(row, random),
  ]
}

function histogramRow(row, name, file) {
  return {
    ...row,
    name: `histogram of ${name} bytes`,
    file,
    operation: 'histogram',
    parameters: {},
    rivals: ['mapscope', 'plain JavaScript', LIMIT],
    answer: agreed([LIMIT]),
    goals: [
      name === 'zero'
        ? { text: 'a histogram of zeros at 0.5 of the memory’s speed', of: advantage(LIMIT), atLeast: 0.5 }
        : {
            text: `a histogram of ${name} bytes at 4 times JavaScript’s speed`,
            of: advantage('plain JavaScript'),
            atLeast: 4,
          },
    ],
  }
}

async function hashRow(row, file, algorithm) {
  const hash = createHash(algorithm)
  for await (const piece of createReadStream(file)) hash.update(piece)
  return {
    ...row,
    name: `${algorithm} of machine code`,
    file,
    operation: 'hash',
    parameters: { algorithm, passes: 2 },
    rivals: ['mapscope', 'python mmap'],
    answer: hash.digest('hex'),
    goals: [{ text: `${algorithm} at 0.95 of hashlib’s speed`, of: advantage('python mmap'), atLeast: 0.95 }],
  }
}

function coldRow(row, file) {
  const needle = 'a needle that is not there'
  if (readFileSync(file).includes(needle)) throw new Error('the needle is in the file by chance')
  return {
    ...row,
    name: 'a search of a file that is not in memory',
    file,
    operation: 'count',
    parameters: { query: { kind: 'text', text: needle }, regexp: needle, passes: 1 },
    rivals: ['mapscope', 'python mmap', 'dd'],
    before: () => evict(file),
    answer: (rival) => (rival === 'dd' ? BYTE_LENGTH : 0),
    goals: [{ text: 'a cold search at 0.95 of dd’s speed', of: advantage('dd'), atLeast: 0.95 }],
  }
}
