// Raw memory of a file that is cut under it, in the thread named: zeros are seen, stores are lost, and the next call says so.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Mmap } from '@mapscope/core'

const PAGE = 4096
const LENGTH = 64 * PAGE

function failureOf(call) {
  try {
    call()
  } catch ({ code, offset, fileByteLength, message }) {
    return { code, offset, fileByteLength, isView: message.startsWith('A view was touched') }
  }
  return 'no failure'
}

/** A map of a file of ones, a lease of all of it, and then a file of ten pages. */
function cut(path, access) {
  writeFileSync(path, Buffer.alloc(LENGTH, 1))
  const map = Mmap.open(path, { access })
  const lease = map.view()
  truncateSync(path, 10 * PAGE)
  return { map, lease }
}

const sumOf = (bytes) => bytes.reduce((sum, byte) => sum + byte, 0)

const TRIALS = {
  /** Reads go on to the end, and each way of asking next tells, once. */
  tells(path) {
    const ASKED = {
      at: (map) => map.at(0),
      slice: (map) => map.slice(0, 16),
      size: (map) => map.size(),
      find: (map) => map.find(Buffer.from('x')),
      flush: (map) => map.flush(),
      search: (map) => map.search(/x/),
      release: (_, lease) => lease.release(),
      close: (map, lease) => {
        map.close({ force: true })
        return lease
      },
    }
    return Object.entries(ASKED).map(([name, ask]) => {
      const { map, lease } = cut(path, 'write')
      const sum = sumOf(lease.bytes)
      const first = failureOf(() => ask(map, lease))
      const second = failureOf(() => map.closed || map.at(0))
      const isClosed = map.closed
      map.close({ force: true })
      return [name, sum, first, second, isClosed]
    })
  },

  /** Nobody was told of lost stores by anything else, so close tells. Of reads of a map that takes no stores it does not. */
  close(path) {
    return ['write', 'read', 'copy'].map((access) => {
      const { map, lease } = cut(path, access)
      lease.bytes[20 * PAGE] = 2
      const failure = failureOf(() => map.close({ force: true }))
      return [access, failure, map.closed, lease.bytes.length, failureOf(() => map.close())]
    })
  },

  /** What the file has again, views have again; what they had stored to nothing is gone. */
  regrown(path) {
    const { map, lease } = cut(path, 'write')
    lease.bytes[20 * PAGE] = 2
    truncateSync(path, LENGTH)
    const stale = lease.bytes[20 * PAGE]
    const failure = failureOf(() => map.flush())
    const healed = lease.bytes[20 * PAGE]
    lease.bytes[20 * PAGE] = 3
    map.flush()
    const stored = readFileSync(path)[20 * PAGE]
    lease.release()
    map.close()
    return { stale, failure, healed, stored }
  },

  /** A read-only map's lease is private pages of their own; those are healed, too. */
  private(path) {
    const { map, lease } = cut(path, 'read')
    const sum = sumOf(lease.bytes)
    const failure = failureOf(() => map.slice(0, 10))
    const kept = sumOf(map.slice(0, 10 * PAGE))
    truncateSync(path, LENGTH)
    const again = lease.bytes[20 * PAGE]
    lease.release()
    map.close()
    return { sum, failure, kept, again }
  },

  /** Cut again and again, in the middle of many pages: every time it is told, and every time it is whole again. */
  often(path) {
    const { map, lease } = cut(path, 'write')
    const failures = []
    for (let round = 0; round < 100; round++) {
      truncateSync(path, LENGTH)
      truncateSync(path, 9 * PAGE + round)
      if (lease.bytes[(10 + (round % 50)) * PAGE] !== 0) failures.push(['not zero', round])
      const failure = failureOf(() => map.at(0))
      if (failure.code !== 'ERR_FAULT' || failure.fileByteLength !== 9 * PAGE + round) failures.push([round, failure])
      if (lease.bytes[0] !== 1 || map.at(0) !== 1) failures.push(['not whole', round])
    }
    lease.release()
    map.close()
    return failures
  },
}

function run(path) {
  return Object.fromEntries(Object.entries(TRIALS).map(([name, trial]) => [name, trial(path)]))
}

if (!isMainThread) parentPort.postMessage(run(workerData))
else {
  const [path, thread] = process.argv.slice(2)
  if (thread === 'main') console.log(JSON.stringify(run(path)))
  else {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path })
    worker.once('message', (report) => console.log(JSON.stringify(report)))
  }
}
