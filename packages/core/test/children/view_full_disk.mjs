// A lease over a sparse file that is larger than its file system: what is stored once the disk is full is lost, and must be told.
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync } from 'node:fs'
import { Mmap } from '@mapscope/core'

const [path] = process.argv.slice(2)
const byteLength = 4 * 1024 ** 2
const fd = openSync(path, 'w+')
ftruncateSync(fd, byteLength)
const map = Mmap.open(path)
const lease = map.view()
lease.bytes.fill(1)

function failureOf(call) {
  try {
    call()
  } catch ({ code, offset, fileByteLength, message }) {
    return { code, offset, fileByteLength, message }
  }
  return 'no failure'
}

const flush = failureOf(() => map.flush())
const { blocks } = fstatSync(fd)
const kept = blocks * 512
// What fits is the file's; what does not is nowhere, and says so again when it is stored once more.
const stored = readFileSync(path).reduce((sum, byte) => sum + byte, 0)
lease.bytes[byteLength - 1] = 1
const again = failureOf(() => lease.release())
map.close()
closeSync(fd)
console.log(JSON.stringify({ flush, kept, stored, again: again.code }))
