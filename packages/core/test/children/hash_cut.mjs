// Hashes a file that is cut short while it is open, and says what became of it.
import { truncateSync, writeFileSync } from 'node:fs'
import { hash, openFile } from '@mapscope/core'

const path = process.argv[2]
const MIB = 1024 ** 2
writeFileSync(path, Buffer.alloc(8 * MIB, 0x41))
const source = openFile(path)

async function outcome(range, algorithms = ['sha256']) {
  try {
    await hash(source, { algorithms, range })
    return 'hashed'
  } catch ({ code, offset, fileByteLength }) {
    return { code, offset, fileByteLength }
  }
}

truncateSync(path, 4 * MIB)
const half = await outcome(undefined)
truncateSync(path, 4 * MIB - 100)
const page = await outcome({ start: 0, end: 4 * MIB })
const other = await outcome(undefined, ['xxh64', 'xxh3', 'xxh128', 'blake3'])
const { sha256 } = await hash(source, { algorithms: ['sha256'], range: { start: 0, end: 4 * MIB - 100 } })
const { unreadable } = await source.read(0, 8 * MIB)
await source.close()
console.log(
  JSON.stringify({
    half,
    page,
    other,
    before: sha256.length === 64 ? 'sha256 of what is left is there' : sha256,
    read: unreadable.length === 1 ? 'unreadable' : 'read',
  }),
)
