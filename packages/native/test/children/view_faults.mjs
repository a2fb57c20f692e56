// Touches raw memory that is not there any more, in one way or another, and prints what came of it.
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { gzip } from 'node:zlib'
import { binding } from '../../dist/index.js'

const [path, way, access = 'read', kind = 'export', neighbour] = isMainThread ? process.argv.slice(2) : workerData
const byteLength = 300_000
const pattern = Buffer.from('abcdefgh')

function open(options = {}) {
  const file = openSync(path, 'r+')
  const mapping = new binding.Mapping(file, { offset: 0, byteLength, access, ...options })
  closeSync(file)
  return mapping
}

/** The whole mapping as something with a code for each byte. */
function raw(mapping) {
  if (kind === 'window') return mapping.window(0, byteLength)
  if (kind === 'shared') return new Uint8Array(mapping.exportShared())
  if (kind === 'export') return new Uint8Array(mapping.exportRange(0, byteLength))
  const string = mapping.latin1(0, byteLength)
  return { length: string.length, string }
}

/** Compiled by the time it is called for the third time. */
function sum(bytes) {
  let total = 0
  if (bytes.string === undefined) for (let i = 0; i < bytes.length; i++) total += bytes[i]
  else for (let i = 0; i < bytes.length; i++) total += bytes.string.charCodeAt(i)
  return total
}

function told(call) {
  try {
    call()
    return 'nothing'
  } catch ({ code, isInView, offset, fileByteLength }) {
    return { code, isInView, offset, fileByteLength }
  }
}

const isPattern = (bytes) => Buffer.alloc(bytes.byteLength, pattern).equals(bytes)
const restore = () => writeFileSync(path, Buffer.alloc(byteLength, pattern))

const WAYS = {
  loop() {
    const mapping = open()
    const bytes = raw(mapping)
    const whole = [sum(bytes), sum(bytes), sum(bytes)]
    const before = binding.viewFaults[0]
    truncateSync(path, 10_000)
    const cut = sum(bytes)
    const faults = binding.viewFaults[0] - before
    const first = told(() => mapping.getByte(0))
    const second = told(() => mapping.getByte(0))
    restore()
    const regrown = sum(bytes)
    return {
      whole,
      cut,
      faults,
      first,
      second,
      regrown,
      isTrue: mapping.find(pattern, 299_992, byteLength, false) === 299_992,
    }
  },

  // Cut while the loop runs, by another thread: it goes on, with zeros or with bytes.
  async 'loop-while-cut'() {
    const mapping = open()
    const bytes = raw(mapping)
    const cutter = new Worker(new URL('cut_and_grow.mjs', import.meta.url), {
      workerData: { path, isOver: new Int32Array(new SharedArrayBuffer(4)) },
    })
    const until = performance.now() + 1500
    let tellings = 0
    let wrong = 0
    while (performance.now() < until) {
      for (let i = 0; i < bytes.length; i++) {
        const byte = bytes[i]
        if (byte !== 0 && byte !== pattern[i % 8]) wrong++
      }
      if (told(() => mapping.getByte(0)) !== 'nothing') tellings++
    }
    await cutter.terminate()
    restore()
    told(() => mapping.getByte(0))
    return {
      wrong,
      areTold: tellings > 0,
      isWhole: isPattern(Buffer.from(raw(open()).buffer)) && sum(bytes) === 30_150_000,
    }
  },

  // As above, with reads and searches in flight on the pool: what they say is true, or unreadable.
  async 'jobs-meanwhile'() {
    const mapping = open()
    const bytes = raw(mapping)
    const isOver = new Int32Array(new SharedArrayBuffer(4))
    const cutter = new Worker(new URL('cut_and_grow.mjs', import.meta.url), { workerData: { path, isOver } })
    const exited = once(cutter, 'exit')
    let wrong = 0
    let answers = 0
    const retry = (call) => {
      for (;;) {
        try {
          return call()
        } catch (error) {
          if (error.isInView !== true) throw error
        }
      }
    }
    const read = async () => {
      while (Atomics.load(isOver, 0) === 0) {
        const { bytes: copy, unreadable } = await retry(() => mapping.readAsync(0, byteLength)).result
        for (let i = 0; i < unreadable.length; i += 2)
          for (let at = unreadable[i]; at < unreadable[i + 1]; at++) copy[at] = pattern[at % 8]
        wrong += isPattern(copy) ? 0 : 1
        answers++
      }
    }
    const search = async (isReverse) => {
      while (Atomics.load(isOver, 0) === 0) {
        const { offset } = await retry(() => mapping.findAsync(new Uint8Array(8), 0, byteLength, isReverse)).result
        wrong += offset === -1 ? 0 : 1
        answers++
      }
    }
    const touch = setInterval(() => sum(bytes), 1)
    setTimeout(() => Atomics.store(isOver, 0, 1), 2000)
    await Promise.all([read(), read(), search(false), search(true)])
    clearInterval(touch)
    await exited
    return { wrong, isAnswered: answers > 50, areFaults: binding.viewFaults[0] > 0 }
  },

  // Zeros that a view put there are not the file's: until somebody calls, the jobs that are running say so.
  async 'jobs-in-flight'() {
    const mapping = open()
    const bytes = raw(mapping)
    const blocked = Array.from({ length: 4 }, () => mapping.findAsync(Buffer.from('absent'), 0, byteLength, false))
    const read = mapping.readAsync(0, byteLength)
    truncateSync(path, 10_000)
    sum(bytes)
    restore()
    const { bytes: copy, unreadable } = await read.result
    await Promise.all(blocked.map((job) => job.result))
    for (let at = unreadable[0] ?? byteLength; at < byteLength; at++) copy[at] = pattern[at % 8]
    return {
      isTrue: isPattern(copy),
      untold: mapping.takeViewFault() !== undefined,
      isHealed: sum(bytes) === 30_150_000,
    }
  },

  'without-file'() {
    const mapping = open({ keepsFile: false })
    const bytes = raw(mapping)
    truncateSync(path, 10_000)
    const cut = sum(bytes.subarray(290_000))
    restore()
    const calls = [1, 2, 3].map(() => told(() => mapping.getByte(0)))
    const still = bytes[299_999]
    mapping.close()
    return { cut, calls, still, afterClose: mapping.takeViewFault() ?? 'nothing' }
  },

  'told-when-closed'() {
    const mapping = open()
    const bytes = raw(mapping)
    truncateSync(path, 10_000)
    sum(bytes)
    mapping.close()
    return { first: mapping.takeViewFault(), second: mapping.takeViewFault() ?? 'nothing' }
  },

  // The memory is gone before anybody asks.
  async 'told-when-collected'() {
    const mapping = open()
    let bytes = raw(mapping)
    truncateSync(path, 10_000)
    sum(bytes)
    bytes = undefined
    for (let turn = 0; turn < 100 && mapping.exports > 0; turn++) {
      globalThis.gc()
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    return { exports: mapping.exports, first: told(() => mapping.getByte(0)), second: told(() => mapping.getByte(0)) }
  },

  async listener() {
    let heard = 0
    const mapping = open()
    const bytes = raw(mapping)
    process.on('SIGBUS', () => heard++)
    binding.ensureFaultHandler()
    truncateSync(path, 0)
    const cut = sum(bytes)
    const before = heard
    process.kill(process.pid, 'SIGBUS')
    await new Promise((resolve) => setTimeout(resolve, 200))
    return { cut, before, after: heard }
  },

  async kill() {
    const bytes = raw(open())
    truncateSync(path, 0)
    console.log(sum(bytes))
    process.kill(process.pid, 'SIGBUS')
    await new Promise((resolve) => setTimeout(resolve, 5000))
  },

  foreign() {
    const theirs = `${path}-theirs`
    writeFileSync(theirs, Buffer.alloc(20_000, 'y'))
    const other = createRequire(import.meta.url)(neighbour)
    other.map(theirs)
    const bytes = raw(open())
    truncateSync(path, 0)
    truncateSync(theirs, 0)
    console.log(sum(bytes))
    other.touch()
  },

  wasm() {
    const bytes = raw(open())
    // (module (memory 1) (func (export "load") (param i32) (result i32) local.get 0 i32.load))
    const code = Buffer.from(
      '0061736d0100000001060160017f017f030201000503010001070801046c6f616400000a0901070020002802000b',
      'hex',
    )
    const { load } = new WebAssembly.Instance(new WebAssembly.Module(code)).exports
    const trap = () => {
      try {
        return load(70_000)
      } catch (error) {
        return error.constructor.name
      }
    }
    const before = trap()
    truncateSync(path, 0)
    return { inside: load(0), before, cut: sum(bytes), after: trap() }
  },

  // Threads that never called into the addon are patched too.
  async pool() {
    const mapping = open()
    const bytes = raw(mapping)
    truncateSync(path, 10_000)
    const packed = await promisify(gzip)(bytes)
    return { isPacked: packed.byteLength > 0, first: told(() => mapping.getByte(0)) }
  },

  async worker() {
    if (!isMainThread) return
    const worker = new Worker(fileURLToPath(import.meta.url), {
      workerData: [path, 'loop', access, kind],
      stdout: true,
    })
    let said = ''
    const exited = once(worker, 'exit')
    worker.stdout.setEncoding('utf8').on('data', (piece) => {
      said += piece
    })
    await exited
    return JSON.parse(said)
  },

  // A patch makes one mapping more, and there are as many as there may be.
  'no-more-maps'() {
    const mapping = open()
    const bytes = raw(mapping)
    const whole = sum(bytes)
    const file = openSync(path, 'r')
    const kept = []
    let refused
    truncateSync(path, 10_000)
    while (refused === undefined) {
      try {
        kept.push(new binding.Mapping(file, { offset: 0, byteLength: 7, access: 'read', keepsFile: false }))
      } catch ({ errnoName }) {
        refused = errnoName
      }
    }
    const cut = sum(bytes)
    for (const one of kept) one.close()
    const first = told(() => mapping.getByte(0))
    restore()
    return { isMany: kept.length > 50_000, refused, whole, cut, first, regrown: sum(bytes) }
  },

  // Two objects over the same memory: each is told, once.
  async 'each-is-told'() {
    const mapping = open()
    const bytes = raw(mapping)
    const other = binding.openShared(mapping.share())
    truncateSync(path, 0)
    sum(bytes)
    const tellings = [mapping, other, mapping, other].map((one) => told(() => one.getByte(0)).isInView ?? false)
    return { tellings, later: told(() => binding.openShared(mapping.share()).getByte(0)) }
  },

  // A file system of 1 MiB, and a sparse file of 4: pages of the file that cannot be had.
  'full-disk'() {
    const whole = 4 * 1024 ** 2
    const page = binding.pageSize
    const file = openSync(path, 'w+')
    truncateSync(path, whole)
    const mapping = new binding.Mapping(file, { offset: 0, byteLength: whole, access: 'write' })
    const bytes = new Uint8Array(mapping.exportRange(0, whole))
    const stored = Buffer.alloc(whole, 'x')
    // From the end, so that every page is a fault of its own, and more of them than are patched singly.
    for (let at = whole - page; at >= 0; at -= page) bytes.set(stored.subarray(at, at + page), at)
    const faults = binding.viewFaults[0]
    const flush = told(() => mapping.flush(0, whole))
    const onDisk = readFileSync(path)
    // What the disk has no room for cannot even be read, and beyond 32 such pages nothing is shown any more.
    const areTrueOrZero = onDisk.every((byte, at) => bytes[at] === byte || bytes[at] === 0)
    const lost = onDisk.indexOf(0)
    truncateSync(path, 0)
    truncateSync(path, whole)
    told(() => mapping.getByte(0))
    bytes[0] = 7
    const again = [told(() => mapping.getByte(0)), readFileSync(path)[0]]
    closeSync(file)
    return { faults, flush, areTrueOrZero, isLost: lost >= 0, again }
  },
}

const answer = await WAYS[way]()
console.log(JSON.stringify(answer))
