// Longer and shorter, with the file and without. Refused while anything points to the bytes.
import { setImmediate as turn } from 'node:timers/promises'
import { equal, errorOf } from '../expect.mjs'
import { PAGE, roundUp } from '../memory.mjs'

/** So that no job of the past, settled but not yet gone, is in the way. */
async function atRest(world, isFit) {
  await world.land()
  await turn()
  return world.anyMapping((mapped) => mapped.mostShared === 0 && isFit(mapped))
}

function isInTheWay(mapped, call) {
  if (mapped.exports.length === 0 && mapped.group.size === 1) return false
  const { code, exports, otherThreads, jobs } = errorOf(call)
  equal(
    { code, exports, jobs, otherThreads },
    { code: 'BUSY', exports: mapped.exports.length, jobs: 0, otherThreads: mapped.group.size - 1 },
  )
  return true
}

function newLength(world, mapped) {
  const room = mapped.memory.isFile ? mapped.memory.bytes.byteLength - mapped.offset : 200_000
  return 1 + world.random.below(room)
}

async function resizeFile(world) {
  const mapped = await atRest(
    world,
    ({ memory, access, keepsFile }) => memory.isFile && access === 'write' && keepsFile,
  )
  if (mapped === undefined) return
  const byteLength = newLength(world, mapped)
  const call = () => mapped.native.resize(byteLength)
  if (isInTheWay(mapped, call)) return
  const window = mapped.end > 0 ? mapped.native.window(0, 1) : undefined
  call()
  equal(window?.byteLength ?? 0, 0)
  const { memory } = mapped
  const before = memory.byteLength
  memory.byteLength = mapped.offset + byteLength
  memory.bytes.fill(0, Math.min(before, memory.byteLength))
  mapped.resized(byteLength)
  world.resized(memory)
  equal(mapped.native.byteLength, byteLength)
  equal(mapped.native.status().byteLength, memory.byteLength)
}

/** Shared memory cannot grow. */
async function resizeMemory(world) {
  const mapped = await atRest(world, ({ memory }) => !memory.isFile)
  if (mapped === undefined) return
  const byteLength = newLength(world, mapped)
  const call = () => mapped.native.resize(byteLength)
  if (isInTheWay(mapped, call)) return
  if (mapped.access === 'write' && byteLength > mapped.byteLength) {
    equal(errorOf(call).errnoName, 'EINVAL')
    return
  }
  call()
  // What is behind the end in the last page stays, and comes back.
  const bytes = new Uint8Array(roundUp(byteLength))
  bytes.set(mapped.memory.bytes.subarray(0, bytes.byteLength))
  mapped.memory.bytes = bytes
  mapped.memory.byteLength = byteLength
  mapped.resized(byteLength)
}

/** The file stays as it is; what a private mapping has stored is lost. */
async function remap(world) {
  const mapped = await atRest(world, ({ memory, keepsFile }) => memory.isFile && keepsFile)
  if (mapped === undefined) return
  const byteLength = newLength(world, mapped)
  const call = () => mapped.native.remap(byteLength)
  if (isInTheWay(mapped, call)) return
  call()
  mapped.own?.clear()
  mapped.resized(byteLength)
  equal(mapped.native.status().byteLength, mapped.memory.byteLength)
}

/** A file that may not be written cannot be resized, and is left as it is. */
async function resizeReadOnly(world) {
  const mapped = await atRest(world, ({ memory, access }) => memory.isFile && access !== 'write')
  if (mapped === undefined || mapped.exports.length > 0 || mapped.group.size > 1) return
  const wanted = mapped.byteLength + 1
  mapped.remember('resize refused')
  equal(errorOf(() => mapped.native.resize(wanted)).code, 'OS')
  equal(mapped.native.byteLength, mapped.byteLength)
  storeAgain(mapped)
}

/**
 * A private mapping that was moved page by page keeps what differs from the file. A page that was stored to and is like the file's may be
 * the file's again, which nobody could tell until the file changes: a byte stored makes it the mapping's own for sure.
 */
function storeAgain(mapped) {
  for (const [page, content] of mapped.own ?? [])
    if (page * PAGE < mapped.faultsFrom) mapped.native.copyIn(page * PAGE, content.subarray(0, 1))
}

export const resizeOperations = [
  { name: 'resizeFile', weight: 2, run: resizeFile },
  { name: 'resizeMemory', weight: 2, run: resizeMemory },
  { name: 'remap', weight: 2, run: remap },
  { name: 'resizeReadOnly', weight: 1, run: resizeReadOnly },
]
