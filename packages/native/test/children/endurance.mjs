// One thing, very often, and what the process looks like afterwards.
import { once } from 'node:events'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { binding } from '../../dist/index.js'

const [path, way, option] = process.argv.slice(2)
const byteLength = 20_000

function map({ fd, ...options } = {}, file = path) {
  const opened = fd ?? openSync(file, 'r')
  try {
    return new binding.Mapping(opened, { offset: 0, byteLength, access: 'read', ...options })
  } finally {
    if (fd === undefined) closeSync(opened)
  }
}

function state() {
  globalThis.gc?.()
  const maps = readFileSync('/proc/self/maps', 'utf8').split('\n')
  return {
    residentMiB: process.memoryUsage.rss() / 1024 ** 2,
    descriptors: readdirSync('/proc/self/fd').length,
    ours: maps.filter((line) => line.includes(path)).length,
    maps: maps.length,
  }
}

/** The process still allocates, maps, reads and runs jobs. */
async function isHealthy() {
  const some = Array.from({ length: 1000 }, () => new Uint8Array(4096).fill(1))
  const mapping = map()
  const { bytes, unreadable } = await mapping.readAsync(0, byteLength).result
  mapping.close()
  return some.length === 1000 && unreadable.length === 0 && Buffer.from(bytes).equals(readFileSync(path))
}

/** Maps until it is refused, or often enough. */
function mapMany(most, options, use = () => {}) {
  const open = []
  for (let i = 0; i < most; i++) {
    try {
      const mapping = map(options)
      open.push(mapping)
      use(mapping)
    } catch (error) {
      // Node's own errors have the errno's name for a code.
      return { open, refusal: { code: error.code, errnoName: error.errnoName, syscall: error.syscall } }
    }
  }
  return { open, refusal: undefined }
}

const USES = {
  nothing: () => {},
  windows: (mapping) => mapping.window(0, byteLength)[0],
  exports: (mapping) => new Uint8Array(mapping.exportRange(0, byteLength))[0],
  strings: (mapping) => mapping.latin1(0, byteLength).charCodeAt(0),
}

// Without a descriptor each, which would run out first; and neighbours of anonymous private memory would become one in the kernel.
const UNCLOSED = {
  nothing: { keepsFile: false },
  exports: { keepsFile: false, access: 'copy' },
  windows: { fd: -1, access: 'write' },
  strings: { fd: -1, access: 'write' },
}

const WAYS = {
  /** Alike after a tenth and after all of it. */
  async cycles() {
    const cycle = async (count) => {
      for (let i = 0; i < count; i++) {
        const mapping = map()
        USES[option](mapping)
        mapping.close()
        if (i % 1000 === 999) await turn()
      }
      await turn()
      return state()
    }
    const before = await cycle(10_000)
    const after = await cycle(90_000)
    return {
      grownMiB: Math.round(after.residentMiB - before.residentMiB),
      descriptors: after.descriptors - before.descriptors,
      maps: after.maps - before.maps,
      ours: after.ours,
    }
  },

  async unclosed() {
    const { open, refusal } = mapMany(70_000, UNCLOSED[option], USES[option])
    const count = open.length
    for (const mapping of open.splice(0, 10)) mapping.close()
    await collect() // what still has a buffer over it is closed, but not gone
    const isWell = await isHealthy()
    for (const mapping of open.splice(0)) mapping.close()
    await collect()
    return { count, refusal, isWell, ours: state().ours, isWellAfter: await isHealthy() }
  },

  /** Each keeps a descriptor; those that keep none go on. */
  async descriptors() {
    const { open, refusal } = mapMany(1000)
    const kept = open.length
    open.pop().close()
    open.pop().close()
    const file = openSync(path, 'r')
    const options = { offset: 0, byteLength, access: 'read' }
    const more = Array.from({ length: 1000 }, () => new binding.Mapping(file, { ...options, keepsFile: false }))
    const bytes = more.map((mapping) => mapping.getByte(19_999))
    let again
    try {
      for (;;) open.push(new binding.Mapping(file, options))
    } catch ({ code, errnoName, syscall }) {
      again = { code, errnoName, syscall }
    }
    for (const mapping of [...open, ...more]) mapping.close()
    closeSync(file)
    return { kept, refusal, again, isRight: new Set(bytes).size === 1, isWell: await isHealthy() }
  },

  /** The address space is what `ulimit -v` left. */
  async 'low memory'() {
    const large = 2 * 1024 ** 3
    const refusals = {}
    const attempt = (name, call) => {
      const made = []
      try {
        while (made.length < 64) made.push(call())
        refusals[name] = 'none'
      } catch ({ code, errnoName, syscall }) {
        refusals[name] = { code, errnoName, syscall }
      }
      return made
    }
    const open = attempt('map', () => map({ byteLength: large }, option))
    const [first] = open
    attempt('exportRange', () => first.exportRange(0, large))
    attempt('resize', () => first.remap(2 ** 44))
    const anonymous = attempt('anonymous', () => map({ fd: -1, byteLength: large, access: 'copy' }))
    const byte = first.getByte(0)
    for (const mapping of [...open, ...anonymous]) mapping.close()
    return { refusals, byte, isWell: await isHealthy() }
  },

  async workers() {
    let wrong = await runWorkers() // the first ones make what Node keeps
    const before = state()
    for (let round = 0; round < 4; round++) wrong += await runWorkers()
    await collect()
    const after = state()
    return { wrong, descriptors: after.descriptors - before.descriptors, ours: after.ours, isWell: await isHealthy() }
  },
}

async function collect() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc()
    await turn()
  }
}

async function runWorkers() {
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => runWorker(i)))
  return answers.reduce((sum, wrong) => sum + wrong)
}

/** Ends while its reads are in flight: by itself, or killed. */
async function runWorker(index) {
  const worker = new Worker(new URL('endurance_worker.mjs', import.meta.url), {
    workerData: { path, byteLength, isKilled: index % 2 === 0 },
  })
  const [exit, [wrong]] = [once(worker, 'exit'), await once(worker, 'message')]
  if (index % 2 === 0) await worker.terminate()
  await exit
  return wrong
}

console.log(JSON.stringify(await WAYS[way]()))
