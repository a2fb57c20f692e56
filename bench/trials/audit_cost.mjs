import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { judge } from '../lib/goals.mjs'
import { buildLoad, processorSeconds } from '../lib/http_load.mjs'
import { countInstructions } from '../lib/instructions.mjs'
import { startServer } from '../lib/server.mjs'
import { quantile, spread } from '../lib/statistics.mjs'

const ROUNDS = Number(process.env.MAPSCOPE_BENCH_ROUNDS ?? 5)
const SMALL_READS = { connections: 64, bytes: 4096, seconds: 6 }
/** V8 compiles for some 20,000 requests, which is more than what is to be found. */
const WARM_UP = { ...SMALL_READS, seconds: 12, verify: true }

/** The same server with nothing written down, with the trail, and in evidence mode: small reads at random places, which merge least. They alternate. */
export function auditCostTrial() {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'random.bin')
    writeRandom(file, 256 * MiB)
    const ask = await buildLoad(folder)
    const servers = await startServers(folder, file)
    try {
      for (const server of Object.values(servers)) await ask(server, WARM_UP)
      const samples = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [name, server] of Object.entries(servers)) {
          samples[name].push(await measure(ask, server, { ...SMALL_READS, seed: round + 1 }))
        }
      }
      return report(samples)
    } finally {
      for (const { stop } of Object.values(servers)) await stop()
    }
  })
}

async function startServers(folder, file) {
  const trails = { audit: path.join(folder, 'audit.jsonl'), evidence: path.join(folder, 'evidence.jsonl') }
  const servers = {
    plain: await startOne(file, []),
    audit: await startOne(file, ['--audit', trails.audit]),
    evidence: await startOne(file, ['--audit', trails.evidence, '--evidence']),
  }
  // Hashing begins with the first bytes that are served, and is not what is measured.
  await fetch(`http://127.0.0.1:${servers.evidence.port}${servers.evidence.target}`, {
    headers: { authorization: servers.evidence.header.slice('Authorization: '.length), range: 'bytes=0-0' },
  })
  while (!readFileSync(trails.evidence, 'utf8').includes('"kind":"hashed"')) await sleep(200)
  return servers
}

async function startOne(file, options) {
  const { origin, pid, headers, stop } = await startServer([file], options)
  const target = `/raw/${path.basename(file)}`
  return {
    port: Number(new URL(origin).port),
    pid,
    target,
    header: `Authorization: ${headers.authorization}`,
    file,
    stop,
  }
}

async function measure(ask, server, load) {
  const before = processorSeconds(server.pid)
  const { result, count } = await countInstructions(server.pid, () => ask(server, load))
  const requestCount = result.perSecond * result.seconds
  return {
    perSecond: result.perSecond,
    microseconds: ((processorSeconds(server.pid) - before) * 1e6) / requestCount,
    instructions: count === undefined ? undefined : count / requestCount,
  }
}

function report(samples) {
  const figure = (name, key) => {
    const values = samples[name].map((sample) => sample[key])
    return values.includes(undefined) ? undefined : spread(values)
  }
  const results = Object.fromEntries(
    Object.keys(samples).map((name) => [
      name,
      {
        perSecond: figure(name, 'perSecond'),
        microseconds: figure(name, 'microseconds'),
        instructions: figure(name, 'instructions'),
      },
    ]),
  )
  const ratio = (name, key) =>
    quantile(
      samples[name].map((sample, round) => sample[key] / samples.plain[round][key]),
      0.5,
    )
  const ratios = Object.fromEntries(
    ['audit', 'evidence'].map((name) => [
      name,
      Object.fromEntries(['microseconds', 'instructions'].map((key) => [key, Number(ratio(name, key).toPrecision(3))])),
    ]),
  )
  const goals = ['audit', 'evidence'].map((name) =>
    judge({
      text: `${name}: at most 1.2 × the processor time of a server that writes nothing down`,
      of: () => ratios[name].microseconds,
      lessThan: 1.2,
    }),
  )
  return {
    unit: 'of a read of 4 KiB anywhere in 256 MiB on 64 connections: microseconds of the server’s processor time, instructions in user mode',
    rounds: ROUNDS,
    results,
    ratios,
    goals,
    summary: [
      ...Object.entries(results).map(
        ([name, { microseconds, instructions }]) =>
          `${name}: ${microseconds.median.toFixed(1)} µs, ${instructions === undefined ? 'no' : Math.round(instructions.median)} instructions a read`,
      ),
      ...goals.map(({ told }) => told),
    ],
  }
}
