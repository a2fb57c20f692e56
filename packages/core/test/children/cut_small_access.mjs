// Loops hot enough to be compiled, over a file that is cut under them: every one must meet ERR_FAULT at the first byte that is gone, and none may
// take a zero for a byte of the file, which has none.
import { truncateSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { Mmap } from '@mapscope/core'

const MIB = 1024 ** 2
const [path] = process.argv.slice(2)
const whole = Buffer.alloc(4 * MIB, 'line of text\n')
const ROUNDS = 6

const LOOPS = {
  at(map) {
    for (let index = 0; ; index++) if (map.at(index) === 0) return index
  },
  // Two in one expression: the compiler may read what they share once.
  pairs(map) {
    for (let index = 0; ; index += 2) if (map.at(index) * map.at(index + 1) === 0) return index
  },
  readByte(map) {
    map.seek(0)
    for (;;) if (map.readByte() === 0) return map.tell()
  },
  slice(map) {
    for (let index = 0; ; index += 16) if (map.slice(index, index + 16).includes(0)) return index
  },
  readLine(map) {
    map.seek(0)
    for (;;) if (map.readLine().includes(0)) return map.tell()
  },
  iterate(map) {
    let index = 0
    for (const byte of map) {
      if (byte === 0) return index
      index++
    }
  },
  set(map) {
    for (let index = 0; ; index++) map.set(index, 0x41)
  },
  write(map) {
    map.seek(0)
    for (;;) map.write(Buffer.from('abc'))
  },
}

// Cuts the file when it is told to, on its own thread, as another program would.
const cutter = new Worker(
  `const { parentPort } = require('node:worker_threads')
   const { truncateSync } = require('node:fs')
   parentPort.on('message', ({ path, word }) => { Atomics.wait(word, 0, 0, 2); truncateSync(path, ${MIB}); Atomics.store(word, 0, 1) })`,
  { eval: true },
)

function outcome(loop, map) {
  try {
    return loop(map)
  } catch ({ code, offset, fileByteLength, message }) {
    // Lost bytes that were the window's own affair must not be called a view's.
    return { code, offset, fileByteLength, isView: message.includes('view') }
  }
}

const report = {}
for (const [name, loop] of Object.entries(LOOPS)) {
  report[name] = []
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(path, whole)
    const map = Mmap.open(path)
    const word = new Int32Array(new SharedArrayBuffer(4))
    // Half of the rounds are cut before they begin, half in the middle.
    if (round % 2 === 0) truncateSync(path, MIB)
    else cutter.postMessage({ path, word })
    report[name].push(outcome(loop, map))
    if (round % 2 === 1) Atomics.wait(word, 0, 0, 1000)
    map.close()
  }
}
await cutter.terminate()
console.log(JSON.stringify(report))
