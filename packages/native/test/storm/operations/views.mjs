// Raw memory in JavaScript's hands: looked at, stored to, cut away below, transferred, taken back, and kept for too long.
import { setImmediate as turn } from 'node:timers/promises'
import { equal, errorOf } from '../expect.mjs'
import { Mapped } from '../mapped.mjs'
import { PAGE } from '../memory.mjs'
import { closeMapped } from './life.mjs'
import { rangeToStore } from './sync.mjs'

/** Of pages that may not be stored to, an export is a private mapping of its own; else it is the mapping's. */
function exportRange(world) {
  const mapped = world.anyMapping(
    ({ exports, isWritable, keepsFile }) => exports.length < 4 && (isWritable || keepsFile),
  )
  if (mapped === undefined) return
  const { start, end } = world.random.range(mapped.byteLength)
  const buffer = mapped.native.exportRange(start, end - start)
  equal(buffer.byteLength, end - start)
  const first = Math.floor(start / PAGE) * PAGE
  const twin = { access: 'copy', offset: mapped.offset + first, byteLength: end - first }
  const shown = mapped.isWritable ? mapped : world.shadow(new Mapped(undefined, mapped.memory, twin))
  mapped.exports.push({ buffer, shown, start: mapped.isWritable ? start : start - first, byteLength: end - start })
  checkCount(mapped)
}

/** A shared one counts until it is collected. */
function checkCount({ native, exports, mostShared }) {
  equal(native.exports >= exports.length && native.exports <= exports.length + mostShared, true)
}

const withExports = (world) => world.anyMapping(({ exports }) => exports.length > 0)

/** The part of an export that is in the file: touching the rest is another operation. */
function thereOf({ shown, start, byteLength }) {
  return { start, end: Math.max(start, Math.min(start + byteLength, shown.end)) }
}

function look(world) {
  const mapped = withExports(world)
  if (mapped === undefined) return
  const view = world.random.pick(mapped.exports)
  const range = thereOf(view)
  world.observeCall(view.shown, range, (observation) =>
    observation.check(new Uint8Array(view.buffer, 0, range.end - range.start).slice(), []),
  )
}

function storeThroughView(world) {
  const mapped = withExports(world)
  if (mapped === undefined) return
  const view = world.random.pick(mapped.exports)
  const range = rangeToStore(world, view.shown)
  const there = thereOf(view)
  if (range === undefined || range.start < there.start || range.end > there.end) return
  const bytes = world.random.bytes(range.end - range.start)
  new Uint8Array(view.buffer).set(bytes, range.start - view.start)
  world.stored(view.shown, range.start, bytes)
}

function releaseExport(world) {
  const mapped = withExports(world)
  if (mapped === undefined) return
  const [view] = mapped.exports.splice(world.random.below(mapped.exports.length), 1)
  mapped.native.releaseExport(view.buffer)
  mapped.native.releaseExport(view.buffer)
  equal(view.buffer.byteLength, 0)
  checkCount(mapped)
  world.unshadow(view.shown)
}

/** The memory goes along with a transfer. After the close it shows zeros for as long as anybody looks. */
async function transferAndClose(world) {
  await world.land()
  await turn()
  const mapped = world.anyMapping(({ exports, group }) => exports.length > 0 && group.size === 1)
  if (mapped === undefined || world.mappings.length < 3) return
  // JavaScript can do it from Node 22 on. (Before, structuredClone copies; since, it refuses.)
  const moved = world.random.pick(mapped.exports).buffer.transfer?.()
  if (moved === undefined) return
  closeMapped(world, mapped)
  for (let round = 0; round < 3; round++) {
    equal(
      new Uint8Array(moved).every((byte) => byte === 0),
      true,
    )
    globalThis.gc()
    await turn()
  }
}

/** Cuts the file away below a view and touches it: zeros, then the next call says so, once, and all is well again. */
function cutBelowView(world) {
  const mapped = world.anyMapping(({ exports, memory, keepsFile }) => exports.length > 0 && memory.isFile && keepsFile)
  if (mapped === undefined || world.hasPending(mapped.memory)) return
  const view = world.random.pick(mapped.exports)
  const place = view.shown.offset + view.start
  if (view.byteLength === 0 || place + view.byteLength > mapped.memory.byteLength) return
  mapped.remember(`cut below a view at ${view.start}, ${view.byteLength} long`)
  mapped.memory.cut(Math.floor((place + world.random.below(view.byteLength)) / PAGE) * PAGE)
  world.resized(mapped.memory)
  const last = new Uint8Array(view.buffer).at(-1)
  equal(last, 0)
  const error = errorOf(() => mapped.native.getByte(0))
  equal(
    { code: error.code, isInView: error.isInView, fileByteLength: error.fileByteLength },
    {
      code: 'FAULT',
      isInView: true,
      fileByteLength: mapped.memory.byteLength,
    },
  )
  // The mapping's own memory is its siblings', too, and each is told; an export's private memory is nobody else's.
  for (const { native } of mapped.group) {
    const isTold = native === mapped.native || !mapped.isWritable
    equal(native.takeViewFault() === undefined, isTold)
    equal(native.takeViewFault(), undefined)
  }
}

function window(world) {
  const mapped = world.anyMapping(({ keepsFile }) => keepsFile)
  if (mapped === undefined) return
  const range = rangeThatIsThere(world, mapped)
  const bytes = mapped.native.window(range.start, range.end - range.start)
  equal(bytes === mapped.native.window(range.start, range.end - range.start), true)
  world.observeCall(mapped, range, (observation) => observation.check(bytes.slice(), []))
}

function latin1(world) {
  const mapped = world.anyMapping(({ keepsFile }) => keepsFile)
  if (mapped === undefined) return
  const range = rangeThatIsThere(world, mapped)
  const string = mapped.native.latin1(range.start, range.end - range.start)
  if (string === undefined) return // Node before 20.4
  world.observeCall(mapped, range, (observation) => observation.check(Buffer.from(string, 'latin1'), []))
}

function rangeThatIsThere(world, mapped) {
  return world.random.range(mapped.end, 100_000)
}

/** It cannot be taken back: what it shows after a close is zeros, and reading it is no crash. */
function exportShared(world) {
  const mapped = world.anyMapping(({ keepsFile, isWritable }) => keepsFile && isWritable)
  if (mapped === undefined || mapped.end < mapped.byteLength) return
  const buffer = mapped.native.exportShared()
  if (buffer === undefined) return
  mapped.mostShared++
  const range = { start: 0, end: mapped.byteLength }
  world.observeCall(mapped, range, (observation) => observation.check(new Uint8Array(buffer).slice(), []))
}

export const viewOperations = [
  { name: 'exportRange', weight: 5, run: exportRange },
  { name: 'look', weight: 6, run: look },
  { name: 'storeThroughView', weight: 6, run: storeThroughView },
  { name: 'releaseExport', weight: 3, run: releaseExport },
  { name: 'transferAndClose', weight: 1, run: transferAndClose },
  { name: 'cutBelowView', weight: 2, run: cutBelowView },
  { name: 'window', weight: 4, run: window },
  { name: 'latin1', weight: 4, run: latin1 },
  { name: 'exportShared', weight: 1, run: exportShared },
]
