// Reads 64 KiB at 2,000 random places and reports the growth of the peak resident set.
import { openFile } from '@mapscope/core'
import { seeded } from './random.mjs'
import { peakResidentMib } from './rss.mjs'

const source = openFile(process.argv[2])
const random = seeded(process.argv[3])

await source.read(0, 65_536)
const before = peakResidentMib()
const READS = 2000
for (let n = 0; n < READS; n++) {
  const offset = Math.floor(random() * (source.byteLength - 65_536))
  const { bytes, unreadable } = await source.read(offset, 65_536)
  if (bytes.length !== 65_536 || unreadable.length > 0) throw new Error(`read at ${offset} fell short`)
}
await source.close()
console.log(JSON.stringify({ reads: READS, before, growthMib: peakResidentMib() - before }))
