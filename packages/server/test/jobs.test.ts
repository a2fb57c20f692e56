import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobDensity, JobDetail, JobInfo, JobRequest, JobRow } from '@mapscope/protocol'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { FairQueue } from '../src/jobs/fair_queue.ts'
import { eventually } from './support/eventually.ts'
import { ended, finish, getJob, getResults, submit } from './support/jobs.ts'
import { problemOf, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const GIB = 1024 ** 3
const folder = temporaryFolder()
const root = folder.split('/').at(-1)
const EVERYTHING: JobRequest = { kind: 'search', query: { kind: 'hex', text: '00' }, isOverlapping: true }

beforeAll(() => {
  makeSparse(join(folder, 'sparse'))
  writeFileSync(join(folder, 'small'), 'abcabcabc')
  writeFileSync(join(folder, 'hole'), '')
  truncateSync(join(folder, 'hole'), 8 * GIB)
})

async function start(options: Partial<Parameters<typeof Serving.start>[0]> = {}): Promise<Serving> {
  const serving = await Serving.start({ roots: [folder], ...options })
  // A process has room for eight mappings of 15 TiB.
  onTestFinished(() => serving.app.close())
  return serving
}

const idOf = async (serving: Serving, name: string): Promise<string> => (await serving.open(`${root}/${name}`)).id

test('15 TiB of nothing but four marks: found, with the offsets they have, in shards', async () => {
  const serving = await start()
  const id = await idOf(serving, 'sparse')
  const { job, rows } = await finish(serving, id, { kind: 'search', query: { kind: 'text', text: 'mark at' } })
  const marks = MARKS.filter(({ text }) => text.startsWith('mark'))
  expect(rows).toEqual(marks.map(({ offset }) => ({ offset, byteLength: 7 })))
  expect(job).toMatchObject({ scanned: SPARSE_BYTE_LENGTH, total: SPARSE_BYTE_LENGTH, shards: { done: 15, count: 15 } })
  const last = await finish(serving, id, { kind: 'search', query: { kind: 'text', text: 'the last' } })
  expect(last.rows).toEqual([{ offset: SPARSE_BYTE_LENGTH - 16, byteLength: 8 }])
  const { body } = await serving.ask(`/api/v1/jobs/${job.id}/density?start=0&end=${SPARSE_BYTE_LENGTH}&buckets=15`)
  expect((JSON.parse(String(body)) as JobDensity).counts).toEqual([2, 0, 0, 0, 1, ...Array<number>(10).fill(0)])
  const runs = await finish(serving, id, { kind: 'count', query: { kind: 'hex', text: '00' } })
  const stored = MARKS.reduce((sum, { text }) => sum + text.length, 0)
  expect(runs.job.summary).toEqual({ kind: 'count', count: SPARSE_BYTE_LENGTH - stored })
})

test('rows by index, and by offsets past 4 GiB, both ways', async () => {
  const serving = await start()
  const id = await idOf(serving, 'hole')
  const step = 64 * 1024
  const request: JobRequest = { ...EVERYTHING, query: { kind: 'hex', text: '00' }, alignment: step }
  const job = await ended(serving, (await submit(serving, id, request)).id)
  expect(job).toMatchObject({ state: 'done', rowCount: (8 * GIB) / step })
  for (const offset of [0, 1, 4 * GIB - 1, 4 * GIB, 4 * GIB + 1, 6 * GIB + 12_345, 8 * GIB - step]) {
    const page = await getResults(serving, job.id, `?offset=${offset}&limit=2`)
    const index = Math.ceil(offset / step)
    expect(page.start).toBe(index)
    expect(page.rows[0]).toEqual({ offset: index * step, byteLength: 1 })
    expect((await getResults(serving, job.id, `?start=${index}&limit=1`)).rows).toEqual([page.rows[0]])
  }
  expect(await getResults(serving, job.id, `?offset=${8 * GIB}`)).toMatchObject({ start: job.rowCount, rows: [] })
  const back = await ended(serving, (await submit(serving, id, { ...request, direction: 'backward' } as JobRequest)).id)
  const page = await getResults(serving, back.id, `?offset=${5 * GIB}&limit=2`)
  expect(page.rows.map(({ offset }: JobRow) => offset)).toEqual([5 * GIB - step, 5 * GIB - 2 * step])
  expect(problemOf(await serving.ask(`/api/v1/jobs/${job.id}/results?start=1&offset=1`)).code).toBe('ERR_REQUEST')
})

describe('bounds', () => {
  test('rows that do not fit end the job with those that do', async () => {
    const serving = await start({ jobLimits: { maxResultByteLength: 16_000 } })
    const { job, rows } = await finish(serving, await idOf(serving, 'hole'), EVERYTHING)
    expect(job).toMatchObject({ state: 'done', cutBy: 'space', rowCount: 1_000 })
    expect(rows.at(-1)).toEqual({ offset: 999, byteLength: 1 })
    const limited = await finish(serving, await idOf(serving, 'hole'), { ...EVERYTHING, limit: 7 } as JobRequest)
    expect(limited.job).toMatchObject({ cutBy: 'limit', rowCount: 7 })
  })

  test('jobs under way are bounded, and there is room again when they end', async () => {
    const serving = await start({ jobLimits: { maxJobsPerPrincipal: 3 } })
    const id = await idOf(serving, 'sparse')
    const jobs = await Promise.all([1, 2, 3].map(() => submit(serving, id, EVERYTHING)))
    const refused = await serving.ask(`/api/v1/documents/${id}/jobs`, { method: 'POST', body: EVERYTHING })
    expect([refused.status, problemOf(refused).code]).toEqual([429, 'ERR_TOO_MANY'])
    for (const job of jobs) expect((await serving.ask(`/api/v1/jobs/${job.id}`, { method: 'DELETE' })).status).toBe(200)
    await submit(serving, id, { kind: 'identify' })
  })

  test('what has ended is removed in time, and its rows with it; a temporary folder goes with the server', async () => {
    const before = new Set(readdirSync(tmpdir()))
    const serving = await start()
    const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('mapscope-jobs-') && !before.has(name))
    const { job } = await finish(serving, await idOf(serving, 'small'), { kind: 'strings' })
    expect((await serving.ask(`/api/v1/jobs/${job.id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await serving.ask(`/api/v1/jobs/${job.id}`)).status).toBe(404)
    await serving.app.close()
    const left = new Set(readdirSync(tmpdir()))
    expect(folders.length).toBeGreaterThan(0)
    // Of other tests' servers, which run beside this one, some may be among them.
    expect(folders.some((name) => !left.has(name))).toBe(true)
  })
})

test('cancel: the job is cancelled by the answer, and its place is free for the next', async () => {
  const serving = await start({ jobLimits: { maxRunning: 1, maxRunningPerClient: 1 } })
  const id = await idOf(serving, 'sparse')
  const { id: jobId } = await submit(serving, id, EVERYTHING)
  await eventually(async () => expect((await getJob(serving, jobId)).rowCount).toBeGreaterThan(0))
  const { body } = await serving.ask(`/api/v1/jobs/${jobId}`, { method: 'DELETE' })
  expect((JSON.parse(String(body)) as JobInfo).state).toBe('cancelled')
  expect((await finish(serving, id, { kind: 'identify' })).job.state).toBe('done')
  expect((await getJob(serving, jobId)).state).toBe('cancelled')
})

test('a client with one job does not wait for another with many', async () => {
  const serving = await start({ jobLimits: { maxRunning: 1, maxRunningPerClient: 1 } })
  const id = await idOf(serving, 'sparse')
  const blocker = await submit(serving, id, EVERYTHING)
  const ask = (clientId: string): Promise<JobDetail> => submit(serving, id, { kind: 'histogram', clientId })
  const many = await Promise.all([...Array(20)].map(() => ask('many')))
  const one = await ask('one')
  await serving.ask(`/api/v1/jobs/${blocker.id}`, { method: 'DELETE' })
  const { endedMs = 0 } = await ended(serving, one.id)
  const others = await Promise.all(many.map((job) => ended(serving, job.id)))
  // Each of the fifteen shards of the one waited for one of the others', and not for twenty jobs.
  expect(others.filter((job) => (job.endedMs ?? 0) < endedMs)).toEqual([])
})

test('turns: seeded clients of principals, each served as often as any other that waits', () => {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const queue = new FairQueue<{ principal: string; clientId: string; index: number }>()
  const waiting = new Map<string, number>()
  for (let index = 0; index < 3_000; index++) {
    const principal = `p${random(3)}`
    queue.push({ principal, clientId: `c${random(principal === 'p0' ? 50 : 2)}`, index })
    waiting.set(principal, (waiting.get(principal) ?? 0) + 1)
  }
  const served = new Map<string, number>()
  const least = Math.min(...waiting.values())
  for (let turn = 0; turn < 3 * least; turn++) {
    const item = queue.take(() => true)
    served.set(item?.principal ?? '', (served.get(item?.principal ?? '') ?? 0) + 1)
  }
  expect([...served.values()], `seed ${seed}`).toEqual([least, least, least])
})

test('a catastrophic expression is given up, and says so', async () => {
  writeFileSync(join(folder, 'bad'), `${'a'.repeat(5_000)}b`)
  const serving = await start({ jobLimits: { patienceMs: 1_000 } })
  const request: JobRequest = { kind: 'search', query: { kind: 'regexp', text: '(?:a+)+c' } }
  const job = await ended(serving, (await submit(serving, await idOf(serving, 'bad'), request)).id)
  expect(job).toMatchObject({ state: 'failed', problem: { code: 'ERR_TIMEOUT', status: 422 } })
})

test('a file that changes under a job fails it; a live one goes on and says so', async () => {
  const path = join(folder, 'moving')
  writeFileSync(path, 'x'.repeat(100_000))
  const serving = await start({ jobLimits: { maxRunning: 1, maxRunningPerClient: 1 } })
  const blocker = await submit(serving, await idOf(serving, 'sparse'), EVERYTHING)
  const id = await idOf(serving, 'moving')
  const strict = await submit(serving, id, { kind: 'hash' })
  const live = await submit(serving, id, { kind: 'hash', isLive: true })
  writeFileSync(path, 'y'.repeat(100_000))
  await serving.ask(`/api/v1/jobs/${blocker.id}`, { method: 'DELETE' })
  expect(await ended(serving, strict.id)).toMatchObject({ state: 'failed', problem: { code: 'ERR_REVISION' } })
  expect(await ended(serving, live.id)).toMatchObject({ state: 'done', hasChanged: true })
})

test('names of the design: searches and analysis are jobs, listed with their document', async () => {
  const serving = await start()
  const id = await idOf(serving, 'small')
  const post = (name: string, body: object) => serving.ask(`/api/v1/documents/${id}/${name}`, { method: 'POST', body })
  const searched = await post('searches', { query: { kind: 'text', text: 'abc' } })
  const analysed = await post('analysis', { kind: 'entropy' })
  expect([searched.status, analysed.status]).toEqual([202, 202])
  const { id: jobId } = JSON.parse(String(searched.body)) as JobDetail
  expect(searched.headers['location']).toBe(`/api/v1/jobs/${jobId}`)
  await ended(serving, jobId)
  expect((await getResults(serving, jobId)).rows.map(({ offset }) => offset)).toEqual([0, 3, 6])
  const { body } = await serving.ask(`/api/v1/documents/${id}/jobs`)
  expect((JSON.parse(String(body)) as { jobs: JobInfo[] }).jobs.map(({ kind }) => kind)).toEqual(['search', 'entropy'])
  expect(problemOf(await post('analysis', { kind: 'search', query: { kind: 'text', text: 'a' } })).code).toBe(
    'ERR_REQUEST',
  )
})

test('a socket is told of jobs, also of those that another connection asked for', async () => {
  const serving = await start()
  const id = await idOf(serving, 'small')
  const gone = await SocketClient.connect(serving.port)
  const before = await submit(serving, id, { kind: 'identify' })
  await gone.close()
  const client = await SocketClient.connect(serving.port)
  const { jobs } = await client.next('jobs', client.send({ type: 'watchJobs' }))
  expect(jobs.map((job) => job.id)).toEqual([before.id])
  const { id: jobId } = await submit(serving, id, { kind: 'histogram' })
  const states: string[] = []
  while (states.at(-1) !== 'done') {
    const { job } = await client.next('job')
    if (job.id === jobId && job.state !== states.at(-1)) states.push(job.state)
  }
  expect(states).toEqual(['queued', 'running', 'done'])
  await client.close()
})

test('an edit, a save: the state that the save names is the one that an export is of', async () => {
  writeFileSync(join(folder, 'edited'), 'abcdef')
  const serving = await start({ isWritable: true })
  const id = await idOf(serving, 'edited')
  await serving.edit(id, { offset: 1, bytes: Buffer.from('XY') })
  const { job } = await finish(serving, id, { kind: 'save' })
  expect(job.summary).toEqual({
    kind: 'saved',
    path: `${root}/edited`,
    documentByteLength: 6,
    storedByteLength: 2,
    disk: 'current',
    revision: 2,
    generation: expect.any(String),
  })
  const exported = await finish(serving, id, { kind: 'export' })
  const saved = job.summary?.kind === 'saved' ? job.summary.generation : ''
  expect(exported.job.summary).toMatchObject({ generation: saved, revision: 2 })
})

test('whatever is asked for is answered with a job or a coded problem, and the server lives', async () => {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  const serving = await start({ jobLimits: { patienceMs: 2_000, maxResultByteLength: 100_000 } })
  const id = await idOf(serving, 'small')
  const values: unknown[] = [
    0,
    -1,
    1,
    2 ** 53,
    1.5,
    'a',
    '',
    '(',
    '4D [2-8] ??',
    null,
    true,
    [],
    {},
    'x'.repeat(70_000),
    NaN,
    { start: 5, end: 1 },
    { start: 0, end: 9 },
    { start: 0, end: 10 },
    { kind: 'hex', text: '61' },
    { kind: 'regexp', text: '(?<=a)b*' },
    { kind: 'number', text: '1..', type: 'u8' },
    { kind: 'needles', text: '61\n#' },
    ['md5'],
    ['md5', 'md5'],
  ]
  const names = [
    'kind',
    'query',
    'range',
    'limit',
    'alignment',
    'isOverlapping',
    'direction',
    'encoding',
    'minLength',
    'blockByteLength',
    'algorithms',
    'chunkByteLength',
    'otherDocumentId',
    'isAligned',
    'clientId',
    'isLive',
    '__proto__',
    'constructor',
  ]
  const kinds = [
    'search',
    'count',
    'strings',
    'entropy',
    'histogram',
    'hash',
    'diff',
    'identify',
    'sweep',
    'export',
    'save',
    'nothing',
  ]
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T
  let accepted = 0
  for (let index = 0; index < 600; index++) {
    const kind = pick(kinds)
    const body: Record<string, unknown> = { kind, ...(random(3) === 0 ? {} : { query: pick(values) }) }
    for (let more = random(3); more > 0; more--) body[pick(names)] = pick(values)
    if (kind === 'diff' && random(2) === 0) body['otherDocumentId'] = id
    if (kind !== 'search' && kind !== 'count' && random(4) !== 0) delete body['query']
    const answer = await serving.ask(`/api/v1/documents/${id}/jobs`, { method: 'POST', body })
    const where = `seed ${seed}: ${JSON.stringify(body).slice(0, 300)}`
    if (answer.status !== 202) {
      expect(['ERR_REQUEST', 'ERR_RANGE', 'ERR_NOT_FOUND', 'ERR_TOO_LARGE', 'ERR_TOO_MANY'], where).toContain(
        problemOf(answer).code,
      )
      continue
    }
    accepted++
    const job = await ended(serving, (JSON.parse(String(answer.body)) as JobDetail).id)
    if (job.state === 'failed') expect(job.problem?.code, where).not.toBe('ERR_INTERNAL')
    const rows = await serving.ask(`/api/v1/jobs/${job.id}/results?start=${random(3)}&limit=${1 + random(9)}`)
    expect([200, 404], where).toContain(rows.status)
  }
  expect(accepted, `seed ${seed}`).toBeGreaterThan(30)
  for (const query of ['limit=0', 'limit=10001', 'start=-1', 'start=1.5', 'offset=x', 'buckets=0'])
    expect(
      (await serving.ask(`/api/v1/jobs/aaaaaaaaaa/${query.startsWith('b') ? 'density' : 'results'}?${query}`)).status,
    ).toBe(400)
  expect((await serving.ask('/api/v1/health')).status).toBe(200)
})
