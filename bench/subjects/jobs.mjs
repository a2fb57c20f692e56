// Jobs of a server in this process, asked over HTTP; or the same search by core alone. `node jobs.mjs OPERATION FILE PARAMETERS` prints a line of JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openFile, search } from '../../packages/core/dist/index.js'
import { buildApp } from '../../packages/server/dist/index.js'

const [, , operation, file, text] = process.argv
const parameters = JSON.parse(text)

/** A search, every hit of it looked at. */
async function direct({ request }) {
  const source = openFile(file)
  const started = performance.now()
  let rowCount = 0
  for await (const batch of search(source, request.query)) rowCount += batch.length
  const ms = performance.now() - started
  await source.close()
  return { ms, rowCount }
}

/** The same as a job: queued, journalled, its rows on the disk and synced. */
async function job({ request }) {
  return await withServer({}, async (server) => {
    // What a process does once, loading and compiling, is not a job's.
    await server.ended((await server.submit({ kind: 'identify' })).id)
    const { id } = await server.submit(request)
    const { startedMs, endedMs, rowCount } = await server.ended(id, 200)
    return { ms: endedMs - startedMs, rowCount }
  })
}

/** What the server's event loop notices while jobs run, and nothing is asked of it. */
async function beside({ requests }) {
  return await withServer({}, async (server) => {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    await sleep(200)
    delay.enable()
    await sleep(20)
    const jobs = await Promise.all(requests.map((request) => server.submit(request)))
    const done = await Promise.all(jobs.map(({ id }) => server.ended(id, 500)))
    await sleep(20)
    delay.disable()
    return {
      ms: Math.max(...done.map(({ endedMs }) => endedMs)) - Math.min(...done.map(({ startedMs }) => startedMs)),
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
      rowCount: done.reduce((sum, { rowCount }) => sum + rowCount, 0),
    }
  })
}

/** From the request to cancel until the next job has the only place there is: the work has ended by then. */
async function cancel({ request, times }) {
  const jobLimits = { maxRunning: 1, maxRunningPerClient: 1 }
  return await withServer({ jobLimits }, async (server) => {
    const samples = []
    for (let index = 0; samples.length < times; index += 1) {
      if (index === 4 * times)
        throw new Error(`only ${samples.length} jobs could be cancelled: the others were over before`)
      const { id } = await server.submit(request)
      while ((await server.get(id)).state === 'queued') await sleep(1)
      await sleep(5 + ((index * 37) % 60))
      // A literal is through the file in 70 ms.
      if ((await server.get(id)).state !== 'running') continue
      const next = await server.submit({ kind: 'identify' })
      const asked = performance.timeOrigin + performance.now()
      await server.ask(`jobs/${id}`, { method: 'DELETE' })
      const { startedMs } = await server.ended(next.id)
      // The server's clock counts whole milliseconds: half of one is the mean of what it leaves out.
      samples.push(Math.max(0, startedMs + 0.5 - asked))
    }
    return { samples }
  })
}

async function withServer(options, use) {
  const stateDirectory = mkdtempSync(path.join(os.tmpdir(), 'mapscope-bench-jobs-'))
  const app = await buildApp({ roots: [file], token: 'bench', stateDirectory, ...options })
  try {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const base = `http://127.0.0.1:${app.server.address().port}/api/v1`
    const ask = async (name, { method = 'GET', body } = {}) => {
      const headers = { authorization: 'Bearer bench', ...(body && { 'content-type': 'application/json' }) }
      const answer = await fetch(`${base}/${name}`, { method, headers, body: body && JSON.stringify(body) })
      if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
      return answer.status === 204 ? undefined : await answer.json()
    }
    const document = await ask('documents', { method: 'POST', body: { path: path.basename(file) } })
    const get = (id) => ask(`jobs/${id}`)
    return await use({
      ask,
      get,
      submit: (request) => ask(`documents/${document.id}/jobs`, { method: 'POST', body: request }),
      ended: async (id, everyMs = 10) => {
        for (;;) {
          const found = await get(id)
          if (found.state === 'done') return found
          if (found.state === 'failed') throw new Error(JSON.stringify(found.problem))
          await sleep(everyMs)
        }
      },
    })
  } finally {
    await app.close()
    rmSync(stateDirectory, { recursive: true, force: true })
  }
}

const OPERATIONS = { direct, job, beside, cancel }
process.stdout.write(`${JSON.stringify(await OPERATIONS[operation](parameters))}\n`)
// Threads of expressions may be at work yet; nothing is left to be waited for.
process.exit(0)
