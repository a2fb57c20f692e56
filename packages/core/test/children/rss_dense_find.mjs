// Searches 256 MiB of data for its last four bytes and reports the growth of the peak resident set.
import { closeSync, openSync, writeSync } from 'node:fs'
import { find, openFile } from '@mapscope/core'
import { peakResidentMib } from './rss.mjs'

const MIB = 1024 ** 2
const fd = openSync(process.argv[2], 'w')
const block = Buffer.alloc(MIB, 'dense ')
for (let n = 0; n < 256; n++) writeSync(fd, block)
writeSync(fd, 'LAST', 256 * MIB - 4)
closeSync(fd)

const source = openFile(process.argv[2])
await source.read(0, 65_536)
const before = peakResidentMib()
const { offset } = await find(source, Buffer.from('LAST'), { from: 0, direction: 'forward' })
await source.close()
console.log(JSON.stringify({ offset, before, growthMib: peakResidentMib() - before }))
