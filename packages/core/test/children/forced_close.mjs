// Closes a map by force while its memory is out, in every way that memory can be out. Nobody may crash, and our own work must end right.
import { createHash } from 'node:crypto'
import fs, { openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Mmap } from '@mapscope/core'

const MIB = 1024 ** 2
const LENGTH = 32 * MIB
const [path] = isMainThread ? process.argv.slice(2) : [workerData]

function fresh(name, access = 'write') {
  const own = `${path}-${name}`
  const bytes = Buffer.alloc(LENGTH, `${name} 0123456789`)
  writeFileSync(own, bytes)
  const map = Mmap.open(own, { access })
  return { own, bytes, map, lease: map.view() }
}

/** How far `written` is what was mapped; from there on it must be zeros. */
function trueLength(written, bytes) {
  let same = 0
  while (same < written.length && written[same] === bytes[same]) same++
  return written.subarray(same).every((byte) => byte === 0) ? same : -1
}

const collect = async () => {
  for (let round = 0; round < 5; round++) {
    globalThis.gc()
    await turn()
  }
}

const TRIALS = {
  async write() {
    const { own, bytes, map, lease } = fresh('write')
    const out = openSync(`${own}.out`, 'w')
    const writing = promisify(fs.write)(out, lease.bytes, 0, LENGTH, 0)
    map.close({ force: true })
    await collect()
    const { bytesWritten } = await writing
    return { bytesWritten, isClean: trueLength(readFileSync(`${own}.out`), bytes) >= 0, left: lease.bytes.length }
  },

  async socket() {
    const { bytes, map, lease } = fresh('socket')
    const pieces = []
    const server = createServer((socket) => socket.on('data', (piece) => pieces.push(piece))).listen(0)
    await new Promise((resolve) => server.once('listening', resolve))
    const client = connect(server.address().port)
    await new Promise((resolve) => client.once('connect', resolve))
    const sent = new Promise((resolve) => client.write(lease.bytes, (error) => resolve(error ? error.code : 'sent')))
    await turn()
    map.close({ force: true })
    await collect()
    const outcome = await sent
    client.end()
    await new Promise((resolve) => server.close(resolve))
    const received = Buffer.concat(pieces)
    return { outcome, received: received.length, isClean: trueLength(received, bytes) >= 0 }
  },

  async readAt() {
    const { bytes, map, lease } = fresh('readAt')
    const reads = [map.readAt(0, LENGTH), map.readAt(5, 10 * MIB)]
    map.close({ force: true })
    await collect()
    const [whole, part] = await Promise.all(reads)
    return { whole: bytes.equals(whole), part: bytes.subarray(5, 5 + 10 * MIB).equals(part), left: lease.bytes.length }
  },

  /** Not every Node has it: the memory goes to another buffer, which no detaching reaches. */
  async transfer() {
    const { own, map, lease } = fresh('transfer')
    if (lease.bytes.buffer.transfer === undefined) {
      map.close({ force: true })
      return 'zeros'
    }
    const taken = new Uint8Array(lease.bytes.buffer.transfer())
    if (taken[0] !== 't'.charCodeAt(0)) return `it begins with ${taken[0]}`
    map.close({ force: true })
    await collect()
    truncateSync(own, 0)
    taken[MIB] = 1
    const sum = taken.reduce((total, byte) => total + byte, 0)
    return sum === 1 && readFileSync(own).length === 0 ? 'zeros' : `a sum of ${sum}`
  },

  async hash() {
    const { map, lease } = fresh('hash')
    const digesting = crypto.subtle.digest('SHA-256', lease.bytes)
    map.close({ force: true })
    await collect()
    const digest = Buffer.from(await digesting).toString('hex')
    return digest === createHash('sha256').update(Buffer.alloc(LENGTH, 'hash 0123456789')).digest('hex')
  },

  /** Leases of a read-only map are pages of their own, which must go as well. */
  async readOnly() {
    const { own, map, lease } = fresh('readOnly', 'read')
    lease.bytes[0] = 0
    const out = openSync(`${own}.out`, 'w')
    const writing = promisify(fs.write)(out, lease.bytes, 0, LENGTH, 0)
    map.close({ force: true })
    await collect()
    const { bytesWritten } = await writing
    await collect()
    const maps = readFileSync('/proc/self/maps', 'latin1')
    return { bytesWritten, isMapped: maps.includes(own) }
  },
}

async function run() {
  const report = {}
  for (const [name, trial] of Object.entries(TRIALS)) report[name] = await trial()
  return report
}

if (!isMainThread) {
  parentPort.postMessage(await run())
} else if (process.argv[3] === 'main') {
  console.log(JSON.stringify(await run()))
} else {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path })
  worker.once('message', (report) => console.log(JSON.stringify(report)))
}
