// Cuts a file and grows it again by its own bytes, until told that it is over: cut for a moment, whole for a while, so that who looks
// again finds it unchanged.
import { ftruncateSync, openSync, writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { path, isOver, byteLength } = workerData
const whole = Buffer.alloc(byteLength, 'abcdefgh')
const file = openSync(path, 'r+')
const cuts = [1000, byteLength - 3000]
const cell = new Int32Array(new SharedArrayBuffer(4))
const pause = (ms) => Atomics.wait(cell, 0, 0, ms)

for (let cycle = 0; Atomics.load(isOver, 0) === 0; cycle++) {
  const cut = cuts[cycle % 2]
  ftruncateSync(file, cut)
  pause(0.1)
  writeSync(file, whole, cut, byteLength - cut, cut)
  pause(30)
}
