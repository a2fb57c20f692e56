import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { JobDetail, JobInfo, JobRequest } from '@mapscope/protocol'
import { expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ended, getJob, getResults } from './support/jobs.ts'
import { type Answer, type AskOptions, ask } from './support/serving.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

/** A server in a process of its own, asked over HTTP. */
class Server {
  readonly child: Child
  readonly #port: number
  readonly #token: string

  private constructor(child: Child, port: number, token: string) {
    this.child = child
    this.#port = port
    this.#token = token
  }

  static async start(path: string, state: string, ...options: string[]): Promise<Server> {
    const child = Child.run(['serve', path, '--port', '0', '--state', state, ...options])
    const { port, token } = await child.link()
    return new Server(child, port, token)
  }

  ask(path: string, options: AskOptions = {}): Promise<Answer> {
    return ask(this.#port, path, { ...options, headers: { authorization: `Bearer ${this.#token}` } })
  }

  async submit(path: string, request: JobRequest): Promise<JobDetail> {
    const opened = await this.ask('/api/v1/documents', { method: 'POST', body: { path } })
    const { id } = JSON.parse(String(opened.body)) as { id: string }
    const answer = await this.ask(`/api/v1/documents/${id}/jobs`, { method: 'POST', body: request })
    if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`)
    return JSON.parse(String(answer.body)) as JobDetail
  }

  async jobs(): Promise<readonly JobInfo[]> {
    return (JSON.parse(String((await this.ask('/api/v1/jobs')).body)) as { jobs: JobInfo[] }).jobs
  }

  async kill(): Promise<void> {
    this.child.process.kill('SIGKILL')
    await this.child.exited
  }
}

const folder = temporaryFolder()
const file = join(folder, 'data')
const text = Buffer.from('needle and hay, '.repeat(400_000))
writeFileSync(file, text)
const NEEDLES: JobRequest = { kind: 'search', query: { kind: 'text', text: 'needle' } }

test('what has ended is there after kill -9, and what had not is done then', async () => {
  const state = join(folder, 'state')
  const first = await Server.start(file, state)
  const done = await first.submit('data', NEEDLES)
  const before = await ended(first, done.id)
  expect(before).toMatchObject({ state: 'done', rowCount: 400_000 })
  const rows = await getResults(first, done.id, '?start=399990')
  // Killed the moment the order was acknowledged, whatever had become of it by then.
  const digests: JobRequest = { kind: 'hash', chunkByteLength: 1_000_000 }
  const interrupted = await Promise.all([first.submit('data', digests), first.submit('data', { kind: 'histogram' })])
  await first.kill()

  const second = await Server.start(file, state)
  expect((await second.jobs()).map(({ id }) => id)).toEqual([done.id, ...interrupted.map(({ id }) => id)])
  const { documentId: _, ...same } = before
  expect(await getJob(second, done.id)).toMatchObject(same)
  expect(await getResults(second, done.id, '?start=399990')).toEqual(rows)
  const [hashed, counted] = await Promise.all(interrupted.map(({ id }) => ended(second, id)))
  expect(hashed).toMatchObject({ state: 'done', rowCount: 7 })
  expect(counted).toMatchObject({ state: 'done', summary: { kind: 'histogram', byteLength: text.length } })
  expect(statSync(state).mode & 0o777).toBe(0o700)
  expect(statSync(join(state, 'jobs.jsonl')).mode & 0o777).toBe(0o600)
  expect(statSync(join(state, 'results', done.id, '0.rows')).mode & 0o777).toBe(0o600)
})

test('a journal cut anywhere is taken up: what its whole lines say counts, and the work is done again to the same end', async () => {
  const made = join(folder, 'cut')
  const first = await Server.start(file, made)
  const { id } = await first.submit('data', NEEDLES)
  await ended(first, id)
  const rows = await getResults(first, id, '?start=200000&limit=50')
  await first.kill()
  const journal = readFileSync(join(made, 'jobs.jsonl'))
  const ends = [...journal.entries()].filter(([, byte]) => byte === 0x0a).map(([at]) => at + 1)
  // Behind each line, and in the middle of each: header, order, start, plan, shard, end.
  expect(ends.length).toBe(6)
  const cuts = ends.flatMap((end, index) => [Math.floor(((ends[index - 1] ?? 0) + end) / 2), end])
  for (const [index, cut] of cuts.entries()) {
    const state = join(folder, `cut${index}`)
    mkdirSync(join(state, 'results', id), { recursive: true })
    writeFileSync(join(state, 'jobs.jsonl'), journal.subarray(0, cut))
    // The rows may have got further than the journal, or be torn.
    const left = readFileSync(join(made, 'results', id, '0.rows'))
    const isWritten = cut >= (ends[4] as number)
    writeFileSync(join(state, 'results', id, '0.rows'), isWritten ? left : left.subarray(0, 1_000 + index))
    const again = await Server.start(file, state)
    if (cut < (ends[1] as number)) expect(await again.jobs()).toEqual([])
    else {
      expect(await ended(again, id)).toMatchObject({ state: 'done', rowCount: 400_000 })
      expect(await getResults(again, id, '?start=200000&limit=50')).toEqual(rows)
    }
    await again.kill()
  }
}, 120_000)

test('killed between the shards of a backward search past 4 GiB: it goes on before those that are done, which are left as they are', async () => {
  const TIB = 1024 ** 4
  const state = join(folder, 'backward')
  const sparse = join(folder, 'sparse')
  writeFileSync(sparse, '')
  truncateSync(sparse, 3 * TIB)
  const places = [0.5 * TIB, 1.5 * TIB + 3, 2 * TIB - 4, 2 * TIB + 1, 2.5 * TIB, 3 * TIB - 4]
  const fd = openSync(sparse, 'r+')
  for (const place of places) writeSync(fd, 'mark', place)
  // What the expression would try for ever is met last.
  writeSync(fd, 'a'.repeat(60), 1_000)
  closeSync(fd)
  const query = { kind: 'regexp', text: 'mark|(?:a+a+)+!' } as const
  const first = await Server.start(sparse, state)
  const { id } = await first.submit('sparse', { kind: 'search', query, direction: 'backward' })
  const before = await eventually(async () => {
    const job = await getJob(first, id)
    expect(job).toMatchObject({ state: 'running', shards: { done: 2, count: 3 } })
    return job
  }, 30_000)
  // The cuts lie somewhat behind a multiple of a TiB: as far as a match of this expression may reach.
  expect(before.scanned).toBeGreaterThan(2 * TIB - 2 * 1024 ** 2)
  const rowFiles = [0, 1].map((shard) => join(state, 'results', id, `${shard}.rows`))
  const writtenNs = rowFiles.map((path) => (existsSync(path) ? statSync(path, { bigint: true }).mtimeNs : undefined))
  const { rows } = await getResults(first, id)
  expect(rows.map(({ offset }) => offset)).toEqual(places.slice(1).reverse())
  await first.kill()

  const second = await Server.start(sparse, state)
  await eventually(async () =>
    expect(await getJob(second, id)).toMatchObject({ state: 'running', shards: { done: 2 } }),
  )
  expect(await getResults(second, id, `?offset=${2 * TIB}`)).toMatchObject({ start: 3, rows: rows.slice(3) })
  expect((await second.ask(`/api/v1/jobs/${id}`, { method: 'DELETE' })).status).toBe(200)
  expect((await getJob(second, id)).state).toBe('cancelled')
  expect((await getResults(second, id)).rows.slice(0, rows.length)).toEqual(rows)
  const now = rowFiles.map((path) => (existsSync(path) ? statSync(path, { bigint: true }).mtimeNs : undefined))
  expect(now).toEqual(writtenNs)
  await second.kill()
}, 60_000)

test('a file that changed meanwhile: the job fails and says why; what had ended stays', async () => {
  const state = join(folder, 'changed')
  const changing = join(folder, 'changing')
  writeFileSync(changing, text)
  const first = await Server.start(changing, state)
  const done = await first.submit('changing', { kind: 'count', query: { kind: 'text', text: 'hay' } })
  await ended(first, done.id)
  const queued = await first.submit('changing', { kind: 'hash' })
  await first.kill()
  // As though it had been killed before the job began.
  const journal = readFileSync(join(state, 'jobs.jsonl'), 'utf8')
  const kept = journal.split('\n').filter((line) => !(line.includes(queued.id) && !line.includes('"order"')))
  writeFileSync(join(state, 'jobs.jsonl'), kept.join('\n'))
  appendFileSync(changing, 'more')

  const second = await Server.start(changing, state)
  expect(await ended(second, queued.id)).toMatchObject({
    state: 'failed',
    problem: { code: 'ERR_REVISION', status: 409 },
  })
  expect(await getJob(second, done.id)).toMatchObject({ state: 'done', summary: { kind: 'count', count: 400_000 } })
})

test('killed in the middle of edits and saves: what was answered is in the file, nothing else is left, and the save says what there is', async () => {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const place = join(folder, 'edits')
  mkdirSync(place)
  const path = join(place, 'edited')
  const start = 5 * 1024 ** 3
  for (let round = 0; round < 2; round++) {
    const told = `seed ${seed}, round ${round}`
    const state = join(folder, `saving${round}`)
    writeFileSync(path, '')
    truncateSync(path, 6 * 1024 ** 3)
    const server = await Server.start(path, state, '--writable')
    const opened = await server.ask('/api/v1/documents', { method: 'POST', body: { path: 'edited' } })
    const { id } = JSON.parse(String(opened.body)) as { id: string }
    const acknowledged: number[] = []
    // One after the other, so that the revision is known; the last one is under way when the server dies.
    const editing = (async () => {
      for (let index = 0; index < 1_000; index++) {
        const bytes = Buffer.alloc(1_000, index + 1).toString('base64')
        const body = { offset: start + index * 1_000, bytes }
        const answer = await server.ask(`/api/v1/documents/${id}/edits`, { method: 'POST', body })
        if (answer.status === 200) acknowledged.push(index)
      }
    })().catch(() => undefined)
    await eventually(() => expect(acknowledged.length).toBeGreaterThan(5 + random(20)))
    const saved = await server.submit('edited', { kind: 'save' })
    const before = acknowledged.length
    await server.kill()
    await editing

    expect(readdirSync(place), told).toEqual(['edited'])
    expect(statSync(path).size, told).toBe(6 * 1024 ** 3)
    const fd = openSync(path, 'r')
    const block = Buffer.alloc(1_000)
    for (const index of acknowledged) {
      readSync(fd, block, 0, 1_000, start + index * 1_000)
      expect(block.equals(Buffer.alloc(1_000, index + 1)), `${told}: edit ${index}`).toBe(true)
    }
    // At most the one that was under way is there beyond these.
    readSync(fd, block, 0, 1_000, start + (acknowledged.length + 1) * 1_000)
    expect(block.equals(Buffer.alloc(1_000)), told).toBe(true)
    closeSync(fd)
    expect(acknowledged.length, told).toBeGreaterThanOrEqual(before)

    const again = await Server.start(path, state)
    const { summary } = await ended(again, saved.id)
    expect(summary, told).toMatchObject({
      kind: 'saved',
      path: 'edited',
      documentByteLength: 6 * 1024 ** 3,
      disk: 'current',
    })
    await again.kill()
  }
}, 60_000)

test('a state directory that cannot be had is told before anything is served', async () => {
  const cases: [string, string][] = []
  cases.push([file, 'ENOTDIR|EEXIST'])
  const held = join(folder, 'held')
  const holder = await Server.start(file, held)
  cases.push([held, 'another server'])
  const damaged = join(folder, 'damaged')
  mkdirSync(damaged)
  writeFileSync(join(damaged, 'jobs.jsonl'), '{"mapscopeJobs":1}\n{"t":\n{"t":"start","id":"x","ms":1}\n')
  cases.push([damaged, 'line 2 of the journal is damaged'])
  const newer = join(folder, 'newer')
  mkdirSync(newer)
  writeFileSync(join(newer, 'jobs.jsonl'), '{"mapscopeJobs":2}\n')
  cases.push([newer, 'version 2'])
  for (const [state, words] of cases) {
    const child = Child.run(['serve', file, '--port', '0', '--state', state])
    expect(await child.exited, state).toBe(2)
    expect(child.errors).toMatch(new RegExp(`ERR_STATE: .*(?:${words})`))
  }
  expect(await holder.jobs()).toEqual([])
  await holder.kill()
  // Of one that was killed, the lock is nobody's.
  await (await Server.start(file, held)).kill()
})

if (existsSync('/usr/bin/prlimit')) {
  test('a full disk: no order is acknowledged that would be lost, rows that do not fit fail their job, and the server goes on', async () => {
    const state = join(folder, 'full')
    const server = await Server.start(file, state)
    const limit = (bytes: number | 'unlimited'): void => {
      execFileSync('prlimit', ['--pid', `${server.child.process.pid}`, `--fsize=${bytes}:unlimited`])
    }
    const journal = join(state, 'jobs.jsonl')
    limit(statSync(journal).size + 10)
    await expect(server.submit('data', NEEDLES)).rejects.toThrow(/503 .*EFBIG/)
    expect(await server.jobs()).toEqual([])
    // Room for the journal, and not for 6.4 MB of rows.
    limit(100_000)
    const failed = await ended(server, (await server.submit('data', NEEDLES)).id)
    expect(failed).toMatchObject({ state: 'failed', problem: { code: 'ERR_OS', status: 503, errno: 'EFBIG' } })
    limit('unlimited')
    expect((await ended(server, (await server.submit('data', NEEDLES)).id)).state).toBe('done')
    await server.kill()
    // Nothing half-written is left: the journal is whole.
    const again = await Server.start(file, state)
    expect((await again.jobs()).map((job) => job.state)).toEqual(['failed', 'done'])
    await again.kill()
  })
}
