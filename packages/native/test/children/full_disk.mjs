// A sparse file that is larger than its file system: stored to until the disk is full, its holes can neither be written nor read.
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path] = process.argv.slice(2)
const byteLength = 4 * 1024 ** 2
const file = openSync(path, 'w+')
ftruncateSync(file, byteLength)
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'write' })
closeSync(file)

const caught = async (run) => {
  try {
    await run()
  } catch ({ code, offset, fileByteLength }) {
    return { code, offset, fileByteLength }
  }
}
const findAsync = (needle, isReverse) => mapping.findAsync(Buffer.from(needle), 0, byteLength, isReverse).result
const words = ['FIRST', 'NEAR', 'LAST'].map((word) => ({ values: Buffer.from(word) }))
const anyWord = binding.compilePattern({ kind: 'any', needles: words })
async function matchAsync(isReverse) {
  const { offsets, ...rest } = await mapping.matchAsync(anyWord, 0, byteLength, { limit: 10, isReverse }).result
  return { offsets: [...offsets], scannedTo: rest.scannedTo, unreadable: rest.unreadable }
}

mapping.copyIn(byteLength - 4, Buffer.from('LAST'))
const full = Buffer.alloc(byteLength, 'x')
full.write('FIRST')
const writeAsync = await caught(() => mapping.writeAsync(0, full).result)
const bad = { start: writeAsync.offset, end: byteLength - 4096 }
const copyIn = await caught(() => mapping.copyIn(bad.start - 100_000, full.subarray(100, 300_000)))
mapping.copyIn(bad.start - 4, Buffer.from('NEAR'))

const { bytes, unreadable } = await mapping.readAsync(0, byteLength).result
const expected = Buffer.from(full)
expected.write('NEAR', bad.start - 4)
const isReadTrue =
  expected.subarray(0, bad.start).equals(bytes.subarray(0, bad.start)) &&
  Buffer.from(bytes.subarray(bad.end)).equals(Buffer.concat([Buffer.alloc(4092), Buffer.from('LAST')]))

console.log(
  JSON.stringify({
    bad,
    writeAsync,
    copyIn,
    setByte: await caught(() => mapping.setByte(bad.start, 1)),
    copyOut: await caught(() => mapping.copyOut(100, new Uint8Array(byteLength - 100))),
    getByte: await caught(() => mapping.getByte(bad.start)),
    populateAsync: await caught(() => mapping.populateAsync(0, byteLength).result),
    find: await caught(() => mapping.find(Buffer.from('LAST'), 0, byteLength, false)),
    findLast: await caught(() => mapping.find(Buffer.from('FIRST'), 0, byteLength, true)),
    readAsync: unreadable,
    isReadTrue,
    findLastPageAsync: await findAsync('LAST', false),
    findFirstPageAsync: await findAsync('FIRST', true),
    findBeforeGapAsync: await findAsync('NEAR', false),
    findAcrossGapAsync: await findAsync('absent', false),
    matchAsync: await matchAsync(false),
    matchLastAsync: await matchAsync(true),
    // The last ones, since they store what is before the bad pages.
    moveInto: await caught(() => mapping.move(bad.start - 100, 0, 200)),
    moveFrom: await caught(() => mapping.move(0, bad.start - 100, 200)),
  }),
)
