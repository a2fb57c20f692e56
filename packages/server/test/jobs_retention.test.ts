import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MappedSource } from '@mapscope/core'
import type { JobInfo, JobRequest } from '@mapscope/protocol'
import { type FastifyBaseLogger, fastify } from 'fastify'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DocumentStore } from '../src/documents/store.ts'
import { ServerEvents } from '../src/events/server_events.ts'
import { Credentials, createToken } from '../src/guard/credentials.ts'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import type { JobRecord } from '../src/jobs/backend.ts'
import { Jobs } from '../src/jobs/jobs.ts'
import type { JobLimits } from '../src/jobs/limits.ts'
import { outdated, resultByteLength } from '../src/jobs/retention.ts'
import { closeRoots, openRoots } from '../src/roots/root.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { eventually } from './support/eventually.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const GIB = 1024 ** 3
const DAY_MS = 24 * 60 * 60_000
const log: FastifyBaseLogger = fastify().log
const folder = temporaryFolder()
const ROW_BYTE_LENGTH = 16

writeFileSync(join(folder, 'hole'), '')
truncateSync(join(folder, 'hole'), 8 * GIB)
writeFileSync(join(folder, 'dense'), Buffer.alloc(300 * 1024 ** 2, 'abcdefgh'))

interface Given {
  readonly stateDirectory?: string
  readonly jobLimits?: Partial<JobLimits>
  readonly nowMs?: () => number
}

/** The jobs of a server without the server, so that the time can be said. */
class World {
  readonly jobs: Jobs
  readonly #documents: DocumentStore

  private constructor(jobs: Jobs, documents: DocumentStore) {
    this.jobs = jobs
    this.#documents = documents
  }

  static async open(given: Given = {}): Promise<World> {
    const roots = await openRoots([folder])
    const documents = new DocumentStore({ roots, isWritable: false })
    const credentials = new Credentials(createToken())
    const jobs = new Jobs({ ...given, documents, events: new ServerEvents(), credentials, log })
    jobs.start()
    const world = new World(jobs, documents)
    let isClosed = false
    world.close = async () => {
      if (isClosed) return
      isClosed = true
      await jobs.close()
      await documents.close()
      closeRoots(roots)
    }
    onTestFinished(world.close)
    return world
  }

  close: () => Promise<void> = async () => undefined

  async submit(name: string, request: JobRequest): Promise<string> {
    const { document } = this.#documents.open(parseWirePath(`${folder.split('/').at(-1)}/${name}`))
    return (await this.jobs.submit({ documentId: document.id, request, principal: LINK_PRINCIPAL })).id
  }

  async finish(name: string, request: JobRequest): Promise<JobInfo> {
    const id = await this.submit(name, request)
    return await eventually(() => {
      const job = this.jobs.detail(id, LINK_PRINCIPAL)
      expect(job.state).toBe('done')
      return job
    })
  }

  ids(): string[] {
    return this.jobs.list(LINK_PRINCIPAL).map(({ id }) => id)
  }
}

/** Hits without end: as many rows as there is room for. */
const EVERYTHING: JobRequest = { kind: 'search', query: { kind: 'hex', text: '00' }, isOverlapping: true }

function diskByteLength(results: string): number {
  return readdirSync(results, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

test('a job that has ended is there for its time, over restarts, and is gone with its rows behind it', async () => {
  const stateDirectory = join(folder, 'state')
  let nowMs = 1_700_000_000_000
  const given = { stateDirectory, jobLimits: { keepMs: 7 * DAY_MS }, nowMs: () => nowMs }
  const first = await World.open(given)
  const request: JobRequest = { ...EVERYTHING, limit: 100 }
  const old = await first.finish('hole', request)
  expect(old.endedMs).toBe(nowMs)
  nowMs += 6 * DAY_MS
  const young = await first.finish('hole', request)
  await first.close()

  nowMs += DAY_MS
  const second = await World.open(given)
  expect(second.ids()).toEqual([old.id, young.id])
  expect(second.jobs.results(old.id, LINK_PRINCIPAL, {}).rows).toHaveLength(100)
  nowMs += 1
  // Whoever asks for more makes what is past go.
  const fresh = await second.finish('hole', request)
  expect(second.ids()).toEqual([young.id, fresh.id])
  await eventually(() =>
    expect(readdirSync(join(stateDirectory, 'results')).sort()).toEqual([young.id, fresh.id].sort()),
  )
  await second.close()

  nowMs += 30 * DAY_MS
  const third = await World.open(given)
  expect(third.ids()).toEqual([])
  await eventually(() => expect(readdirSync(join(stateDirectory, 'results'))).toEqual([]))
})

test('rows on the disk stay below their bound, whatever is asked for: the oldest make room', async () => {
  const stateDirectory = join(folder, 'bounded')
  const own = 1_000 * ROW_BYTE_LENGTH
  const jobLimits = { maxResultByteLength: own, maxTotalByteLength: 3 * own, maxRunning: 1, maxRunningPerClient: 1 }
  const world = await World.open({ stateDirectory, jobLimits })
  const results = join(stateDirectory, 'results')
  const done: string[] = []
  for (let round = 0; round < 8; round++) {
    const job = await world.finish('hole', EVERYTHING)
    expect(job).toMatchObject({ cutBy: 'space', rowCount: 1_000 })
    done.push(job.id)
    await eventually(() => expect(diskByteLength(results)).toBeLessThanOrEqual(3 * own))
    expect(world.ids()).toEqual(done.slice(-3))
  }
  // Of a job that was cancelled midway, the rows of the shard that is not done are gone, too.
  const id = await world.submit('hole', { ...EVERYTHING, limit: 500 })
  await world.jobs.cancelOrRemove(id, LINK_PRINCIPAL)
  await eventually(() => expect(diskByteLength(results)).toBe(2 * own))
})

test('jobs without rows are kept in bounded number and length, each principal for itself, the latest', () => {
  const ample = { nowMs: 100, keepMs: 1_000, maxTotalByteLength: GIB, maxResultByteLength: 0 }
  const job = (principal: string, endedMs: number, text = 'AB'): JobRecord => {
    const record = recordOf(endedMs, () => 1)
    const request: JobRequest = { kind: 'count', query: { kind: 'hex', text } }
    return { ...record, endedMs, order: { ...record.order, principal, request }, rowCounts: [] }
  }
  const jobs = [1, 2, 3, 4, 5].map((endedMs) => job('vera', endedMs)).concat(job('edda', 1))
  const few = { ...ample, maxKeptPerPrincipal: 3, maxKeptRequestLength: GIB }
  expect(outdated(jobs, few)).toEqual(jobs.slice(0, 2))
  const long = [1, 2, 3].map((endedMs) => job('vera', endedMs, 'A'.repeat(4_000)))
  const short = { ...ample, maxKeptPerPrincipal: 1_000, maxKeptRequestLength: 10_000 }
  expect(outdated([...long, job('edda', 1)], short)).toEqual(long.slice(0, 1))
})

test('requests under way take bounded room together', async () => {
  const world = await World.open({ jobLimits: { maxRequestLength: 10_000, maxRunning: 0 } })
  const long: JobRequest = { kind: 'count', query: { kind: 'needles', text: 'AB CD\n'.repeat(700) } }
  await world.submit('dense', long)
  await world.submit('dense', long)
  await expect(world.submit('dense', long)).rejects.toMatchObject({ code: 'ERR_TOO_MANY' })
})

test('which go: seeded jobs, against the stupid way', () => {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  for (let round = 0; round < 300; round++) {
    const nowMs = 1_000 + random(2_000)
    const options = {
      nowMs,
      keepMs: random(1_500),
      maxTotalByteLength: random(4_000),
      maxResultByteLength: random(2_000),
      maxKeptPerPrincipal: Number.POSITIVE_INFINITY,
      maxKeptRequestLength: Number.POSITIVE_INFINITY,
    }
    const jobs = Array.from({ length: random(12) }, (_, index) => recordOf(index, random))
    const gone = new Set(outdated(jobs, options))
    const where = `seed ${seed}, round ${round}`
    const ended = jobs.filter(({ endedMs }) => endedMs !== undefined)
    const most = Math.max(0, options.maxTotalByteLength - options.maxResultByteLength)
    const left = jobs.filter((job) => !gone.has(job))
    const isOld = ({ endedMs }: JobRecord): boolean => endedMs !== undefined && endedMs < nowMs - options.keepMs
    for (const job of jobs) if (job.endedMs === undefined) expect(gone.has(job), where).toBe(false)
    for (const job of ended) if (isOld(job)) expect(gone.has(job), where).toBe(true)
    const used = left.reduce((sum, job) => sum + resultByteLength(job), 0)
    const removable = left.filter((job) => job.endedMs !== undefined && resultByteLength(job) > 0)
    expect(used <= most || removable.length === 0, where).toBe(true)
    // No younger one went for want of room while an older one with rows stayed.
    for (const young of gone)
      if (!isOld(young))
        for (const job of removable) expect((job.endedMs ?? 0) >= (young.endedMs ?? 0), where).toBe(true)
  }
})

function recordOf(index: number, random: (below: number) => number): JobRecord {
  const hasEnded = random(3) > 0
  return {
    order: {
      id: `job-${index}`,
      principal: 'p',
      role: 'view',
      clientId: '',
      path: 'a',
      request: random(4) === 0 ? { kind: 'histogram' } : EVERYTHING,
      range: { start: 0, end: 10 },
      generation: 'g',
      createdMs: 0,
    },
    state: hasEnded ? 'done' : 'running',
    startedMs: 0,
    endedMs: hasEnded ? random(3_000) : undefined,
    cuts: [10],
    rowCounts: Array.from({ length: random(3) }, () => random(60)),
    carry: {},
    summary: undefined,
    unreadable: [],
    hasChanged: false,
    cutBy: undefined,
    problem: undefined,
  }
}

test('a job that was removed has left the disk when the answer comes, and a server that closes waits for what it removes', async () => {
  const stateDirectory = join(folder, 'removed')
  const world = await World.open({ stateDirectory })
  const results = join(stateDirectory, 'results')
  const jobs: JobInfo[] = []
  for (let count = 0; count < 3; count++) jobs.push(await world.finish('hole', { ...EVERYTHING, limit: 500 }))
  expect(readdirSync(results)).toHaveLength(3)
  await world.jobs.cancelOrRemove((jobs[0] as JobInfo).id, LINK_PRINCIPAL)
  expect(readdirSync(results).sort()).toEqual(
    jobs
      .slice(1)
      .map(({ id }) => id)
      .sort(),
  )
  const removing = jobs.slice(1).map(({ id }) => world.jobs.cancelOrRemove(id, LINK_PRINCIPAL))
  while (world.ids().length > 0) await Promise.resolve()
  await world.close()
  expect(readdirSync(results)).toEqual([])
  await Promise.all(removing)
})

test('a cancel ends the work: no window is matched any more once the place is free', async () => {
  let begun = (): void => undefined
  const { matchIn } = MappedSource.prototype
  const matching = vi.spyOn(MappedSource.prototype, 'matchIn').mockImplementation(function (
    this: MappedSource,
    ...given
  ) {
    begun()
    return matchIn.apply(this, given)
  })
  onTestFinished(() => matching.mockRestore())
  const world = await World.open({ jobLimits: { maxRunning: 1, maxRunningPerClient: 1 } })
  // No byte of it is zero: a search that goes through all of the file, in window after window.
  const query = { kind: 'hex', text: '00 ?? 00' } as const
  for (let round = 0; round < 5; round++) {
    // At its first window, not when somebody looks: all of them take 30 ms on a quick machine, and a job that is done would be removed instead.
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const id = await world.submit('dense', { kind: 'search', query })
    await isBegun
    await world.jobs.cancelOrRemove(id, LINK_PRINCIPAL)
    // There is one place: this one begins when the other has left it.
    expect((await world.finish('hole', { kind: 'identify' })).state).toBe('done')
    const stopped = matching.mock.calls.length
    await Promise.all(matching.mock.results.map(({ value }) => Promise.resolve(value).catch(() => undefined)))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(matching.mock.calls.length).toBe(stopped)
    expect(world.jobs.detail(id, LINK_PRINCIPAL)).toMatchObject({ state: 'cancelled', rowCount: 0 })
  }
})
