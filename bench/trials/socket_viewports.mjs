import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { judge } from '../lib/goals.mjs'
import { startServer } from '../lib/server.mjs'
import { buildSocketLoad } from '../lib/socket_load.mjs'
import { spread } from '../lib/statistics.mjs'

const ROUNDS = Number(process.env.MAPSCOPE_BENCH_ROUNDS) || 5
const LOAD = { connections: 16, inFlight: 4, byteLength: 4096, seconds: 4 }
const AUDITED = 'mapscope, audited'
const GOALS = [
  { text: 'viewports a second, at least 45,000', atLeast: 45_000, of: (samples) => median(samples, 'perSecond') },
  { text: 'p99 of a viewport at most 5 ms', lessThan: 5, of: (samples) => median(samples, 'p99') },
]

/** The real server, all of it, against a bare one; the same client asks both, alternating, and compares every byte with the file. */
export function socketViewportsTrial() {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'random.bin')
    writeRandom(file, 256 * MiB)
    const load = await buildSocketLoad(folder, LOAD)
    const samples = { mapscope: [], [AUDITED]: [], 'bare ws': [] }
    for (let round = 0; round < ROUNDS; round += 1) {
      samples.mapscope.push(await measureOurs(load, file, round))
      samples[AUDITED].push(await measureOurs(load, file, round, ['--audit', path.join(folder, `audit${round}.jsonl`)]))
      samples['bare ws'].push(await measureBare(load, file, round))
    }
    const figures = (name) => ({
      perSecond: spread(samples[name].map(({ perSecond }) => perSecond)),
      p50: spread(samples[name].map(({ p50 }) => p50)),
      p99: spread(samples[name].map(({ p99 }) => p99)),
      cpuMicroseconds: spread(samples[name].map(({ cpuMicroseconds }) => cpuMicroseconds)),
    })
    const results = Object.fromEntries(Object.keys(samples).map((name) => [name, figures(name)]))
    const ratio = results.mapscope.perSecond.median / results['bare ws'].perSecond.median
    const goals = GOALS.map((goal) => judge(goal, samples.mapscope))
    return {
      unit: 'viewports of 4 KiB a second; ms from asking to the whole answer; 16 connections with 4 in flight',
      results,
      ratio,
      goals,
      summary: [
        ...Object.entries(results).map(
          ([name, { perSecond, p50, p99, cpuMicroseconds }]) =>
            `${name}: ${Math.round(perSecond.median)} a second, p50 ${p50.median.toFixed(2)} ms, p99 ${p99.median.toFixed(2)} ms, ${cpuMicroseconds.median.toFixed(1)} µs of the server's processor time each`,
        ),
        `mapscope / bare ws: ${ratio.toFixed(2)}`,
        ...goals.map(({ told }) => told),
      ],
    }
  })
}

function median(samples, figure) {
  return samples.length === 0 ? undefined : spread(samples.map((sample) => sample[figure])).median
}

async function measureOurs(load, file, seed, options = []) {
  const server = await startServer([file], options)
  try {
    const { id } = await server.open(path.basename(file))
    const token = new URL(server.link).searchParams.get('token')
    const port = Number(new URL(server.origin).port)
    return await load({ port, token, documentId: id, file, seed, pid: server.pid })
  } finally {
    await server.stop()
  }
}

async function measureBare(load, file, seed) {
  const child = spawn(process.execPath, [path.join(root, 'bench/subjects/socket_bare.mjs'), file])
  try {
    const [port] = await once(child.stdout, 'data')
    return await load({ port: Number(port), token: 'none', documentId: 'aaaaaaaaaaaaaaaa', file, seed, pid: child.pid })
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}
