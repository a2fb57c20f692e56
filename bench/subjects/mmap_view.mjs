// The bytes themselves, by a lease of Mapscope's mapping: what V8 makes of memory without a guard. The limit of what `at`, `slice` and
// `copyInto` can reach.
import { Mmap } from '@mapscope/core'
import { measure } from '../lib/measure.mjs'
import { memoryOperations } from './memory.mjs'

function leased(file) {
  if (!('view' in Mmap.prototype)) return { unavailable: 'this build of @mapscope/core has no Mmap.view' }
  const { bytes } = Mmap.open(file).view()
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

await measure(memoryOperations(leased))
