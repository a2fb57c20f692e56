// Every operation of a map over a file that was cut to one page.
import { truncateSync } from 'node:fs'
import { Mmap } from '@mapscope/core'

const path = process.argv[2]
const map = Mmap.open(path)
truncateSync(path, 4096)

async function failureOf(call) {
  try {
    await call()
  } catch (error) {
    return { code: error.code, offset: error.offset, fileByteLength: error.fileByteLength }
  }
  return 'no failure'
}

const report = {
  at: await failureOf(() => map.at(4096)),
  set: await failureOf(() => map.set(5000, 1)),
  slice: await failureOf(() => map.slice(0, 8192)),
  strided: await failureOf(() => map.slice(8192, 0, -3)),
  find: await failureOf(() => map.find(Buffer.from('absent'))),
  rfind: await failureOf(() => map.rfind(Buffer.from('start'))),
  iterate: await failureOf(() => [...map]),
  readAt: await failureOf(() => map.readAt(0, 8192)),
  within: String.fromCharCode(map.at(0)),
  size: map.size(),
  length: map.length,
}
map.close()
console.log(JSON.stringify(report))
