// The file is cut while the engine's own compiled code is in the middle of it, and some cuts come before it begins.
import { writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { Mmap } from '@mapscope/core'

const MIB = 1024 ** 2
const [path] = process.argv.slice(2)
const whole = Buffer.alloc(16 * MIB, 'words of text, and more ')
const REGEXPS = [/absent/, /[^a-z ,]{3}/, /(?:wor|tex)\w+!/, /\0/, /x(?=!)|[q-z]{7}/]
const cutter = new Worker(
  `const { parentPort } = require('node:worker_threads')
   const { truncateSync } = require('node:fs')
   parentPort.on('message', ({ path, word, delay }) => { Atomics.wait(word, 0, 0, delay); truncateSync(path, ${MIB}); Atomics.store(word, 0, 1); Atomics.notify(word, 0) })`,
  { eval: true },
)
const unexpected = []
let faults = 0
for (let round = 0; round < 12; round++) {
  writeFileSync(path, whole)
  const map = Mmap.open(path, { access: 'read' })
  const word = new Int32Array(new SharedArrayBuffer(4))
  cutter.postMessage({ path, word, delay: 1 + 2 * round })
  for (let n = 0; Atomics.load(word, 0) === 0 || n < 10; n++) {
    const isCut = Atomics.load(word, 0) === 1
    try {
      const match = map.search(REGEXPS[n % REGEXPS.length])
      // Nothing matches; and nobody can know once the rest is gone.
      if (match !== null || isCut) unexpected.push([round, String(REGEXPS[n % REGEXPS.length]), match])
    } catch ({ code, offset, message }) {
      faults++
      if (code !== 'ERR_FAULT' || offset < MIB || message.includes('view'))
        unexpected.push([round, code, offset, message])
    }
  }
  if (map.at(0) !== whole[0]) unexpected.push([round, 'the rest is not readable'])
  map.close()
}
await cutter.terminate()
console.log(JSON.stringify({ unexpected: unexpected.slice(0, 5), hasFaulted: faults >= 12 }))
