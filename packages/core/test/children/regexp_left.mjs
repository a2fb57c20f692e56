// Searches ended early in every way, some hundreds of them; then, behind the idle time of the threads, what of them is left in the process.
import { readdirSync, readFileSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFile, searchRegexp } from '@mapscope/core'
import { seeded } from './random.mjs'

const MIB = 1024 ** 2
/** The threads' idle time is 30 s. */
const IDLE_LIMIT_MS = 60_000
const [path, seed, aborts] = process.argv.slice(2)
const random = seeded(seed)
const cutPath = `${path}-cut`
writeFileSync(path, Buffer.alloc(4 * MIB, `${'a'.repeat(60)} words of text\n`))
writeFileSync(cutPath, Buffer.alloc(4 * MIB, 'words of text\n'))

const CATASTROPHIC = '(?:c|(a+)+\\W\\W)'
const PATTERNS = [CATASTROPHIC, '[a-z]{3}\\n', 'words', '\\w+ of', '(?:text|word)\\b', '[^]{1000}', 'absent[a-z]*x']

/** Those that have loaded their program, and so said something. */
const workers = []
process.on('worker', (worker) => worker.once('message', () => workers.push(worker)))

function left() {
  const ofOurs = (text) => text.includes(path)
  // Seen in Node 20: one more /dev/null is open for good once there were threads.
  const descriptors = readdirSync('/proc/self/fd').map(targetOf)
  const mappings = readFileSync('/proc/self/maps', 'utf8').split('\n').filter(ofOurs)
  return {
    threads: readdirSync('/proc/self/task').length,
    descriptors: descriptors.filter((target) => target !== '' && target !== '/dev/null').sort(),
    mappings: mappings.length,
  }
}

function targetOf(fd) {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return ''
  }
}

async function ended(source, query, { options, afterFirst } = {}) {
  let hits = 0
  try {
    for await (const batch of searchRegexp(source, query, options)) {
      hits += batch.length
      if (afterFirst?.() === 'return') return 'returned'
    }
    return options?.limit === hits ? 'limit' : 'done'
  } catch (error) {
    return error.code ?? error.name ?? String(error)
  }
}

/** Ways to end a search; each says what it is to come to. */
const WAYS = {
  returned: (source) => ended(source, { pattern: '[a-z]+' }, { afterFirst: () => 'return' }),
  limit: (source) => ended(source, { pattern: 'a{3}' }, { options: { limit: 7 } }),
  ERR_TIMEOUT: (source) => ended(source, { pattern: CATASTROPHIC, timeBudgetMs: 30 }),
  ERR_ARGUMENT: (source) => ended(source, { pattern: 'a', flags: 'u' }),
  Error: async (source) => {
    const search = ended(source, { pattern: CATASTROPHIC })
    // Nobody's plan: the thread is gone in the middle.
    const timer = setInterval(() => workers.forEach((worker) => void worker.terminate()), 200)
    const code = await search
    clearInterval(timer)
    await Promise.all(workers.map((worker) => worker.terminate()))
    return code
  },
  ERR_FAULT: async () => {
    const source = openFile(cutPath)
    truncateSync(cutPath, MIB)
    const code = await ended(source, { pattern: '[a-z]+' })
    truncateSync(cutPath, 4 * MIB)
    await source.close()
    return code
  },
}

async function aborted(source, pattern) {
  const controller = new AbortController()
  const delayMs = random() * 12
  if (delayMs < 2) controller.abort()
  else setTimeout(() => controller.abort(), delayMs)
  return await ended(source, { pattern }, { options: { signal: controller.signal } })
}

async function all() {
  const unexpected = []
  const source = openFile(path)
  for (let round = 0; round < 3; round++) {
    for (const [code, way] of Object.entries(WAYS)) {
      const found = await way(source)
      if (found !== code) unexpected.push([code, found])
      if ((await ended(source, { pattern: 'words' })) !== 'done') unexpected.push(['the next one', code])
    }
  }
  for (let n = 0; n < Number(aborts); n++) {
    const code = await aborted(source, PATTERNS[Math.floor(random() * PATTERNS.length)])
    if (code !== 'AbortError' && code !== 20 && code !== 'done') unexpected.push(['an abort', code])
  }
  await source.close()
  return unexpected
}

const before = left()
const unexpected = await all()
const most = left()
const started = performance.now()
let after = most
while (performance.now() - started < IDLE_LIMIT_MS) {
  after = left()
  if (after.threads <= before.threads && after.mappings === 0) break
  await sleep(500)
}
process.stdout.write(JSON.stringify({ before, most, after, unexpected, workers: workers.length }))
