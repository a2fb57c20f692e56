// A storm: thousands of random calls of the addon, each answer compared with a plain array's.
//   node --expose-gc test/storm/main.mjs --package . --seed 1 --steps 3000
// `scripts/storm.mjs` runs it under the sanitizers.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { leftovers, residentMiB } from './leftovers.mjs'
import { asyncOperations } from './operations/async.mjs'
import { fileOperations } from './operations/files.mjs'
import { lifeOperations } from './operations/life.mjs'
import { resizeOperations } from './operations/resize.mjs'
import { scanOperations } from './operations/scans.mjs'
import { syncOperations } from './operations/sync.mjs'
import { viewOperations } from './operations/views.mjs'
import { workerOperations } from './operations/workers.mjs'
import { wrongOperations } from './operations/wrong.mjs'
import { pattern } from './pattern.mjs'
import { Random } from './random.mjs'
import { World } from './world.mjs'

const { values } = parseArgs({
  options: {
    package: { type: 'string' },
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '3000' },
    // Names of operations, with commas: for finding out which of them it takes.
    without: { type: 'string', default: '' },
  },
})
const seed = Number(values.seed)
const steps = Number(values.steps)
const entry = pathToFileURL(join(values.package, 'dist/index.js')).href
const { binding } = await import(entry)
const operations = [
  ...syncOperations,
  ...asyncOperations,
  ...fileOperations,
  ...lifeOperations,
  ...resizeOperations,
  ...scanOperations,
  ...viewOperations,
  ...workerOperations,
  ...wrongOperations,
].filter(({ name }) => !values.without.split(',').includes(name))

const folder = mkdtempSync(join(tmpdir(), 'mapscope-storm-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const random = new Random(seed)
const world = new World({ binding, random, folder, entry })
const counts = Object.fromEntries(operations.map(({ name }) => [name, 0]))
let step = 0
let current = 'setting up'

try {
  setUp()
  for (; step < steps; step++) await takeStep()
  current = 'the end'
  await world.land()
  letGo()
  const left = await leftovers(folder)
  if (left.length > 0) throw new Error(`left behind:\n${left.join('\n')}`)
  const addon = loadedAddon()
  console.log(JSON.stringify({ seed, steps, counts, addon, residentMiB: Math.round(residentMiB()) }))
} catch (error) {
  console.error(`seed ${seed}, step ${step}, ${current}: ${error.stack}\n${error.cause?.stack ?? ''}`)
  process.exit(1)
}

function setUp() {
  world.rootDescriptor = openSync(folder, 'r')
  const path = join(folder, 'steady')
  writeFileSync(path, pattern(300_000))
  world.steady = { path, byteLength: 300_000 }
  for (const byteLength of [1, 4096, 5000, 40_000, 300_000]) world.makeFile(byteLength)
  for (const memory of world.memories.slice(2))
    world.map(memory, { offset: 0, byteLength: memory.byteLength, access: 'write' })
}

async function takeStep() {
  const operation = random.weighted(operations)
  current = operation.name
  counts[operation.name]++
  await operation.run(world)
  if (world.failure !== undefined) throw world.failure
  // Mostly the next call follows at once, with jobs in flight; now and then they get a turn.
  if (random.chance(4)) await turn()
  if (world.flights.size > 20) await world.land()
}

/** Half of them are left to the collector. (A function, so that no variable of the module keeps one.) */
function letGo() {
  for (const [i, mapped] of world.mappings.splice(0).entries()) if (i % 2 === 0) mapped.native.close()
  closeSync(world.rootDescriptor)
  world.memories.length = 0
}

/** The file this process has the addon's code from. */
function loadedAddon() {
  return /\S*mapscope\.node$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0]
}
