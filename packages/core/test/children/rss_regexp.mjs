// An expression without any literal runs over a GiB of data: how far the process' own memory grew meanwhile, which is what a copy of a window would show in.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { openFile, searchRegexp } from '@mapscope/core'
import { privateMib } from './private_memory.mjs'

const MIB = 1024 ** 2
const BLOCK = 16 * MIB
const path = process.argv[2]
const block = readFileSync(process.execPath).subarray(0, BLOCK)
const fd = openSync(path, 'w')
for (let at = 0; at < 1024 * MIB; at += BLOCK) writeSync(fd, block)
closeSync(fd)

const source = openFile(path)
const query = { pattern: '[a-z][0-9][A-Z][a-z][0-9]' }
async function scan(range) {
  let hits = 0
  let peak = privateMib()
  const onProgress = () => {
    peak = Math.max(peak, privateMib())
  }
  const timer = setInterval(onProgress, 20)
  for await (const batch of searchRegexp(source, query, { range, onProgress })) hits += batch.length
  clearInterval(timer)
  return { hits, peak }
}
// The threads themselves are not what is measured.
await scan({ start: 0, end: 128 * MIB })
const before = privateMib()
const { hits, peak } = await scan({ start: 0, end: source.byteLength })
const expected =
  [...block.toString('latin1').matchAll(new RegExp(query.pattern, 'g'))].length * (source.byteLength / BLOCK)
console.log(JSON.stringify({ hits, expected, growthMib: Math.round(peak - before) }))
await source.close()
