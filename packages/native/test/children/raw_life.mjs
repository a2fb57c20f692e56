// What becomes of raw memory that JavaScript still points to when its mapping is closed.
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, write, writeFileSync } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isMainThread, markAsUntransferable, parentPort, Worker, workerData } from 'node:worker_threads'
import { gzip } from 'node:zlib'
import { binding } from '../../dist/index.js'

const [path, way, access = 'read'] = isMainThread ? process.argv.slice(2) : workerData

function open(options = {}) {
  const file = openSync(path, 'r+')
  const byteLength = binding.fileStatus(file).byteLength
  const mapping = new binding.Mapping(file, { offset: 0, byteLength, access, ...options })
  closeSync(file)
  return mapping
}

const maps = () => readFileSync('/proc/self/maps', 'utf8').split('\n')
const isMapped = () => maps().some((line) => line.includes(path))
const isOpen = () =>
  readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false
    }
  })

async function collected(isDone) {
  for (let round = 0; round < 200 && !isDone(); round++) {
    globalThis.gc()
    await wait(5)
  }
  return isDone()
}

const codeOf = async (run) => {
  try {
    await run()
    return 'nothing'
  } catch (error) {
    return error.code ?? error.message
  }
}

const WAYS = {
  'has-shared'() {
    return open().exportShared() !== undefined
  },

  // The address goes with the transfer, and detaching finds only the husk.
  async transfer() {
    const mapping = open()
    const buffer = mapping.exportRange(0, mapping.byteLength)
    if (buffer.transfer === undefined) return 'no transfer'
    const moved = new Uint8Array(buffer.transfer())
    const before = moved[9]
    mapping.close()
    const gone = [isMapped(), isOpen()]
    moved[9] = 7 // into the zeros that stand there
    const after = [moved[9], moved.reduce((total, byte) => total + byte, 0), moved.length]
    for (let i = 0; i < 5; i++) {
      globalThis.gc()
      await turn()
    }
    return { before, gone, after, later: moved[9], inFile: readFileSync(path)[9] }
  },

  // Which is a script's right, and since Node 24 puts a key on the buffer that nobody else can detach it without. (Node itself ends the process for
  // it at exit, when such a buffer is still there.)
  async untransferable() {
    const mapping = open()
    const answer = (() => {
      const [released, closed] = [mapping.exportRange(0, 100), mapping.exportRange(100, 100)]
      for (const buffer of [released, closed]) markAsUntransferable(buffer)
      mapping.releaseExport(released)
      const { exports } = mapping
      mapping.close()
      const isGone = (buffer) => buffer.byteLength === 0 || new Uint8Array(buffer)[3] === 0
      return { exports, gone: [released, closed].map(isGone), still: [isMapped(), isOpen()] }
    })()
    for (let i = 0; i < 20; i++) {
      globalThis.gc()
      await wait(2)
    }
    return answer
  },

  // Kept by nobody but the array over it.
  async 'only-the-view'() {
    let bytes = (() => new Uint8Array(open().exportRange(0, 8192)))()
    for (let i = 0; i < 20; i++) {
      globalThis.gc()
      await wait(2)
    }
    const isTrue = bytes[8191] === 104 && isMapped()
    bytes = undefined
    return { isTrue, isGone: await collected(() => !isMapped() && !isOpen()) }
  },

  async 'write-in-flight'() {
    const length = 64 * 1024 ** 2
    writeFileSync(path, Buffer.alloc(length, 'abcdefgh'))
    const mapping = open()
    const bytes = Buffer.from(mapping.exportRange(0, length))
    const out = openSync(`${path}-out`, 'w+')
    const written = promisify(write)(out, bytes, 0, length, 0)
    mapping.close()
    const { bytesWritten } = await written
    closeSync(out)
    return {
      isWhole: bytesWritten === length,
      isDetached: bytes.length === 0,
      isGone: await collected(() => !isMapped()),
    }
  },

  // Released, not closed: the mapping is there, and so must be the bytes.
  async 'write-while-released'() {
    const length = 64 * 1024 ** 2
    writeFileSync(path, Buffer.alloc(length, 'abcdefgh'))
    const mapping = open()
    const buffer = mapping.exportRange(0, length)
    const out = await openFile(`${path}-out`, 'w+')
    const written = out.write(Buffer.from(buffer), 0, length, 0)
    mapping.releaseExport(buffer)
    await written
    await out.close()
    return { exports: mapping.exports, isTrue: readFileSync(`${path}-out`).equals(readFileSync(path)) }
  },

  async 'socket-in-flight'() {
    const length = 64 * 1024 ** 2
    writeFileSync(path, Buffer.alloc(length, 'abcdefgh'))
    const mapping = open()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const accepted = once(server, 'connection')
    const socket = createConnection(server.address().port, '127.0.0.1')
    const [peer] = await accepted
    socket.end(Buffer.from(mapping.exportRange(0, length)))
    await turn()
    mapping.close()
    let received = 0
    for await (const piece of peer) received += piece.length
    server.close()
    return { received: received === length, isGone: await collected(() => !isMapped()) }
  },

  // zlib itself throws, outside of any callback, when its input is detached under it.
  async 'gzip-in-flight'() {
    const length = 64 * 1024 ** 2
    writeFileSync(path, Buffer.alloc(length, 'abcdefgh'))
    const mapping = open()
    const thrown = once(process, 'uncaughtException')
    const done = promisify(gzip)(Buffer.from(mapping.exportRange(0, length)))
    await wait(20)
    mapping.close()
    const outcome = await Promise.race([
      thrown.then(([error]) => error.constructor.name),
      done.then(
        () => 'done',
        (error) => error.constructor.name,
      ),
    ])
    return { outcome, isGone: await collected(() => !isMapped()) }
  },

  // A read on the pool holds the mapping: its bytes are true, though zeros must stand there in the end.
  async 'close-while-reading'() {
    const length = 16 * 1024 ** 2
    writeFileSync(path, Buffer.alloc(length, 'abcdefgh'))
    const mapping = open()
    const buffer = mapping.exportRange(0, length)
    const moved = new Uint8Array(buffer.transfer?.() ?? new ArrayBuffer(0))
    const reads = Array.from({ length: 20 }, () => mapping.readAsync(0, length))
    mapping.close()
    const expected = Buffer.alloc(length, 'abcdefgh')
    let isTrue = true
    for (const { result } of reads) {
      const { bytes, unreadable } = await result
      isTrue &&= unreadable.length === 0 && expected.equals(bytes)
    }
    return { isTrue, rest: moved.reduce((total, byte) => total + byte, 0), isGone: await collected(() => !isMapped()) }
  },

  async cycles() {
    const before = maps().length
    const cycle = (i) => {
      const mapping = open()
      const buffers = [mapping.exportRange(i % 4096, 5000), mapping.exportRange(0, 1)]
      mapping.window(0, 100)
      mapping.latin1(0, 100)
      if (i % 3 === 0) mapping.releaseExport(buffers[0])
      if (i % 2 === 0) mapping.close()
    }
    for (let i = 0; i < 10_000; i++) {
      cycle(i)
      if (i % 500 === 0) {
        globalThis.gc()
        await turn()
      }
    }
    return { isGone: await collected(() => !isMapped() && maps().length < before + 200), descriptors: isOpen() }
  },

  async shared() {
    const mapping = open()
    let buffer = mapping.exportShared()
    if (buffer === undefined) return 'no shared'
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: [path, 'shared-worker', access] })
    await once(worker, 'message')
    worker.postMessage(buffer)
    const [seen] = await once(worker, 'message')
    const stored = [new Uint8Array(buffer)[5], mapping.getByte(5), readFileSync(path)[5]]
    const counted = mapping.exports
    mapping.close()
    const closed = [new Uint8Array(buffer)[6], isMapped(), mapping.exports]
    const exited = once(worker, 'exit')
    worker.postMessage('end')
    await exited
    buffer = undefined
    return { seen, stored, counted, closed, isCollected: await collected(() => mapping.exports === 0) }
  },
  'shared-worker'() {
    parentPort.on('message', (buffer) => {
      if (buffer === 'end') return parentPort.close()
      const bytes = new Uint8Array(buffer)
      const seen = bytes[5]
      bytes[5] = 7
      parentPort.postMessage(seen)
    })
    parentPort.postMessage('ready')
  },

  // A worker that ends, or is ended, with everything out.
  async worker() {
    const answers = []
    for (const end of ['return', 'terminate']) {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: [path, 'in-worker', access] })
      await once(worker, 'message')
      const during = isMapped()
      if (end === 'terminate') await worker.terminate()
      else {
        const exited = once(worker, 'exit')
        worker.postMessage('end')
        await exited
      }
      answers.push({ during, isGone: await collected(() => !isMapped() && !isOpen()) })
    }
    return answers
  },
  'in-worker'() {
    const mapping = open()
    const buffer = mapping.exportRange(0, 10_000)
    globalThis.kept = {
      mapping,
      buffer,
      moved: mapping.exportRange(5, 10).transfer?.(),
      window: mapping.window(0, 10_000),
      string: mapping.latin1(0, 10_000),
      shared: mapping.exportShared(),
    }
    parentPort.once('message', () => {})
    parentPort.postMessage(globalThis.kept.string.length)
  },

  // 4 GiB is as far as Node 20 goes; what it refuses must not be freed twice.
  'too-long'() {
    const mapping = open()
    const results = []
    for (let i = 0; i < 3; i++) {
      try {
        results.push(mapping.exportRange(0, mapping.byteLength).byteLength)
      } catch ({ code }) {
        results.push(code)
      }
    }
    const half = new Uint8Array(mapping.exportRange(mapping.byteLength - 2 ** 32, 2 ** 32))
    return { results, last: half[2 ** 32 - 1], exports: mapping.exports }
  },

  // V8 counts the length as memory of its own: making a long one costs a collection, having one costs none.
  async garbage() {
    const { constants, PerformanceObserver } = await import('node:perf_hooks')
    let collections = 0
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind !== constants.NODE_PERFORMANCE_GC_MINOR) collections++
    }).observe({ entryTypes: ['gc'] })
    const during = async (work) => {
      await wait(50)
      const before = collections
      work()
      await wait(50)
      return collections - before
    }
    const allocate = () => {
      for (let i = 0; i < 3000; i++) globalThis.junk = new Array(1000).fill(i)
    }
    const mapping = open()
    const longest = process.version.startsWith('v20.') ? 2 ** 32 : mapping.byteLength
    const making = await during(() => {
      globalThis.kept = [
        mapping.exportRange(0, longest),
        mapping.window(0, 3 * 2 ** 30),
        mapping.latin1(0, 2 ** 29 - 24),
      ]
    })
    const having = await during(allocate)
    const small = await during(() => {
      for (let i = 0; i < 200; i++) mapping.releaseExport(mapping.exportRange(0, 32 * 1024 ** 2))
    })
    return { making, having, small }
  },

  async share() {
    const mapping = open()
    mapping.setByte(3, 7)
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: [path, 'share-worker', access] })
    const exited = once(worker, 'exit')
    worker.postMessage(mapping.share())
    const [seen] = await once(worker, 'message')
    const back = mapping.getByte(4)
    mapping.close()
    const open1 = isMapped()
    worker.postMessage('closed')
    const [after] = await once(worker, 'message')
    await exited
    return { seen, back, open1, after, isGone: !isMapped(), later: await codeOf(() => binding.openShared(after.id)) }
  },
  'share-worker'() {
    let mapping
    parentPort.on('message', (message) => {
      if (mapping === undefined) {
        mapping = binding.openShared(message)
        const seen = mapping.getByte(3)
        mapping.setByte(4, 8)
        parentPort.postMessage(seen)
      } else {
        parentPort.postMessage({ byte: mapping.getByte(3), id: mapping.share() })
        mapping.close()
        parentPort.close()
      }
    })
  },
}

const answer = await WAYS[way]()
if (isMainThread) console.log(JSON.stringify(answer))
