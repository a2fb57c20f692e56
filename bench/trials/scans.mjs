import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { histogramSum } from '../lib/histogram_sum.mjs'
import { evict } from '../lib/inputs.mjs'
import { advantage, measureRows } from '../lib/operations.mjs'
import { writeReal, writeZeros } from '../lib/search_inputs.mjs'
import { SEARCH_RIVALS } from '../lib/search_rivals.mjs'

const BYTE_LENGTH = 256 * MiB
const LIMIT = 'C, the limit'

/** Hashes that come with hash-wasm, and the programs that write the same: their answers are held against it. One core each. */
const WASM_HASHES = [
  { algorithm: 'xxh3', make: 'createXXHash3', rival: 'xxhsum', command: ['xxhsum', '-q', '-H3', '{file}'] },
  { algorithm: 'xxh128', make: 'createXXHash128', rival: 'xxhsum', command: ['xxhsum', '-q', '-H2', '{file}'] },
  { algorithm: 'blake3', make: 'createBLAKE3', rival: 'b3sum', command: ['b3sum', '--num-threads', '1', '{file}'] },
]

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
  const row = { unit: 'ms', byteLength: BYTE_LENGTH }
  return [
    {
      ...row,
      name: 'strings of 8 and more, in machine code',
      file: real,
      operation: 'strings',
      parameters: { minLength: 8, command: ['strings', '-a', '-n', '8', '{file}'], isCountOfLines: true },
      rivals: ['mapscope', 'GNU strings', LIMIT],
      answer: stringsAnswer(real),
      goals: [
        { text: 'strings at 20 times GNU strings’ speed', of: advantage('GNU strings'), atLeast: 20 },
        { text: 'strings at 0.2 of the memory’s speed', of: advantage(LIMIT), atLeast: 0.2 },
      ],
    },
    ...['random', 'real', 'zero'].map((name) => histogramRow(row, name, { random, real, zero }[name])),
    ...(await Promise.all(['md5', 'sha1', 'sha256', 'sha512'].map((algorithm) => hashRow(row, real, algorithm)))),
    ...(await Promise.all(WASM_HASHES.map((wanted) => wasmHashRow(row, real, wanted)))),
    {
      ...row,
      name: 'a sweep for formats, in machine code',
      file: real,
      operation: 'sweep',
      parameters: {},
      rivals: ['mapscope', LIMIT],
      answer: sweepAnswer(real),
      goals: [{ text: 'a sweep at 0.1 of the memory’s speed', of: advantage(LIMIT), atLeast: 0.1 }],
    },
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
    rivals: ['mapscope', 'mapscope on one core', 'plain JavaScript', 'JavaScript with 4 tables', LIMIT],
    answer: histogramAnswer(file),
    goals: [
      name === 'zero'
        ? { text: 'a histogram of zeros at 0.5 of the memory’s speed', of: advantage(LIMIT), atLeast: 0.5 }
        : {
            text: `a histogram of ${name} bytes at 4 times JavaScript’s speed`,
            of: advantage('plain JavaScript'),
            atLeast: 4,
          },
      ...(name === 'zero'
        ? []
        : [
            {
              text: `a histogram of ${name} bytes on two cores at 1.7 times one core’s speed`,
              of: advantage('mapscope on one core'),
              atLeast: 1.7,
            },
          ]),
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

async function wasmHashRow(row, file, { algorithm, make, rival, command }) {
  const hash = await createRequire(new URL('../../packages/core/package.json', import.meta.url))('hash-wasm')[make]()
  hash.init()
  for await (const piece of createReadStream(file)) hash.update(piece)
  return {
    ...row,
    name: `${algorithm} of machine code`,
    file,
    operation: 'hash',
    parameters: { algorithm, passes: 2, command, isDigest: true },
    rivals: ['mapscope', rival],
    answer: hash.digest('hex'),
    goals: [],
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
    rivals: ['mapscope', 'python mmap', 'dd', LIMIT],
    before: () => evict(file),
    // The limit is a plain mapping here, read in order by one thread.
    answer: (rival) => (rival === LIMIT ? undefined : rival === 'dd' ? BYTE_LENGTH : 0),
    goals: [
      { text: 'a cold search at 0.95 of dd’s speed', of: advantage('dd'), atLeast: 0.95 },
      { text: 'a cold search at 1.1 times a plain mapping’s speed', of: advantage(LIMIT), atLeast: 1.1 },
    ],
  }
}

/** Counted by a plain loop. GNU strings counts a TAB as one more character; the limit counts nothing. */
function stringsAnswer(file) {
  const bytes = readFileSync(file)
  const answers = { mapscope: stringsIn(bytes, { hasTab: false }), 'GNU strings': stringsIn(bytes, { hasTab: true }) }
  return (rival) => answers[rival]
}

function stringsIn(bytes, { hasTab }) {
  let [found, length] = [0, 0]
  for (const byte of bytes) {
    const isIn = (byte >= 0x20 && byte <= 0x7e) || (hasTab && byte === 9)
    length = isIn ? length + 1 : 0
    if (length === 8) found += 1
  }
  return found
}

function histogramAnswer(file) {
  const counts = new Float64Array(256)
  for (const byte of readFileSync(file)) counts[byte] += 1
  const expected = histogramSum(counts)
  return (rival) => (rival === LIMIT ? undefined : expected)
}

/** Programs whose header says that it is one, found by hand. */
function sweepAnswer(file) {
  const bytes = readFileSync(file)
  let found = 0
  for (let at = bytes.indexOf('\x7fELF', 0, 'latin1'); at >= 0; at = bytes.indexOf('\x7fELF', at + 1, 'latin1')) {
    const head = bytes.subarray(at, at + 64)
    if (head.length < 64 || head[4] < 1 || head[4] > 2 || head[5] < 1 || head[5] > 2 || head[6] !== 1) continue
    const is64 = head[4] === 2
    const view = new DataView(head.buffer, head.byteOffset, 64)
    const isLittle = head[5] === 1
    const hasSize = view.getUint16(is64 ? 52 : 40, isLittle) === (is64 ? 64 : 52)
    if (view.getUint32(20, isLittle) === 1 && hasSize) found += 1
  }
  return (rival) => (rival === LIMIT ? undefined : found)
}
