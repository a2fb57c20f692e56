// Cuts a file and grows it again until told that it is over. It grows by its own bytes, so that zeros are never in it.
import { ftruncateSync, openSync, writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { path, isOver } = workerData
const whole = Buffer.alloc(300_000, 'abcdefgh')
const file = openSync(path, 'r+')
for (let cycle = 0; Atomics.load(isOver, 0) === 0; cycle++) {
  const cut = [0, 1000, 4173, 150_123][cycle % 4]
  ftruncateSync(file, cut)
  for (let at = cut; at < whole.length; ) at += writeSync(file, whole, at, whole.length - at, at)
}
