// What happens on this thread, and so has exactly one right answer.
import { readFileSync } from 'node:fs'
import { equal, errorOf, faultsAsExpected } from '../expect.mjs'
import { PAGE } from '../memory.mjs'

function copyOut(world) {
  const mapped = world.anyMapping()
  const range = world.random.range(mapped.byteLength)
  const target = new Uint8Array(range.end - range.start)
  const call = () => mapped.native.copyOut(range.start, target)
  if (faultsAsExpected(mapped, range, call)) return
  world.observeCall(mapped, range, (observation) => {
    call()
    observation.check(target, [])
  })
}

function getByte(world) {
  const mapped = world.anyMapping()
  const offset = world.random.below(mapped.byteLength)
  if (offset >= mapped.faultsFrom) {
    equal(errorOf(() => mapped.native.getByte(offset)).offset, offset)
  } else if (offset < mapped.end) {
    world.observeCall(mapped, { start: offset, end: offset + 1 }, (observation) =>
      observation.check(Uint8Array.of(mapped.native.getByte(offset)), []),
    )
  }
}

/** A range that may be stored to, or undefined: private pages at a file's end are left alone, for their tails are anybody's guess. */
export function rangeToStore(world, mapped, longest) {
  const range = world.random.range(mapped.byteLength, longest)
  if (world.isBusy(mapped, range)) return undefined
  const isAtEnd = Math.ceil(range.end / PAGE) * PAGE > mapped.end && mapped.memory.isFile
  return mapped.own !== undefined && isAtEnd ? undefined : range
}

function copyIn(world) {
  const mapped = world.anyMapping(({ isWritable }) => isWritable)
  const range = mapped && rangeToStore(world, mapped)
  if (range === undefined) return
  const bytes = world.random.bytes(range.end - range.start)
  const call = () => mapped.native.copyIn(range.start, bytes)
  if (!faultsAsExpected(mapped, range, call)) call()
  const there = Math.max(0, Math.min(bytes.byteLength, mapped.end - range.start))
  world.stored(mapped, range.start, bytes.subarray(0, there))
}

function setByte(world) {
  const mapped = world.anyMapping(({ isWritable }) => isWritable)
  const range = mapped && rangeToStore(world, mapped, 1)
  if (range === undefined || range.start === range.end) return
  const [byte] = world.random.bytes(1)
  if (range.start >= mapped.faultsFrom) {
    equal(errorOf(() => mapped.native.setByte(range.start, byte)).offset, range.start)
  } else if (range.end <= mapped.end) {
    mapped.native.setByte(range.start, byte)
    world.stored(mapped, range.start, Uint8Array.of(byte))
  }
}

/** Where the oracle finds it, in what can be read. */
export function naiveFind(haystack, needle, isReverse) {
  const bytes = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength)
  return isReverse ? bytes.lastIndexOf(needle) : bytes.indexOf(needle)
}

export function needleFor(world, mapped) {
  if (world.random.chance(3)) return world.random.bytes(1 + world.random.below(12))
  const { start, end } = world.random.range(mapped.byteLength, 5000)
  const needle = mapped.peek(start, end)
  return needle.byteLength === 0 ? Uint8Array.of(1) : needle
}

function find(world) {
  const mapped = world.anyMapping(({ memory, hasLooseTail }) => !hasLooseTail && !world.hasPending(memory))
  if (mapped === undefined) return
  const { start, end } = world.random.range(mapped.byteLength)
  const isReverse = world.random.chance(2)
  const needle = needleFor(world, mapped)
  const call = () => mapped.native.find(needle, start, end, isReverse)
  const found = naiveFind(mapped.peek(start, Math.max(start, Math.min(end, mapped.end))), needle, isReverse)
  const at = found === -1 ? -1 : start + found
  const isCut = end > Math.max(start, mapped.end)
  // Forwards, a match before the cut may be met before the cut is. And without the file, only what was touched is known to be gone.
  const mayBeFound = !isCut || (!isReverse && found !== -1) || !mapped.keepsFile
  try {
    equal(call(), mayBeFound ? at : 'a fault')
  } catch (error) {
    if (error.code === 'FAULT' && isCut) return
    const what = `find of ${needle.byteLength} bytes${isReverse ? ' from the end' : ''} in ${start} to ${end}`
    throw new Error(`${what}: ${error.message}; ${mapped.describe()}`, { cause: error })
  }
}

function flush(world) {
  const mapped = world.anyMapping()
  const start = Math.floor(world.random.below(mapped.byteLength) / PAGE) * PAGE
  mapped.native.flush(start, world.random.below(mapped.byteLength - start + 1))
}

function releasePages(world) {
  const mapped = world.anyMapping()
  const { start, end } = world.random.range(mapped.byteLength)
  if (mapped.memory.isFile) mapped.native.releasePages(start, end - start)
}

function status(world) {
  const mapped = world.anyMapping(({ memory, keepsFile }) => memory.isFile && keepsFile)
  if (mapped === undefined) return
  const { byteLength, kind } = mapped.native.status()
  equal({ byteLength, kind }, { byteLength: mapped.memory.byteLength, kind: 'file' })
}

function seek(world) {
  const mapped = world.anyMapping(({ memory, keepsFile }) => memory.isFile && keepsFile)
  if (mapped === undefined) return
  const offset = world.random.below(mapped.memory.byteLength + 10)
  const isInside = offset < mapped.memory.byteLength
  const data = mapped.native.seekData(offset)
  const hole = mapped.native.seekHole(offset)
  // No byte of these files was ever in a hole, but the file system may keep a cut and grown one as it likes.
  equal(isInside ? data === -1 || data >= offset : data === -1, true)
  equal(hole === -1 || (isInside && hole >= offset), true)
}

function move(world) {
  const mapped = world.anyMapping(({ isWritable, hasLooseTail }) => isWritable && !hasLooseTail)
  const to = mapped && rangeToStore(world, mapped)
  if (to === undefined) return
  const byteLength = to.end - to.start
  const from = world.random.below(mapped.byteLength - byteLength + 1)
  const source = { start: from, end: from + byteLength }
  if (world.isBusy(mapped, source)) return
  // Onto itself: whether the C library stores anything, which would make a page private, is its own affair.
  if (mapped.own !== undefined && from === to.start) return
  if (Math.max(to.end, source.end) > mapped.end) {
    // It stops somewhere in the middle, which nobody specifies: only that it says so. (Without the file it cannot know.)
    if (byteLength > 0 && mapped.memory.isFile && mapped.keepsFile && mapped.own === undefined)
      moveIntoTheCut(world, mapped, { to, from, byteLength })
    return
  }
  const bytes = mapped.peek(source.start, source.end)
  mapped.native.move(to.start, from, byteLength)
  world.stored(mapped, to.start, bytes)
}

function moveIntoTheCut(world, mapped, { to, from, byteLength }) {
  equal(errorOf(() => mapped.native.move(to.start, from, byteLength)).code, 'FAULT')
  const start = mapped.offset + to.start
  mapped.memory.reread(start, start + byteLength)
  world.changed(mapped.memory, start, mapped.memory.bytes.slice(start, start + byteLength))
}

const ADVICE = [
  'MADV_NORMAL',
  'MADV_RANDOM',
  'MADV_SEQUENTIAL',
  'MADV_WILLNEED',
  'MADV_DONTFORK',
  'MADV_DOFORK',
  'MADV_COLD',
]

function advise(world) {
  const mapped = world.anyMapping()
  const number = world.binding.constants[world.random.pick(ADVICE)]
  const start = Math.floor(world.random.below(mapped.byteLength) / PAGE) * PAGE
  mapped.remember(`advise ${number} from ${start}`)
  if (number !== undefined) mapped.native.advise(number, start, world.random.below(mapped.byteLength - start + 1))
}

/**
 * Of a private mapping that may be stored to, the kernel makes every page that it locks the mapping's own. The sanitizers' runtime answers
 * for the kernel, and locks nothing.
 */
function lock(world) {
  const mapped = world.anyMapping()
  const { start, end } = world.random.range(mapped.byteLength)
  const range = { start: Math.floor(start / PAGE) * PAGE, end: Math.ceil(end / PAGE) * PAGE }
  if (mapped.own !== undefined && (start === end || range.end > mapped.end || world.isBusy(mapped, range))) return
  try {
    mapped.native.lock(start, end - start)
    if (isAnythingLocked()) for (let at = range.start; at < range.end; at += PAGE) mapped.makeOwn(at / PAGE, 'lock')
  } catch (error) {
    // Not allowed, too much, or pages that are not in the file any more.
    if (mapped.own !== undefined || !['EPERM', 'ENOMEM', 'EAGAIN'].includes(error.errnoName)) throw error
  }
  mapped.native.unlock(0, mapped.byteLength)
}

function isAnythingLocked() {
  return /^VmLck:\s+[1-9]/m.test(readFileSync('/proc/self/status', 'utf8'))
}

function residency(world) {
  const mapped = world.anyMapping()
  const { start, end } = world.random.range(mapped.byteLength)
  const bitmap = mapped.native.residency(start, end - start)
  const pages = start === end ? 0 : Math.ceil(end / PAGE) - Math.floor(start / PAGE)
  equal(bitmap.byteLength, Math.ceil(pages / 8))
  if (pages % 8 > 0) equal(bitmap.at(-1) >> (pages % 8), 0)
}

/** Not every kernel has labels, and none has them for a file's pages. */
function setName(world) {
  const mapped = world.anyMapping()
  const name = world.random.pick(['', 'mapscope:storm', 'x'.repeat(79)])
  try {
    mapped.native.setName(name)
    equal(mapped.memory.isFile && name !== '', false)
  } catch (error) {
    if (!['EBADF', 'EINVAL'].includes(error.errnoName)) throw error
  }
}

export const syncOperations = [
  { name: 'copyOut', weight: 12, run: copyOut },
  { name: 'getByte', weight: 8, run: getByte },
  { name: 'copyIn', weight: 12, run: copyIn },
  { name: 'setByte', weight: 6, run: setByte },
  { name: 'find', weight: 10, run: find },
  { name: 'flush', weight: 1, run: flush },
  { name: 'releasePages', weight: 4, run: releasePages },
  { name: 'status', weight: 3, run: status },
  { name: 'seek', weight: 3, run: seek },
  { name: 'move', weight: 6, run: move },
  { name: 'advise', weight: 4, run: advise },
  { name: 'lock', weight: 3, run: lock },
  { name: 'residency', weight: 3, run: residency },
  { name: 'setName', weight: 1, run: setName },
]
