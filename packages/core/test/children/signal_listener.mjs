// A SIGBUS listener of the program's own, which makes libuv put its handler in front of ours; and JavaScript that faults without a call of ours.
import { once } from 'node:events'
import { truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Mmap } from '@mapscope/core'

const [path, way] = process.argv.slice(2)
const LENGTH = 64 * 4096
writeFileSync(path, Buffer.alloc(LENGTH, 1))
let heard = 0
const hear = () => {
  heard++
}
const sumOf = (bytes) => {
  let sum = 0
  for (let at = 0; at < bytes.length; at++) sum += bytes[at]
  return sum
}

// Only a worker touches raw memory: its thread cannot see what this one does about signals.
async function inWorker() {
  const map = Mmap.open(path)
  const program = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.core).then(({ Mmap }) => {
      const map = Mmap.openShared(workerData.handle)
      const { bytes } = map.view()
      parentPort.once('message', () => {
        const sum = bytes.reduce((sum, byte) => sum + byte, 0)
        let told
        try { map.at(0) } catch ({ code }) { told = code }
        parentPort.postMessage({ sum, told })
      })
      parentPort.postMessage('ready')
    })`
  const core = import.meta.resolve('@mapscope/core')
  const worker = new Worker(program, { eval: true, workerData: { handle: map.share(), core } })
  await once(worker, 'message')
  process.on('SIGBUS', hear)
  truncateSync(path, 10 * 4096)
  worker.postMessage('go')
  const [report] = await once(worker, 'message')
  await wait(50)
  console.log(JSON.stringify({ ...report, heardOfOurs: heard }))
  process.kill(process.pid, 'SIGBUS')
  await wait(200)
  console.log(JSON.stringify({ heardOfOthers: heard }))
  process.exit()
}

if (way === 'worker') await inWorker()
if (way === 'before') process.on('SIGBUS', hear)
const map = Mmap.open(path)
const lease = map.view()
if (way === 'after') process.on('SIGBUS', hear)
if (way === 'removed' || way === 'replaced') {
  process.on('SIGBUS', hear)
  process.on('SIGBUS', () => {})
  process.removeAllListeners('SIGBUS')
}
if (way === 'replaced' || way === 'once') process.once('SIGBUS', hear)
truncateSync(path, 10 * 4096)
const sum = sumOf(lease.bytes)
let told
try {
  map.at(0)
} catch ({ code }) {
  told = code
}
await wait(50)
const heardOfOurs = heard
console.log(JSON.stringify({ sum, told, heardOfOurs }))
process.kill(process.pid, 'SIGBUS')
await wait(200)
console.log(JSON.stringify({ heardOfOthers: heard }))
