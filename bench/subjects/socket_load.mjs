// Asks a server for viewports over its socket, and checks every byte: `node socket_load.mjs '{parameters}'` prints one line of JSON.
// WebSocket frames are read and written by hand: a client library would be the slower half of the measurement.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { quantile } from '../lib/statistics.mjs'

const {
  port,
  host = '127.0.0.1',
  token,
  documentId,
  file,
  connections,
  inFlight,
  byteLength,
  seconds,
  seed,
  pid,
} = JSON.parse(process.argv[2])
const content = readFileSync(file)
const HEADER_BYTE_LENGTH = 24
const WARM_UP_SECONDS = 1

let state = seed >>> 0
function randomPlace() {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * (content.length / byteLength)) * byteLength
}

/** Processor time that the server has used, in seconds; Linux counts it in hundredths. */
function serverSeconds() {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const latencies = []
const asks = Buffer.alloc(256 * 1024)
let askedByteLength = 0
let answered = 0
let isMeasuring = false
let isOver = false

class Connection {
  #socket
  #buffered = Buffer.alloc(0)
  #isUp = false
  #asked = new Map()
  #lastId = 0

  start() {
    this.#socket = createConnection({ host, port, noDelay: true })
    this.#socket.write(
      [
        'GET /api/v1/socket HTTP/1.1',
        `Host: ${host}:${port}`,
        'Upgrade: websocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Protocol: mapscope.v1',
        `Authorization: Bearer ${token}`,
        '',
        '',
      ].join('\r\n'),
    )
    this.#socket.on('data', (data) => this.#receive(data))
    this.#socket.on('error', fail)
    this.#socket.on('close', () => isOver || fail(new Error('the server ended a connection')))
  }

  stop() {
    this.#socket.destroy()
  }

  #receive(data) {
    let bytes = this.#buffered.length === 0 ? data : Buffer.concat([this.#buffered, data])
    if (!this.#isUp) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return this.#keep(bytes)
      if (!bytes.subarray(0, 12).equals(Buffer.from('HTTP/1.1 101'))) fail(new Error(bytes.toString('latin1', 0, 200)))
      this.#isUp = true
      bytes = bytes.subarray(end + 4)
      for (let stream = 0; stream < inFlight; stream += 1) this.#ask(stream)
    }
    let at = 0
    for (;;) {
      if (bytes.length - at < 2) break
      const short = bytes[at + 1]
      const headLength = short < 126 ? 2 : short === 126 ? 4 : 10
      if (bytes.length - at < headLength) break
      const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6)
      if (bytes.length - at < headLength + length) break
      const payload = bytes.subarray(at + headLength, at + headLength + length)
      if ((bytes[at] & 15) === 2) this.#take(payload)
      else if ((bytes[at] & 15) === 1 && payload.includes('"error"')) fail(new Error(payload.toString()))
      at += headLength + length
    }
    this.#keep(bytes.subarray(at))
    this.#flush()
  }

  #keep(bytes) {
    this.#buffered = bytes
  }

  #take(frame) {
    const id = frame.readUInt32LE(4)
    const asked = this.#asked.get(id)
    const offset = frame.readUInt32LE(8) + frame.readUInt32LE(12) * 2 ** 32
    const isRight =
      asked !== undefined &&
      frame[0] === 1 &&
      frame[1] === 1 &&
      offset === asked.offset &&
      frame.length === HEADER_BYTE_LENGTH + byteLength &&
      frame.compare(content, offset, offset + byteLength, HEADER_BYTE_LENGTH) === 0
    if (!isRight) fail(new Error(`a wrong answer to ${id}: ${frame.subarray(0, 40).toString('hex')}`))
    this.#asked.delete(id)
    if (isMeasuring) {
      answered += 1
      latencies.push(performance.now() - asked.atMs)
    }
    if (!isOver) this.#ask(asked.stream)
  }

  #ask(stream) {
    const id = ++this.#lastId
    const offset = randomPlace()
    // Credit is given back now and then, as a client does: 2 MiB of the 4 that a stream begins with.
    const credit = Math.floor((2 * 1024 ** 2) / byteLength)
    if (id % (credit * inFlight) < inFlight && id > inFlight)
      this.#send(`{"type":"credit","id":${id},"stream":${stream},"byteLength":${credit * byteLength * 2}}`)
    this.#asked.set(id, { offset, stream, atMs: performance.now() })
    this.#send(
      `{"type":"read","id":${id},"documentId":"${documentId}","stream":${stream},"priority":"viewport","ranges":[{"start":${offset},"end":${offset + byteLength}}]}`,
    )
  }

  #send(text) {
    const length = Buffer.byteLength(text)
    const headLength = length < 126 ? 6 : 8
    const at = askedByteLength
    askedByteLength += headLength + length
    asks[at] = 0x81
    if (length < 126) asks[at + 1] = 0x80 | length
    else {
      asks[at + 1] = 0x80 | 126
      asks.writeUInt16BE(length, at + 2)
    }
    // A mask of zeros is a mask.
    asks.fill(0, at + headLength - 4, at + headLength)
    asks.latin1Write(text, at + headLength)
  }

  /** All that one piece of answers led to, in one write. */
  #flush() {
    if (askedByteLength > 0) this.#socket.write(Buffer.from(asks.subarray(0, askedByteLength)))
    askedByteLength = 0
  }
}

function fail(error) {
  process.stderr.write(`${error.stack}\n`)
  process.exit(1)
}

const all = Array.from({ length: connections }, () => new Connection())
for (const connection of all) connection.start()
setTimeout(() => {
  isMeasuring = true
  const startedMs = performance.now()
  const startedCpu = serverSeconds()
  setTimeout(() => {
    isMeasuring = false
    isOver = true
    const elapsed = (performance.now() - startedMs) / 1000
    const cpuMicroseconds = ((serverSeconds() - startedCpu) / answered) * 1e6
    for (const connection of all) connection.stop()
    const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
    const result = { perSecond: answered / elapsed, p50, p99, cpuMicroseconds }
    process.stdout.write(`${JSON.stringify(result)}\n`)
  }, seconds * 1000)
}, WARM_UP_SECONDS * 1000)
