// A search over a file of which nearly everything is gone.
import { truncateSync } from 'node:fs'
import { find, openFile } from '@mapscope/core'

const source = openFile(process.argv[2])
truncateSync(process.argv[2], 4096)
const startedMs = performance.now()
const needle = Buffer.from('absent')
const forward = await find(source, needle, { from: 0, direction: 'forward', isWrapping: true })
const backward = await find(source, needle, { from: source.byteLength, direction: 'backward', isWrapping: true })
const isQuick = performance.now() - startedMs < 2000
await source.close()
console.log(JSON.stringify({ forward: forward.offset, backward: backward.offset, isQuick }))
