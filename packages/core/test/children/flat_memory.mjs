// Scans a file of so many GiB whole, holes too, and tells how far the process grew at most: all that it has of its own, and all that it has mapped alone.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { count, entropy, hash, histogram, openFile, search, strings } from '@mapscope/core'

const GIB = 1024 ** 3
const MIB = 1024 ** 2
const ISLAND_EACH = 512 * MIB
const [path, scan, gib] = process.argv.slice(2)
const BYTE_LENGTH = Number(gib) * GIB

/** Islands of 4 MiB with 4,096 marks each. */
function layOut() {
  const fd = openSync(path, 'w')
  ftruncateSync(fd, BYTE_LENGTH)
  const island = Buffer.alloc(4 * MIB, 'text that is looked at, ')
  for (let at = 0; at < island.length; at += 1024) island.write('\0MARK\0', at)
  for (let offset = 0; offset < BYTE_LENGTH; offset += ISLAND_EACH) writeSync(fd, island, 0, island.length, offset)
  closeSync(fd)
}

/** The same source, which does not tell of holes: they are read as any other bytes. */
function withoutExtents(source) {
  return new Proxy(source, {
    get(target, name) {
      if (name === 'extents') return undefined
      if (name === 'releasingCache') return () => withoutExtents(target.releasingCache())
      const value = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
    has: (target, name) => name !== 'extents' && name in target,
  })
}

/** MiB of this process: `Private` has mapped pages that nobody else has mapped as well. */
function memory() {
  const text = readFileSync('/proc/self/smaps_rollup', 'latin1')
  const kib = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1])
  const status = readFileSync('/proc/self/status', 'latin1')
  return {
    private: (kib('Private_Clean') + kib('Private_Dirty')) / 1024,
    anonymous: kib('Anonymous') / 1024,
    pageTables: Number(/VmPTE:\s+(\d+) kB/.exec(status)[1]) / 1024,
  }
}

async function drained(items, lengthOf) {
  let sum = 0
  for await (const item of items) sum += lengthOf(item)
  return sum
}

// What follows a mark is one of three letters, by where in the text it stands.
const behind = [...'h,o'].map((letter) => letter.charCodeAt(0)).concat(Array.from({ length: 17 }, (_, at) => at))
const needles = behind.map((byte) => `4D41524B00${byte.toString(16).padStart(2, '0')}`).join('\n')
const options = { releasesCache: true }

const SCANS = {
  bytes: (source) => count(source, Buffer.from('MARK'), options),
  hits: (source) => drained(search(source, Buffer.from('MARK'), options), ({ length }) => length),
  needles: (source) => drained(search(source, { kind: 'needles', text: needles }, options), ({ length }) => length),
  regexp: (source) => drained(search(source, /\0[MN]A[RS]K\0/, options), ({ length }) => length),
  histogram: async (source) => (await histogram(source, options)).counts['M'.charCodeAt(0)],
  entropy: (source) => drained(entropy(source, options), (batch) => batch.entropy.filter((bits) => bits > 0).length),
  strings: (source) => drained(strings(source, { minLength: 100, ...options }), ({ items }) => items.length),
  hash: async (source) => (await hash(source, { algorithms: ['crc32'], ...options })).crc32.length,
}

layOut()
const source = openFile(path)
// What a first scan loads (code, threads) is the program, and no part of scanning much.
await SCANS[scan](withoutExtents(openFile(process.execPath)))
globalThis.gc?.()
const before = memory()
const peak = { ...before }
const look = () => {
  const now = memory()
  for (const name of Object.keys(peak)) peak[name] = Math.max(peak[name], now[name])
}
const timer = setInterval(look, 10)
const startMs = performance.now()
const found = await SCANS[scan](withoutExtents(source))
const seconds = (performance.now() - startMs) / 1000
clearInterval(timer)
look()
await source.close()
const grown = Object.fromEntries(Object.keys(peak).map((name) => [name, Math.round(peak[name] - before[name])]))
console.log(JSON.stringify({ found, grown, seconds }))
process.exit()
