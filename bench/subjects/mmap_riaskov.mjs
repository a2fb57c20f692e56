// @riaskov/mmap-io: a Buffer over the mapping, without a guard and without a close.
import { closeSync, fstatSync, openSync } from 'node:fs'
import { measure } from '../lib/measure.mjs'
import { loadRiaskov } from '../lib/riaskov.mjs'
import { memoryOperations } from './memory.mjs'

const mmap = loadRiaskov()

function mapped(file, isWritable = false) {
  const fd = openSync(file, isWritable ? 'r+' : 'r')
  const protection = isWritable ? mmap.PROT_READ | mmap.PROT_WRITE : mmap.PROT_READ
  const bytes = mmap.map(fstatSync(fd).size, protection, mmap.MAP_SHARED, fd)
  closeSync(fd)
  return { bytes }
}

await measure({
  ...memoryOperations(mapped),

  openClose: ({ file, count }) => ({
    pass: () => {
      let sum = 0
      for (let n = 0; n < count; n += 1) sum += mapped(file).bytes[n]
      return sum
    },
  }),

  write: ({ file, count, length }) => {
    const { bytes } = mapped(file, true)
    const source = new Uint8Array(length).fill(0xa5)
    const pass = () => {
      for (let n = 0; n < count; n += 1) {
        source[0] = n
        bytes.set(source, n * length)
      }
      return count
    }
    return { pass }
  },

  flush: ({ file, count }) => {
    const { bytes } = mapped(file, true)
    const pass = () => {
      for (let n = 0; n < count; n += 1) {
        bytes[n * 4096] = n
        mmap.sync(bytes, n * 4096, 4096, true)
      }
      return count
    }
    return { pass }
  },
})
