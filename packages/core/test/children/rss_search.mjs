// Finds 32 Mi hits in 256 MiB of data, into a store, and tells how far the process grew meanwhile.
import { closeSync, openSync, writeSync } from 'node:fs'
import { HitStore, openFile, search } from '@mapscope/core'
import { privateMib } from './private_memory.mjs'

const MIB = 1024 ** 2
const path = process.argv[2]
const fd = openSync(path, 'w')
for (let at = 0; at < 256; at++) writeSync(fd, Buffer.alloc(MIB, 'needles-'))
closeSync(fd)

const source = openFile(path)
const before = privateMib()
let peak = before
async function* watched() {
  for await (const batch of search(source, Buffer.from('needle'))) {
    yield batch
    peak = Math.max(peak, privateMib())
  }
}
const store = await HitStore.collect(watched(), { memoryByteLength: 8 * MIB })
console.log(
  JSON.stringify({
    hits: store.length,
    growthMib: Math.round(peak - before),
    spilledMib: store.spilledByteLength / MIB,
  }),
)
store.close()
await source.close()
