// Maps a file, cuts it, makes one call, and prints how that ended: the result, or the error's own properties.
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path, call, cutTo, access] = process.argv.slice(2)
const byteLength = 300_000
const absent = Buffer.from('absent')
const pattern = Buffer.from('abcdefgh')

const file = openSync(path, access === 'write' ? 'r+' : 'r')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access })
closeSync(file)

/** What a pattern of these bytes matches, forwards and from behind. */
async function matches(values) {
  const compiled = binding.compilePattern({ kind: 'bytes', values })
  const answers = []
  for (const isReverse of [false, true]) {
    const result = await mapping.matchAsync(compiled, 0, byteLength, { limit: 1e6, isReverse }).result
    const { count, scannedTo, unreadable, offsets } = result
    answers.push({ count, scannedTo, unreadable, first: offsets[0], last: offsets.at(-1) })
  }
  return answers
}

const pick = ({ code, offset, fileByteLength, errnoName }) => ({ code, offset, fileByteLength, errnoName })

async function errorOf(run) {
  try {
    await run()
  } catch (error) {
    return pick(error)
  }
}

async function readResult(offset, length) {
  const { bytes, unreadable } = await mapping.readAsync(offset, length).result
  return { byteLength: bytes.byteLength, unreadable }
}

/** What of 'abcdefgh'-filled `bytes` is neither true nor said to be unreadable. */
function wrongBytes({ bytes, unreadable }) {
  for (let i = 0; i < unreadable.length; i += 2) fillPattern(bytes, unreadable[i], unreadable[i + 1])
  return Buffer.alloc(bytes.byteLength, pattern).equals(bytes) ? 0 : 1
}

function fillPattern(bytes, start, end) {
  for (let at = start; at < end; at++) bytes[at] = pattern[at % 8]
}

const CALLS = {
  copyOut: () => mapping.copyOut(0, new Uint8Array(byteLength)),
  copyOutOfLastPage: () => mapping.copyOut(4992, new Uint8Array(1000)),
  copyIn: () => mapping.copyIn(0, new Uint8Array(byteLength)),
  getByte: () => mapping.getByte(0),
  setByte: () => mapping.setByte(0, 1),
  find: () => mapping.find(absent, 0, byteLength, false),
  findLast: () => mapping.find(absent, 0, byteLength, true),
  findFirst: () => mapping.find(pattern, 0, byteLength, false),
  findZeros: () => mapping.find(new Uint8Array(100), 0, byteLength, false),
  readAsync: () => readResult(0, byteLength),
  readBefore: async () => {
    const read = await mapping.readAsync(0, 5000).result
    return { byteLength: read.bytes.byteLength, unreadable: read.unreadable, isTrue: wrongBytes(read) === 0 }
  },
  findAsync: () => mapping.findAsync(absent, 0, byteLength, false).result,
  findLastAsync: () => mapping.findAsync(absent, 0, byteLength, true).result,
  findLastPresentAsync: () => mapping.findAsync(pattern, 0, byteLength, true).result,
  findZerosAsync: () =>
    Promise.all(
      [false, true].map((isReverse) => mapping.findAsync(new Uint8Array(100), 0, byteLength, isReverse).result),
    ),
  matchAsync: () => matches(pattern),
  matchZerosAsync: () => matches(new Uint8Array(8)),
  writeAsync: () => mapping.writeAsync(0, new Uint8Array(byteLength)).result,
  move: () => mapping.move(0, 10_000, 5000),
  moveUpAcross: async () => ({ error: await errorOf(() => mapping.move(4000, 0, 2000)), stored: stored() }),
  moveDownAcross: async () => ({ error: await errorOf(() => mapping.move(0, 4000, 2000)), stored: first8() }),
  moveBefore: () => mapping.move(0, 4, 4992) ?? first8(),
  readIntoAsync: () => mapping.readIntoAsync(0, new Uint8Array(byteLength)).result,
  populateAsync: () => mapping.populateAsync(0, byteLength).result.then(() => 'done'),
  populateLater: () => mapping.populateAsync(20_000, 1000).result.then(() => 'done'),
  populateBefore: () => mapping.populateAsync(0, 5000).result.then(() => 'done'),
  adviseAsync: () => mapping.adviseAsync(binding.constants.MADV_WILLNEED, 0, byteLength).result.then(() => 'done'),
  residency: () => mapping.residency(0, byteLength).length,
  releaseCacheAsync: () => mapping.releaseCacheAsync([0, byteLength]).result.then(() => 'done'),
  lock: () => mapping.lock(0, byteLength),
  flush: () => mapping.flush(0, byteLength) ?? 'done',
  releasePages: () => mapping.releasePages(0, byteLength) ?? 'done',
  changedCopy: () => mapping.getByte(0),
  writeAcross: async () => ({
    error: await errorOf(() => mapping.writeAsync(4992, Buffer.alloc(100, 'X')).result),
    stored: stored(),
  }),
  copyInAcross: async () => ({
    error: await errorOf(() => mapping.copyIn(4992, Buffer.alloc(100, 'X'))),
    stored: stored(),
  }),
  writeWhileCut: () => mapping.writeAsync(0, new Uint8Array(byteLength)).result,
  regrow: async () => {
    const fault = await errorOf(() => mapping.copyOut(0, new Uint8Array(byteLength)))
    writeFileSync(path, Buffer.alloc(byteLength, 'new'))
    const { bytes, unreadable } = await mapping.readAsync(0, byteLength).result
    const first = new Uint8Array(8)
    mapping.copyOut(0, first)
    const isSame = readFileSync(path).equals(bytes)
    return {
      fault,
      unreadable,
      first: isSame && Buffer.from(first).toString(),
      found: mapping.find(Buffer.from('w'), 0, byteLength, true),
    }
  },
  emptyCopies: () => {
    mapping.copyOut(byteLength - 1, new Uint8Array(0))
    mapping.copyIn(byteLength, new Uint8Array(0))
    return 'done'
  },
  race: async () => {
    let wrong = 0
    let answers = 0
    for (let round = 0; round < 25; round++) {
      const reads = Array.from({ length: 4 }, () => mapping.readAsync(0, byteLength).result)
      const finds = [false, true, false, true].map(
        (isReverse) => mapping.findAsync(new Uint8Array(8), 0, byteLength, isReverse).result,
      )
      const zeros = binding.compilePattern({ kind: 'bytes', values: new Uint8Array(1 + round) })
      const matched = [false, true, false, true].map(
        (isReverse) => mapping.matchAsync(zeros, 0, byteLength, { limit: 1e6, isReverse }).result,
      )
      truncateSync(path, (round * 12_347) % byteLength)
      for (const read of await Promise.all(reads)) wrong += wrongBytes(read)
      // The file never holds eight zeros while it is searched: a match would be the kernel's.
      for (const { offset } of await Promise.all(finds)) wrong += offset === -1 ? 0 : 1
      for (const { count } of await Promise.all(matched)) wrong += count === 0 ? 0 : 1
      answers += reads.length + finds.length + matched.length
      writeFileSync(path, Buffer.alloc(byteLength, pattern))
    }
    return { wrong, answers }
  },
}

function first8() {
  return readFileSync(path).toString('latin1', 0, 8)
}

function stored() {
  return readFileSync(path).toString('latin1', 4992, 5000)
}

if (call === 'changedCopy') mapping.copyIn(0, Buffer.from('changed'))
mapping.getByte(0)
mapping.copyOut(0, new Uint8Array(byteLength))
truncateSync(path, Number(cutTo))
try {
  console.log(JSON.stringify(await CALLS[call]()))
} catch (error) {
  console.log(JSON.stringify(pick(error)))
}
