// What another thread does while this one goes on: cutting files, storing, closing. The answer is one of those that were ever true.
import { equal, rejection } from '../expect.mjs'
import { PAGE } from '../memory.mjs'
import { naiveFind, needleFor } from './sync.mjs'

function readAsync(world) {
  const mapped = world.anyMapping()
  const range = world.random.range(mapped.byteLength)
  const observation = world.observe(mapped, range)
  const job = mapped.native.readAsync(range.start, range.end - range.start)
  const isCancelled = cancelSometimes(world, job)
  const settle = async () => {
    try {
      const { bytes, unreadable } = await job.result
      observation.check(bytes, unreadable)
    } catch (error) {
      if (!isCancelled || error.errnoName !== 'ECANCELED') throw error
    } finally {
      world.unobserve(observation)
    }
  }
  world.fly(mapped, settle(), `readAsync ${range.start} to ${range.end}`)
}

function readIntoAsync(world) {
  const mapped = world.anyMapping()
  const range = world.random.range(mapped.byteLength)
  const observation = world.observe(mapped, range)
  const target = new Uint8Array(range.end - range.start)
  const job = mapped.native.readIntoAsync(range.start, target)
  const isCancelled = cancelSometimes(world, job)
  const settle = async () => {
    try {
      observation.check(target, await job.result)
    } catch (error) {
      if (!isCancelled || error.errnoName !== 'ECANCELED') throw error
    } finally {
      world.unobserve(observation)
    }
  }
  world.fly(mapped, settle(), `readIntoAsync ${range.start} to ${range.end}`)
}

/** At once, or when the job is half-way, or again and again. */
function cancelSometimes(world, job) {
  if (!world.random.chance(5)) return false
  if (world.random.chance(2)) job.cancel()
  else setImmediate(() => job.cancel())
  job.cancel()
  return true
}

function writeAsync(world) {
  const mapped = world.anyMapping(({ isWritable }) => isWritable)
  if (mapped === undefined) return
  const range = world.random.range(mapped.byteLength)
  const bytes = world.random.bytes(range.end - range.start)
  if (!mapped.memory.isFile || !mapped.keepsFile) {
    refuseToWrite(world, mapped, mapped.native.writeAsync(range.start, bytes))
    return
  }
  const isInside = Math.ceil(range.end / PAGE) * PAGE <= mapped.end
  if (world.isBusy(mapped, range) || (mapped.own !== undefined && !isInside)) return
  const job = mapped.native.writeAsync(range.start, bytes)
  const store = world.beginStore(mapped, range.start, bytes.slice())
  bytes.fill(0) // the job has to have a copy of its own
  // Of a private store nobody but the mapping knows afterwards whether it was made, so it is never cancelled.
  const isCancelled = mapped.own === undefined && cancelSometimes(world, job)
  const what = `writeAsync ${range.start} to ${range.end}`
  world.fly(mapped, settleWrite(world, { job, store, isInside, isCancelled }), what)
}

/** Without a file whose status it could resolve with, nothing is stored: later reads would show it. */
function refuseToWrite(world, mapped, { result }) {
  const settle = async () => equal((await rejection(result, ['EBADF']))?.errnoName, 'EBADF')
  world.fly(mapped, settle(), 'writeAsync without a file')
}

async function settleWrite(world, { job, store, isInside, isCancelled }) {
  let isCertain = false
  try {
    const error = await rejection(job.result, [...(isCancelled ? ['ECANCELED'] : []), 'FAULT'])
    if (error?.code === 'FAULT') equal(store.isTainted || !isInside, true)
    isCertain = error === undefined
  } finally {
    world.endStore(store, { isCertain })
  }
}

function findAsync(world) {
  const mapped = world.anyMapping(({ memory, hasLooseTail }) => !hasLooseTail && !world.hasPending(memory))
  if (mapped === undefined) return
  const range = world.random.range(mapped.byteLength)
  const isReverse = world.random.chance(2)
  const needle = needleFor(world, mapped)
  const there = mapped.peek(range.start, Math.max(range.start, Math.min(range.end, mapped.end)))
  const found = naiveFind(there, needle, isReverse)
  const observation = world.observe(mapped, range)
  const job = mapped.native.findAsync(needle.slice(), range.start, range.end, isReverse)
  const isCancelled = cancelSometimes(world, job)
  const settle = async () => {
    try {
      const result = await job.result
      equal(result.cancelled && !isCancelled, false)
      equal(
        result.offset === -1 || (result.offset >= range.start && result.offset + needle.byteLength <= range.end),
        true,
      )
      if (!observation.isStill || result.cancelled) return
      equal(result.offset, found === -1 ? -1 : range.start + found)
    } finally {
      world.unobserve(observation)
    }
  }
  world.fly(mapped, settle(), `findAsync ${range.start} to ${range.end}`)
}

/** All hits, some of them, or only how many; the oracle is `indexOf`, again and again. */
function matchAsync(world) {
  const mapped = world.anyMapping(({ memory, hasLooseTail }) => !hasLooseTail && !world.hasPending(memory))
  if (mapped === undefined) return
  const range = world.random.range(mapped.byteLength)
  const isReverse = world.random.chance(2)
  const limit = world.random.chance(2) ? 1 + world.random.below(20) : 1e6
  const needle = needleFor(world, mapped)
  const there = mapped.peek(range.start, Math.max(range.start, Math.min(range.end, mapped.end)))
  const expected = naiveMatches(there, needle).map((offset) => range.start + offset)
  if (isReverse) expected.reverse()
  const kind = world.random.chance(2)
    ? { kind: 'bytes', values: needle }
    : { kind: 'any', needles: [{ values: needle }] }
  const pattern = world.binding.compilePattern(kind, world.random.pick(world.binding.tiers))
  const observation = world.observe(mapped, range)
  const job = mapped.native.matchAsync(pattern, range.start, range.end, { limit, isReverse })
  const isCancelled = cancelSometimes(world, job)
  const settle = async () => {
    try {
      const { offsets, count, cancelled } = await job.result
      equal(cancelled && !isCancelled, false)
      equal(count, offsets.length)
      for (const offset of offsets) equal(offset >= range.start && offset + needle.byteLength <= range.end, true)
      if (observation.isStill && !cancelled) equal([...offsets].join(), expected.slice(0, limit).join())
    } finally {
      world.unobserve(observation)
    }
  }
  world.fly(mapped, settle(), `matchAsync ${range.start} to ${range.end}`)
}

function naiveMatches(bytes, needle) {
  const offsets = []
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + 1)) offsets.push(at)
  return offsets
}

function flushAsync(world) {
  const mapped = world.anyMapping()
  const job = mapped.native.flushAsync(...wholePages(world, mapped))
  world.fly(mapped, settleHint(world, job, []), 'flushAsync')
}

function populateAsync(world) {
  const mapped = world.anyMapping()
  const range = world.random.range(mapped.byteLength)
  const observation = world.observe(mapped, range)
  const job = mapped.native.populateAsync(range.start, range.end - range.start)
  const isCancelled = cancelSometimes(world, job)
  const settle = async () => {
    const error = await rejection(job.result, [...(isCancelled ? ['ECANCELED'] : []), 'FAULT'])
    world.unobserve(observation)
    if (error?.code === 'FAULT') equal(error.offset >= Math.floor(observation.least / PAGE) * PAGE, true)
  }
  world.fly(mapped, settle(), `populateAsync ${range.start} to ${range.end}`)
}

function adviseAsync(world) {
  const mapped = world.anyMapping()
  const { MADV_WILLNEED } = world.binding.constants
  world.fly(
    mapped,
    settleHint(world, mapped.native.adviseAsync(MADV_WILLNEED, ...wholePages(world, mapped)), []),
    'adviseAsync',
  )
}

/** Whatever it takes out of memory, no byte is another. */
function releaseCacheAsync(world) {
  const mapped = world.anyMapping()
  const range = world.random.range(mapped.byteLength)
  const job = mapped.native.releaseCacheAsync([range.start, range.end])
  world.fly(mapped, settleHint(world, job, ['EBADF', 'ENOTSUP']), `releaseCacheAsync ${range.start} to ${range.end}`)
}

function wholePages(world, mapped) {
  const start = Math.floor(world.random.below(mapped.byteLength) / PAGE) * PAGE
  return [start, world.random.below(mapped.byteLength - start + 1)]
}

async function settleHint(world, job, codes) {
  const isCancelled = cancelSometimes(world, job)
  await rejection(job.result, isCancelled ? ['ECANCELED', ...codes] : codes)
}

export const asyncOperations = [
  { name: 'readAsync', weight: 12, run: readAsync },
  { name: 'readIntoAsync', weight: 8, run: readIntoAsync },
  { name: 'writeAsync', weight: 8, run: writeAsync },
  { name: 'findAsync', weight: 8, run: findAsync },
  { name: 'matchAsync', weight: 8, run: matchAsync },
  { name: 'flushAsync', weight: 2, run: flushAsync },
  { name: 'populateAsync', weight: 4, run: populateAsync },
  { name: 'adviseAsync', weight: 2, run: adviseAsync },
  { name: 'releaseCacheAsync', weight: 2, run: releaseCacheAsync },
]
