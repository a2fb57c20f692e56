import { closeSync, openSync, readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { binding } from '../../dist/index.js'

const { path, byteLength, isKilled } = workerData
const truth = readFileSync(path)
const file = openSync(path, 'r')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'read' })
closeSync(file)

const { bytes } = await mapping.readAsync(0, byteLength).result
const target = new Uint8Array(byteLength)
mapping.copyOut(0, target)
const view = new Uint8Array(mapping.exportRange(0, byteLength))
const wrong = [bytes, target, view].filter((read) => !truth.equals(read)).length

function startMany() {
  for (let i = 0; i < 10; i++) {
    mapping.readAsync(0, byteLength)
    mapping.readIntoAsync(0, new Uint8Array(byteLength))
    mapping.findAsync(Buffer.alloc(100), 0, byteLength, false)
  }
}

startMany()
parentPort.postMessage(wrong)
if (!isKilled) process.exit()
setInterval(startMany, 1)
