// A thread that loads the addon, maps a file that nobody changes, reads it, and ends: at rest, in the middle of everything, or killed.
import { closeSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { patternAt } from './pattern.mjs'
import { Random } from './random.mjs'

const { entry, path, byteLength, seed, way } = workerData
const { binding } = await import(entry)
const random = new Random(seed)

const file = openSync(path, 'r')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'read' })
closeSync(file)

function isRight(start, bytes) {
  return bytes.every((byte, at) => byte === patternAt(start + at))
}

async function readSome() {
  const { start, end } = random.range(byteLength)
  if (random.chance(2)) {
    const target = new Uint8Array(end - start)
    mapping.copyOut(start, target)
    return isRight(start, target)
  }
  const { bytes, unreadable } = await mapping.readAsync(start, end - start).result
  return unreadable.length === 0 && isRight(start, bytes)
}

function startMany() {
  for (let i = 0; i < 8; i++) {
    mapping.readAsync(0, byteLength)
    mapping.findAsync(new Uint8Array(40), 0, byteLength, i % 2 === 0)
  }
}

let wrong = 0
for (let i = 0; i < 20; i++) wrong += (await readSome()) ? 0 : 1
parentPort.postMessage(wrong)

if (way === 'exits') {
  startMany()
  process.exit()
} else if (way === 'is killed') {
  for (;;) {
    startMany()
    await readSome()
  }
} else if (way === 'closes') {
  startMany()
  mapping.close()
}
