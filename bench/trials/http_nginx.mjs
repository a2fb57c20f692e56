import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GiB, inFolder, MiB, writeRandom } from '../lib/files.mjs'
import { judge } from '../lib/goals.mjs'
import { anonymousMiB, buildLoad } from '../lib/http_load.mjs'
import { evict } from '../lib/inputs.mjs'
import { startNginx } from '../lib/nginx.mjs'
import { startServer } from '../lib/server.mjs'
import { quantile, spread } from '../lib/statistics.mjs'

const ROUNDS = Number(process.env.MAPSCOPE_BENCH_ROUNDS ?? 5)
const STALLED = 64
/** A mapping is kept for a second after its last answer: its pages cannot be put out of the cache before. */
const LET_GO_MS = 2_500

const LOADS = {
  full: { connections: 1, bytes: 0, seconds: 2 },
  '1 MiB': { connections: 16, bytes: MiB, seconds: 3 },
  '4 KiB': { connections: 64, bytes: 4096, seconds: 3, verify: true },
}

/** Ours with a token on every request, tags and an audit trail; nginx with nothing of it, one worker and sendfile. They alternate. */
export function httpNginxTrial() {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'gib.bin')
    writeRandom(file, GiB)
    const ask = await buildLoad(folder)
    const servers = await startServers(folder, file)
    try {
      for (const server of Object.values(servers)) await warmUp(ask, server)
      const samples = await ratios(ask, servers)
      const beside = {}
      for (const [name, server] of Object.entries(servers)) beside[name] = await besideDownloads(ask, server)
      const stalled = { mapscope: await stalledGrowth(servers.mapscope) }
      return report({ samples, beside, stalled, hasRival: servers.nginx !== undefined })
    } finally {
      for (const { stop } of Object.values(servers)) await stop()
    }
  })
}

async function startServers(folder, file) {
  const ours = await startServer([file], ['--audit', path.join(folder, 'audit.jsonl')])
  const { authorization } = ours.headers
  const name = path.basename(file)
  const mapscope = {
    port: Number(new URL(ours.origin).port),
    pid: ours.pid,
    target: `/raw/${name}`,
    header: `Authorization: ${authorization}`,
    file,
    stop: ours.stop,
  }
  const nginx = await startNginx(folder, folder)
  return nginx === undefined ? { mapscope } : { nginx: { ...nginx, target: `/${name}`, file }, mapscope }
}

/** Compares every byte once, and lets V8 compile. */
async function warmUp(ask, server) {
  await ask(server, { ...LOADS.full, seconds: 1, verify: true })
  await ask(server, { ...LOADS['1 MiB'], verify: true })
  await ask(server, LOADS['4 KiB'])
}

async function ratios(ask, servers) {
  const perServer = () => Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
  const samples = Object.fromEntries(Object.keys(LOADS).map((load) => [load, perServer()]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [load, options] of Object.entries(LOADS)) {
      for (const [name, server] of Object.entries(servers)) {
        const sample = await ask(server, { ...options, seed: round + 1 })
        samples[load][name].push(sample)
      }
    }
  }
  return samples
}

/** Small reads, one at a time, while four clients take the whole file. */
async function besideDownloads(ask, server) {
  const results = {}
  for (const state of ['cold', 'hot']) {
    const probes = []
    for (let round = 0; round < Math.min(ROUNDS, 3); round += 1) {
      if (state === 'cold') {
        await sleep(LET_GO_MS)
        await evict(server.file)
      }
      let isOver = false
      const downloads = ask(server, { connections: 4, bytes: 0, seconds: state === 'cold' ? 1 : 3 }).finally(() => {
        isOver = true
      })
      while (!isOver)
        probes.push(await ask(server, { connections: 1, bytes: 4096, seconds: 0.4, seed: probes.length + 1 }))
      await downloads
    }
    results[state] = {
      p99Ms: quantile(
        probes.map(({ p99Ms }) => p99Ms),
        0.99,
      ),
      maxMs: Math.max(...probes.map(({ maxMs }) => maxMs)),
    }
  }
  return results
}

/** What clients that ask for all of it and read nothing cost, in anonymous memory. */
async function stalledGrowth({ port, pid, target, header }) {
  const before = anonymousMiB(pid)
  const sockets = Array.from({ length: STALLED }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined).pause()
    socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\n${header}\r\n\r\n`)
    return socket
  })
  await sleep(3_000)
  const after = anonymousMiB(pid)
  for (const socket of sockets) socket.destroy()
  await sleep(500)
  return { beforeMiB: before, afterMiB: after, growthMiB: after - before }
}

function report({ samples, beside, stalled, hasRival }) {
  const rows = Object.entries(samples).map(([load, byServer]) => ({ load, ...rowOf(byServer) }))
  const ratioOf = (load, key) => rows.find((row) => row.load === load)?.ratios?.[key]
  const goals = [
    { text: 'full 1 GiB GET at least as fast as nginx', of: () => ratioOf('full', 'gbPerSecond'), atLeast: 1 },
    { text: 'random 1 MiB at least as fast as nginx', of: () => ratioOf('1 MiB', 'gbPerSecond'), atLeast: 1 },
    {
      text: 'random 1 MiB at 1.8 × nginx’s processor time or less',
      of: () => ratioOf('1 MiB', 'cpuSecondsPerGb'),
      lessThan: 1.8,
    },
    {
      text: 'random 4 KiB, 64 connections, at half of nginx’s rate',
      of: () => ratioOf('4 KiB', 'perSecond'),
      atLeast: 0.5,
    },
    { text: 'random 4 KiB: p99 at 2.5 × nginx’s or less', of: () => ratioOf('4 KiB', 'p99Ms'), lessThan: 2.5 },
    {
      text: 'small reads beside four cold downloads: p99 under 30 ms',
      of: () => beside.mapscope.cold.p99Ms,
      lessThan: 30,
    },
    {
      text: 'small reads beside four hot downloads: p99 under 30 ms',
      of: () => beside.mapscope.hot.p99Ms,
      lessThan: 30,
    },
    {
      text: `${STALLED} stalled downloads: under 16 MiB of anonymous memory`,
      of: () => stalled.mapscope.growthMiB,
      lessThan: 16,
    },
  ].map((goal) => judge(goal))
  return {
    unit: 'GB/s, requests a second, ms, processor seconds a GB; ratios: ours to nginx’s of the same round, medians',
    rounds: ROUNDS,
    rival: hasRival ? 'nginx, sendfile, one worker' : 'none: nginx could not be installed',
    results: { rows, beside, stalled },
    goals,
    summary: [
      ...rows.map((row) => `${row.load}: ${JSON.stringify(row.ratios ?? row.mapscope)}`),
      ...goals.map(({ told }) => told),
    ],
  }
}

const KEYS = ['gbPerSecond', 'perSecond', 'p50Ms', 'p99Ms', 'cpuSecondsPerGb']

function rowOf(byServer) {
  const figures = Object.fromEntries(
    Object.entries(byServer).map(([name, list]) => [
      name,
      Object.fromEntries(KEYS.map((key) => [key, spread(list.map((sample) => sample[key]))])),
    ]),
  )
  const { mapscope, nginx } = byServer
  if (nginx === undefined) return figures
  const ratio = (key) =>
    quantile(
      mapscope.map((sample, round) => sample[key] / nginx[round][key]),
      0.5,
    )
  return { ...figures, ratios: Object.fromEntries(KEYS.map((key) => [key, Number(ratio(key).toPrecision(3))])) }
}
