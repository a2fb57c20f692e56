// The same map in several threads: of a file, of private pages and of memory that has no file.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, MessageChannel, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads'
import { constants, Mmap, mmap } from '@mapscope/core'

function codeOf(call) {
  try {
    return call() ?? 'done'
  } catch ({ code }) {
    return code
  }
}

if (!isMainThread) {
  const { handle, byte } = workerData
  const map = Mmap.openShared(handle)
  const lease = map.view(0, 4)
  map.seek(4)
  const seen = {
    text: Buffer.from(map.slice(0, 4)).toString(),
    access: map.access,
    offset: map.offset,
    length: map.length,
  }
  if (byte !== undefined) {
    map.set(1, byte)
    lease.bytes[2] = byte
  }
  parentPort.postMessage({
    ...seen,
    set: codeOf(() => map.set(0, map.at(0))),
    resize: codeOf(() => map.resize(4096)),
    close: codeOf(() => map.close()),
  })
  // It ends with the map open and the lease out.
} else {
  const [path] = process.argv.slice(2)
  const inWorker = (data) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: data })
      let answer
      worker.once('message', (message) => {
        answer = message
      })
      worker.once('error', reject)
      worker.once('exit', () => resolve(answer))
    })
  const anonymous = (flags) => {
    const map = mmap(-1, 8192, flags === undefined ? {} : { flags })
    map.write(Buffer.from('memory'))
    return map
  }
  const MAPS = {
    write: () => Mmap.open(path),
    read: () => Mmap.open(path, { access: 'read' }),
    copy: () => Mmap.open(path, { access: 'copy' }),
    shared: () => anonymous(undefined),
    private: () => anonymous(constants.MAP_PRIVATE),
  }
  const report = {}
  for (const [name, open] of Object.entries(MAPS)) {
    writeFileSync(path, Buffer.alloc(8192, 'file '))
    const map = open()
    map.seek(3)
    const byte = name === 'read' ? undefined : 0x21
    const answer = await inWorker({ handle: map.share(), byte })
    report[name] = {
      ...answer,
      here: Buffer.from(map.slice(0, 4)).toString(),
      position: map.tell(),
      file: readFileSync(path, 'latin1').slice(0, 4),
    }
    map.close()
    report[name].after = codeOf(() => Mmap.openShared(map.share()))
  }

  // In one thread: an own object each, and the pages stay for the one that is left.
  const first = Mmap.open(path)
  const handle = first.share()
  const second = Mmap.openShared(structuredClone(handle))
  first.close()
  report.left = Buffer.from(second.slice(0, 4)).toString()
  const third = Mmap.openShared(handle)
  second.close()
  third.close()
  report.nobody = codeOf(() => Mmap.openShared(handle))

  // Through a message, as structured clone makes of it what it will.
  const map = Mmap.open(path)
  const { port1, port2 } = new MessageChannel()
  port1.postMessage(map.share())
  const received = Mmap.openShared(receiveMessageOnPort(port2).message)
  report.byMessage = received.length
  received.close()
  port1.close()

  // As another thread may use Atomics on.
  report.buffer = codeOf(() => {
    const shared = map.sharedBuffer()
    const word = new Int32Array(shared, 0, 1)
    Atomics.store(word, 0, 0x44434241)
    return [
      Buffer.from(map.slice(0, 4)).toString(),
      readFileSync(path, 'latin1').slice(0, 4),
      codeOf(() => map.close()),
      codeOf(() => map.close({ force: true })),
      word[0],
    ]
  })
  map.close({ force: true })
  report.node = Number(process.versions.node.split('.', 1)[0])
  console.log(JSON.stringify(report))
}
