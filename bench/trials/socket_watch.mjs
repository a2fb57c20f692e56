import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../scripts/lib/root.mjs'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { judge } from '../lib/goals.mjs'
import { startServer } from '../lib/server.mjs'
import { buildSocketLoad } from '../lib/socket_load.mjs'
import { spread } from '../lib/statistics.mjs'

const execute = promisify(execFile)
const ROUNDS = Number(process.env.MAPSCOPE_BENCH_ROUNDS) || 3
const STORE_COUNT = 100
/** Longer than the stores take; it is ended with them. */
const LOAD = { connections: 16, inFlight: 4, byteLength: 4096, seconds: 600 }
const ROWS = [
  { name: '1 viewer', watcherCount: 1, isLoaded: false },
  { name: '50 viewers', watcherCount: 50, isLoaded: false },
  { name: '50 viewers beside 64 viewports in flight', watcherCount: 50, isLoaded: true },
]

/** From a store through another process's mapping to the moment when the last of the viewers has been told. */
export function socketWatchTrial() {
  return inFolder(async (folder) => {
    const load = await buildSocketLoad(folder, LOAD)
    const samples = Object.fromEntries(ROWS.map(({ name }) => [name, []]))
    for (let round = 0; round < ROUNDS; round += 1)
      for (const row of ROWS)
        samples[row.name].push(await measure(path.join(folder, `${round}.bin`), { ...row, load, seed: round }))
    const figures = (name) =>
      Object.fromEntries(
        ['p50', 'p99', 'max'].map((figure) => [figure, spread(samples[name].map((sample) => sample[figure]))]),
      )
    const results = Object.fromEntries(ROWS.map(({ name }) => [name, figures(name)]))
    const goals = ROWS.map(({ name }) =>
      judge(
        { text: `${name}: every store told within 500 ms`, lessThan: 500, of: () => results[name].max.max },
        samples,
      ),
    )
    return {
      unit: `ms from a store by another process to its last viewer's change event; ${STORE_COUNT} stores a round at random moments and places`,
      results,
      goals,
      summary: [
        ...ROWS.map(({ name }) => {
          const { p50, p99, max } = results[name]
          return `${name}: p50 ${p50.median.toFixed(0)} ms, p99 ${p99.median.toFixed(0)} ms, max ${max.max.toFixed(0)} ms`
        }),
        ...goals.map(({ told }) => told),
      ],
    }
  })
}

async function measure(file, { watcherCount, isLoaded, load, seed }) {
  writeRandom(file, 64 * MiB)
  const still = path.join(path.dirname(file), 'still.bin')
  writeRandom(still, 64 * MiB)
  const server = await startServer([file, still])
  const running = isLoaded ? await startLoad(load, server, { file: still, seed }) : undefined
  try {
    const { id } = await server.open(path.basename(file))
    const program = path.join(root, 'bench/subjects/socket_watchers.mjs')
    const parameters = {
      ...addressOf(server),
      documentId: id,
      file,
      watcherCount,
      storeCount: STORE_COUNT,
      seed: seed + 1,
    }
    const { stdout } = await execute(process.execPath, [program, JSON.stringify(parameters)])
    return JSON.parse(stdout)
  } finally {
    running?.kill('SIGKILL')
    await server.stop()
  }
}

/** The load compares what it reads, so it has a file of its own. */
async function startLoad(load, server, { file, seed }) {
  const { id } = await server.open(path.basename(file))
  const running = load({ ...addressOf(server), documentId: id, file, seed, pid: server.pid })
  // It is ended, which is no answer.
  running.catch(() => undefined)
  return running.child
}

function addressOf(server) {
  return { port: Number(new URL(server.origin).port), token: new URL(server.link).searchParams.get('token') }
}
