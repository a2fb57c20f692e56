import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path] = process.argv.slice(2)
const file = openSync(path, 'r+')
const mapping = new binding.Mapping(file, { offset: 0, byteLength: 20_000, access: 'write' })
closeSync(file)

function errorOf(call) {
  try {
    return call()
  } catch (error) {
    return error
  }
}

const read = new Uint8Array(4)
mapping.copyOut(3, read)
await mapping.writeAsync(10_000, Buffer.from('NODE')).result
const needle = Buffer.from('NODE')
const found = [
  mapping.find(needle, 0, 20_000, false),
  mapping.find(needle, 0, 20_000, true),
  (await mapping.findAsync(needle, 0, 20_000, true).result).offset,
]
const stored = readFileSync(path).toString('latin1', 10_000, 10_004)
truncateSync(path, 5000)
const { unreadable } = await mapping.readAsync(0, 20_000).result
const { code, offset, fileByteLength } = errorOf(() => mapping.getByte(8192))
mapping.close()
const closed = errorOf(() => mapping.getByte(0)).code
console.log(
  JSON.stringify({
    read: Buffer.from(read).toString(),
    stored,
    found,
    unreadable,
    fault: { code, offset, fileByteLength },
    closed,
  }),
)
