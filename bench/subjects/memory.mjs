import { emptyLoop, readPositions, sampled, sliceLoop, watched } from '../lib/measure.mjs'

const PIECE_BYTE_LENGTH = 1024 ** 2

/** The reading operations over bytes that are in one Buffer, wherever those come from: `open(file)` gives `{ bytes }` or `{ unavailable }`. */
export function memoryOperations(open) {
  const over = (operation) => (parameters) => {
    const opened = open(parameters.file)
    return opened.unavailable === undefined ? operation(opened.bytes, parameters) : opened
  }
  return Object.fromEntries(Object.entries(OPERATIONS).map(([name, operation]) => [name, over(operation)]))
}

const OPERATIONS = {
  at: (bytes, parameters) => {
    const positions = readPositions(parameters)
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) sum += bytes[positions[n]]
      return sum
    }
    return { pass, loop: emptyLoop(positions) }
  },

  slice: (bytes, parameters) => {
    const positions = readPositions(parameters)
    const { length } = parameters
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) {
        // Buffer's own slice is no copy, Uint8Array's is.
        const copy = Uint8Array.prototype.slice.call(bytes, positions[n], positions[n] + length)
        sum += copy[0] + copy[length - 1]
      }
      return sum
    }
    return { pass, loop: sliceLoop(positions, length) }
  },

  readInto: (bytes, parameters) => {
    const positions = readPositions(parameters)
    const { length } = parameters
    const target = new Uint8Array(length)
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) {
        target.set(bytes.subarray(positions[n], positions[n] + length))
        sum += target[0] + target[length - 1]
      }
      return sum
    }
    return { pass, loop: sliceLoop(positions, length) }
  },

  copyOut: (bytes) => {
    const target = new Uint8Array(PIECE_BYTE_LENGTH)
    const pass = () => {
      let sum = 0
      for (let at = 0; at < bytes.length; at += target.length) {
        target.set(bytes.subarray(at, at + target.length))
        sum += sampled(target)
      }
      return sum
    }
    return { pass }
  },

  find: (bytes, { needle }) => {
    const wanted = Buffer.from(needle, 'latin1')
    return { pass: () => bytes.indexOf(wanted) }
  },

  lines: (bytes) => {
    const pass = () => {
      let [lines, length] = [0, 0]
      for (let start = 0; start < bytes.length; ) {
        const end = bytes.indexOf(10, start) + 1 || bytes.length
        const line = Uint8Array.prototype.slice.call(bytes, start, end)
        lines += 1
        length += line.length
        start = end
      }
      return `${lines} lines, ${length} bytes`
    }
    return { pass }
  },

  /** Node's regular expressions want a string: making it is a part of the price. */
  search: (bytes, { pattern }) => ({ pass: () => bytes.latin1Slice().search(new RegExp(pattern)) }),

  scan: (bytes) => {
    const target = new Uint8Array(PIECE_BYTE_LENGTH)
    const pass = () => {
      let sum = 0
      for (let at = 0; at < bytes.length; at += target.length) {
        target.set(bytes.subarray(at, at + target.length))
        sum += sampled(target)
      }
      return sum
    }
    return { pass }
  },

  readAll: (bytes) => watched(() => new Uint8Array(bytes)),
}
