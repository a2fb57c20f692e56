// A file is cut in the middle of a page and grown again by its own bytes, over and over, while small reads and searches run. What they
// answer is true bytes, or unreadable: never the zeros that the kernel shows behind the cut.
import { once } from 'node:events'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { binding } from '../../dist/index.js'

const [path, forMs] = process.argv.slice(2)
const pattern = Buffer.from('abcdefgh')
const byteLength = 2 * binding.pageSize
const whole = Buffer.alloc(byteLength, pattern)

writeFileSync(path, whole)
const file = openSync(path, 'r')
const mapping = new binding.Mapping(file, { offset: 0, byteLength, access: 'read' })
closeSync(file)

const isOver = new Int32Array(new SharedArrayBuffer(4))
const cutter = new Worker(new URL('flicker_cutter.mjs', import.meta.url), { workerData: { path, isOver, byteLength } })
const ended = once(cutter, 'exit')
const wrong = {}
const answers = {}

function judge(name, isRight) {
  answers[name] = (answers[name] ?? 0) + 1
  wrong[name] = (wrong[name] ?? 0) + (isRight ? 0 : 1)
}

function isTrue(bytes, unreadable) {
  for (let i = 0; i < unreadable.length; i += 2) whole.copy(bytes, unreadable[i], unreadable[i], unreadable[i + 1])
  return whole.equals(bytes)
}

const compiled = binding.compilePattern({ kind: 'bytes', values: pattern })
const zero = binding.compilePattern({ kind: 'any', needles: [{ values: new Uint8Array(1) }] })
const isEach = (offsets) => offsets.every((offset) => offset % 8 === 0)

const untilOver = async (step) => {
  while (Atomics.load(isOver, 0) === 0) await step()
}

function findsNoZeros() {
  try {
    return mapping.find(new Uint8Array(64), 0, byteLength, false) === -1
  } catch (error) {
    return error.code === 'FAULT'
  }
}

const readers = [
  async () => {
    const { bytes, unreadable } = await mapping.readAsync(0, byteLength).result
    judge('readAsync', isTrue(bytes, unreadable))
  },
  async () => {
    const target = Buffer.alloc(byteLength)
    judge('readIntoAsync', isTrue(target, await mapping.readIntoAsync(0, target).result))
  },
  async () => {
    await turn()
    judge('find', findsNoZeros())
  },
  // The file never holds a zero: a match is the kernel's. And it always holds the pattern, unless some of it is gone.
  async () => {
    const { offset } = await mapping.findAsync(new Uint8Array(64), 0, byteLength, false).result
    judge('findAsync', offset === -1)
  },
  async () => {
    const { offset, unreadable } = await mapping.findAsync(pattern, 0, byteLength, true).result
    judge('findLastAsync', offset === byteLength - 8 || unreadable.length > 0)
  },
  async () => {
    const { offsets, unreadable } = await mapping.matchAsync(compiled, 0, byteLength, { limit: 1e6 }).result
    judge('matchAsync', isEach(offsets) && (offsets.length === byteLength / 8 || unreadable.length > 0))
  },
  async () => {
    const options = { limit: 1e6, isReverse: true }
    const { offsets, unreadable } = await mapping.matchAsync(compiled, 0, byteLength, options).result
    judge('matchLastAsync', isEach(offsets) && (offsets.length === byteLength / 8 || unreadable.length > 0))
  },
  async () => {
    const { count } = await mapping.matchAsync(zero, 0, byteLength, { limit: 0, isCountOnly: true }).result
    judge('matchZerosAsync', count === 0)
  },
]

setTimeout(() => Atomics.store(isOver, 0, 1), Number(forMs))
await Promise.all(readers.map(untilOver))
await ended
console.log(JSON.stringify({ wrong, answers }))
