import { Mmap } from '@mapscope/core'
import { emptyLoop, measure, readPositions, sampled, sliceLoop, watched } from '../lib/measure.mjs'

const PIECE_BYTE_LENGTH = 1024 ** 2

/** Operations of a member that this build does not have are reported as such, and not as a failure of the run. */
function needing(member, operation) {
  if (member in Mmap.prototype) return operation
  return () => ({ unavailable: `this build of @mapscope/core has no Mmap.${member}` })
}

await measure({
  at: (parameters) => {
    const m = Mmap.open(parameters.file)
    const positions = readPositions(parameters)
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) sum += m.at(positions[n])
      return sum
    }
    return { pass, loop: emptyLoop(positions) }
  },

  slice: (parameters) => {
    const m = Mmap.open(parameters.file)
    const positions = readPositions(parameters)
    const { length } = parameters
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) {
        const bytes = m.slice(positions[n], positions[n] + length)
        sum += bytes[0] + bytes[length - 1]
      }
      return sum
    }
    return { pass, loop: sliceLoop(positions, length) }
  },

  readInto: needing('copyInto', (parameters) => {
    const m = Mmap.open(parameters.file)
    const positions = readPositions(parameters)
    const { length } = parameters
    const target = new Uint8Array(length)
    const pass = () => {
      let sum = 0
      for (let n = 0; n < positions.length; n += 1) {
        m.copyInto(target, positions[n])
        sum += target[0] + target[length - 1]
      }
      return sum
    }
    return { pass, loop: sliceLoop(positions, length) }
  }),

  openClose: ({ file, count }) => ({
    pass: () => {
      let sum = 0
      for (let n = 0; n < count; n += 1) {
        const m = Mmap.open(file)
        sum += m.at(n)
        m.close()
      }
      return sum
    },
  }),

  write: needing('write', ({ file, count, length }) => {
    const m = Mmap.open(file, { access: 'write' })
    const source = new Uint8Array(length).fill(0xa5)
    const pass = () => {
      m.seek(0)
      for (let n = 0; n < count; n += 1) {
        source[0] = n
        m.write(source)
      }
      return count
    }
    return { pass }
  }),

  flush: ({ file, count }) => {
    const m = Mmap.open(file, { access: 'write' })
    const pass = () => {
      for (let n = 0; n < count; n += 1) {
        m.set(n * 4096, n & 0xff)
        m.flush(n * 4096, 4096)
      }
      return count
    }
    return { pass }
  },

  copyOut: needing('copyInto', ({ file }) => {
    const m = Mmap.open(file)
    const target = new Uint8Array(PIECE_BYTE_LENGTH)
    const pass = () => {
      let sum = 0
      for (let at = 0; at < m.length; at += target.length) {
        m.copyInto(target, at)
        sum += sampled(target)
      }
      return sum
    }
    return { pass }
  }),

  find: ({ file, needle }) => {
    const m = Mmap.open(file)
    const bytes = Buffer.from(needle, 'latin1')
    return { pass: () => m.find(bytes, 0) }
  },

  lines: needing('readLine', ({ file }) => {
    const m = Mmap.open(file)
    const pass = () => {
      let [lines, bytes] = [0, 0]
      m.seek(0)
      for (let line = m.readLine(); line.length > 0; line = m.readLine()) {
        lines += 1
        bytes += line.length
      }
      return `${lines} lines, ${bytes} bytes`
    }
    return { pass }
  }),

  search: needing('search', ({ file, pattern }) => {
    const m = Mmap.open(file)
    return { pass: () => m.search(new RegExp(pattern))?.offset ?? -1 }
  }),

  /** Sequential, as a program reads that wants all of a file and does not block its event loop. */
  scan: ({ file }) => {
    const m = Mmap.open(file)
    const pass = async () => {
      let sum = 0
      for (let at = 0; at < m.length; at += 16 * PIECE_BYTE_LENGTH) {
        const bytes = await m.readAt(at, Math.min(16 * PIECE_BYTE_LENGTH, m.length - at))
        for (let from = 0; from < bytes.length; from += PIECE_BYTE_LENGTH)
          sum += sampled(bytes.subarray(from, from + PIECE_BYTE_LENGTH))
      }
      return sum
    }
    return { pass }
  },

  readAll: ({ file }) => {
    const m = Mmap.open(file)
    return watched(() => m.readAt(0, m.length))
  },
})
