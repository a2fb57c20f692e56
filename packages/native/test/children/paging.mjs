// Every call about pages once, for each Node of the matrix.
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { binding } from '../../dist/index.js'

const [path] = process.argv.slice(2)
const page = binding.pageSize
const byteLength = 64 * page
const { MADV_WILLNEED, MADV_DONTNEED } = binding.constants
writeFileSync(path, Buffer.alloc(byteLength, 'abcdefgh'))
const file = openSync(path, 'r+')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'write' })
closeSync(file)

async function codeOf(run) {
  try {
    await run()
  } catch ({ code, errnoName }) {
    return [code, errnoName]
  }
}

mapping.move(3, 0, 8)
mapping.advise(MADV_WILLNEED, 0, byteLength)
await mapping.adviseAsync(MADV_DONTNEED, page, page).result
await mapping.populateAsync(0, byteLength).result
const bitmap = mapping.residency(0, byteLength)
const resident = bitmap.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
mapping.lock(10, 20)
mapping.unlock(10, 20)
const target = new Uint8Array(16)
const unreadable = await mapping.readIntoAsync(0, target).result
const guard = await codeOf(() => mapping.advise(102, 0, page))
const cancelled = mapping.readIntoAsync(0, new Uint8Array(byteLength))
const busy = await codeOf(() => mapping.resize(1))
await cancelled.result
mapping.resize(100 * page)
mapping.copyIn(100 * page - 3, Buffer.from('end'))
mapping.remap(page)
const first = new Uint8Array(4)
mapping.copyOut(page - 4, first)
mapping.close()
console.log(
  JSON.stringify({
    moved: Buffer.from(target).toString(),
    unreadable,
    resident,
    guard,
    busy,
    size: statSync(path).size / page,
    end: readFileSync(path).toString('latin1', 100 * page - 4),
    remapped: Buffer.from(first).toString(),
    granularity: binding.allocationGranularity % page,
  }),
)
