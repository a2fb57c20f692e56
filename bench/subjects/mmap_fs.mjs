// Node's own way: a read or write of the descriptor for each access. The operation's parameter `form` says which of its three faces.
import { closeSync, fdatasyncSync, fstatSync, openSync, read, readSync, writeSync } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { emptyLoop, measure, readPositions, sampled, sliceLoop, watched } from '../lib/measure.mjs'

const PIECE_BYTE_LENGTH = 1024 ** 2

/** `(target, position) => …` for the face that was asked for; the callback one is what a caller of `fs.read` would write. */
async function reader({ file, form }) {
  if (form === 'promises') {
    const handle = await open(file)
    return { read: (target, position) => handle.read(target, 0, target.length, position), end: () => handle.close() }
  }
  const fd = openSync(file)
  const end = () => closeSync(fd)
  if (form === 'callback') {
    const asked = promisify(read)
    return { read: (target, position) => asked(fd, target, 0, target.length, position), end }
  }
  return { read: (target, position) => readSync(fd, target, 0, target.length, position), end, isSync: true }
}

/** Reads each place into what `target()` gives. Awaiting what is no promise costs a turn: so the synchronous face has a loop of its own. */
async function eachRead(parameters, length, target) {
  const positions = readPositions(parameters)
  const { read, end, isSync } = await reader(parameters)
  const last = length - 1
  const passSync = () => {
    let sum = 0
    for (let n = 0; n < positions.length; n += 1) {
      const bytes = target()
      read(bytes, positions[n])
      sum += length === 1 ? bytes[0] : bytes[0] + bytes[last]
    }
    return sum
  }
  const passAsync = async () => {
    let sum = 0
    for (let n = 0; n < positions.length; n += 1) {
      const bytes = target()
      await read(bytes, positions[n])
      sum += length === 1 ? bytes[0] : bytes[0] + bytes[last]
    }
    return sum
  }
  return {
    pass: isSync === true ? passSync : passAsync,
    loop: length === 1 ? emptyLoop(positions) : sliceLoop(positions, length),
    end,
  }
}

function reused(length) {
  const target = new Uint8Array(length)
  return () => target
}

function copyOut({ file }) {
  const fd = openSync(file)
  const { size } = fstatSync(fd)
  const target = new Uint8Array(PIECE_BYTE_LENGTH)
  const pass = () => {
    let sum = 0
    for (let at = 0; at < size; at += target.length) {
      readSync(fd, target, 0, target.length, at)
      sum += sampled(target)
    }
    return sum
  }
  return { pass, end: () => closeSync(fd) }
}

await measure({
  at: (parameters) => eachRead(parameters, 1, reused(1)),
  slice: (parameters) => eachRead(parameters, parameters.length, () => new Uint8Array(parameters.length)),
  readInto: (parameters) => eachRead(parameters, parameters.length, reused(parameters.length)),
  copyOut,
  scan: copyOut,

  openClose: ({ file, count }) => {
    const byte = new Uint8Array(1)
    const pass = () => {
      let sum = 0
      for (let n = 0; n < count; n += 1) {
        const fd = openSync(file)
        readSync(fd, byte, 0, 1, n)
        closeSync(fd)
        sum += byte[0]
      }
      return sum
    }
    return { pass }
  },

  write: ({ file, count, length }) => {
    const fd = openSync(file, 'r+')
    const source = new Uint8Array(length).fill(0xa5)
    const pass = () => {
      for (let n = 0; n < count; n += 1) {
        source[0] = n
        writeSync(fd, source, 0, length, n * length)
      }
      return count
    }
    return { pass, end: () => closeSync(fd) }
  },

  flush: ({ file, count }) => {
    const fd = openSync(file, 'r+')
    const byte = new Uint8Array(1)
    const pass = () => {
      for (let n = 0; n < count; n += 1) {
        byte[0] = n
        writeSync(fd, byte, 0, 1, n * 4096)
        fdatasyncSync(fd)
      }
      return count
    }
    return { pass, end: () => closeSync(fd) }
  },

  lines: async ({ file }) => {
    const pass = async () => {
      let [lines, bytes] = [0, 0]
      const handle = await open(file)
      for await (const line of handle.readLines({ encoding: 'latin1' })) {
        lines += 1
        bytes += line.length + 1
      }
      return `${lines} lines, ${bytes} bytes`
    }
    return { pass }
  },

  readAll: async (parameters) => {
    if (parameters.form === 'readFile') return watched(() => readFile(parameters.file))
    const { size } = fstatSync(openSync(parameters.file))
    const { read, end } = await reader(parameters)
    const whole = async () => {
      const target = Buffer.allocUnsafe(size)
      // One read is at most 2 GiB less a page, and may be shorter.
      for (let at = 0; at < size; ) {
        const result = await read(target.subarray(at), at)
        at += typeof result === 'number' ? result : result.bytesRead
      }
      return target
    }
    return { ...watched(whole), end }
  },

  /** What the event loop's delay is when nothing happens: the price of looking. */
  idle: ({ seconds }) =>
    watched(async () => {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      return Uint8Array.of(0)
    }),
})
