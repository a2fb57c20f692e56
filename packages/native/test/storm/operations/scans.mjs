// Statistics, strings, equal runs and comparisons, while other threads cut and store. Where the bytes stood still, the answer is the naive one.
import { equal } from '../expect.mjs'

function byteStatsAsync(world) {
  const block = 1 + world.random.below(5000)
  scan(world, 'byteStatsAsync', {
    start: ({ native }, range) => native.byteStatsAsync(range.start, range.end - range.start, block),
    check: ({ counts, entropy }, bytes, range) => {
      equal([...counts], countsOf(bytes))
      equal(entropy.length, Math.ceil((range.end - range.start) / block))
    },
  })
}

function stringsAsync(world) {
  const minLength = 1 + world.random.below(9)
  const encoding = world.random.pick(['ascii', 'utf8', 'utf16le', 'utf16be'])
  scan(world, 'stringsAsync', {
    start: ({ native }, range) =>
      native.stringsAsync(range.start, range.end - range.start, { encoding, minLength, limit: 2 ** 31, isEnd: true }),
    check: ({ runs }, bytes, range) => {
      if (encoding === 'ascii') equal(pairs(runs), textRuns(bytes, range.start, minLength))
    },
  })
}

function equalRunsAsync(world) {
  const minByteLength = 2 + world.random.below(9)
  scan(world, 'equalRunsAsync', {
    start: ({ native }, range) =>
      native.equalRunsAsync(range.start, range.end - range.start, { minByteLength, limit: 2 ** 31, isEnd: true }),
    check: ({ runs, lastBytes }, bytes, range) => {
      const expected = equalRuns(bytes, range.start, minByteLength)
      equal(pairs(runs), expected)
      equal(
        [...lastBytes],
        expected.map(([offset]) => bytes[offset - range.start]),
      )
    },
  })
}

function compareAsync(world) {
  const other = world.anyMapping(({ memory, hasLooseTail }) => !hasLooseTail && !world.hasPending(memory))
  if (other === undefined) return
  const at = world.random.below(other.byteLength)
  const wanted = { start: at, end: other.byteLength }
  const observation = world.observe(other, wanted)
  const isStarted = scan(world, 'compareAsync', {
    most: other.byteLength - at,
    start: ({ native }, range) => native.compareAsync(other.native, range.start, at, range.end - range.start, 2 ** 31),
    check: (result, bytes, range) => {
      const end = at + range.end - range.start
      if (!observation.isStill || observation.most < end) return
      const expected = differences(bytes, observation.first.subarray(0, bytes.length), range.start)
      equal(joined(pairs(result.runs)), expected)
      equal(result.otherUnreadable.length, 0)
    },
    settled: () => world.unobserve(observation),
  })
  if (!isStarted) world.unobserve(observation)
}

/** One scan of a range of any mapping; `check` is called when nothing changed meanwhile and all could be read. */
function scan(world, name, { start, check, settled = () => {}, most }) {
  const mapped = world.anyMapping(({ memory, hasLooseTail }) => !hasLooseTail && !world.hasPending(memory))
  if (mapped === undefined) return false
  const range = world.random.range(mapped.byteLength, most)
  const observation = world.observe(mapped, range)
  const job = start(mapped, range)
  const isCancelled = world.random.chance(5)
  if (isCancelled) job.cancel()
  const settle = async () => {
    try {
      const result = await job.result
      equal(result.cancelled && !isCancelled, false)
      equal(result.scannedTo <= range.end && result.scannedTo >= range.start, true)
      if (!observation.isStill || result.cancelled) return
      equal(result.scannedTo, range.end)
      const end = Math.max(range.start, Math.min(range.end, observation.most))
      equal(result.unreadable, end < range.end ? [end, range.end] : [])
      if (end === range.end) check(result, observation.first, range)
    } finally {
      world.unobserve(observation)
      settled()
    }
  }
  world.fly(mapped, settle(), `${name} ${range.start} to ${range.end}`)
  return true
}

function countsOf(bytes) {
  const counts = Array(256).fill(0)
  for (const byte of bytes) counts[byte]++
  return counts
}

function textRuns(bytes, offset, minLength) {
  const text = Buffer.from(bytes).toString('latin1')
  return [...text.matchAll(/[\x20-\x7e]+/g)]
    .filter(([run]) => run.length >= minLength)
    .map(({ index, 0: run }) => [offset + index, run.length])
}

function equalRuns(bytes, offset, least) {
  const found = []
  for (let at = 0; at < bytes.length; ) {
    let end = at + 1
    while (end < bytes.length && bytes[end] === bytes[at]) end++
    if (end - at >= least) found.push([offset + at, end - at])
    at = end
  }
  return found
}

function differences(bytes, others, offset) {
  const found = []
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== others[at]) found.push([offset + at, 1])
  return joined(found)
}

function pairs(numbers) {
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]])
}

function joined(runs) {
  const whole = []
  for (const [offset, byteLength] of runs) {
    const last = whole.at(-1)
    if (last !== undefined && last[0] + last[1] === offset) last[1] += byteLength
    else whole.push([offset, byteLength])
  }
  return whole
}

export const scanOperations = [
  { name: 'byteStatsAsync', weight: 4, run: byteStatsAsync },
  { name: 'stringsAsync', weight: 4, run: stringsAsync },
  { name: 'equalRunsAsync', weight: 3, run: equalRunsAsync },
  { name: 'compareAsync', weight: 4, run: compareAsync },
]
