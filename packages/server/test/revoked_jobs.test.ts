import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { JobDetail, JobRequest } from '@mapscope/protocol'
import { describe, expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ended, getJob } from './support/jobs.ts'
import { type Answer, type AskOptions, ask, problemOf, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const GIB = 1024 ** 3
const folder = temporaryFolder()
const path = join(folder, 'large.bin')
writeFileSync(path, '')
truncateSync(path, 5 * GIB)
const fd = openSync(path, 'r+')
writeSync(fd, `${'a'.repeat(64)}!`, 4 * GIB + 100)
closeSync(fd)

/** Goes back and forth over the bytes past 4 GiB for longer than any test. */
const ENDLESS: JobRequest = { kind: 'search', query: { kind: 'regexp', text: '(?:a+)+c' } }
const tokenOf = (name: string): string => `${name}-token-`.padEnd(40, 'x')
const VERA = `vera edit ${tokenOf('vera')}`
const EDDA = `edda view ${tokenOf('edda')}`

/** A table of tokens of a test's own. */
class Table {
  readonly path: string

  constructor(name: string, ...lines: string[]) {
    this.path = join(folder, `${name}.tokens`)
    this.write(...lines)
  }

  write(...lines: string[]): void {
    writeFileSync(this.path, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 })
  }
}

const askAs = (port: number, name: string, target: string, options: AskOptions = {}): Promise<Answer> =>
  ask(port, target, { ...options, headers: { authorization: `Bearer ${tokenOf(name)}` } })

async function submitAs(port: number, name: string, request: JobRequest): Promise<JobDetail> {
  const opened = await askAs(port, name, '/api/v1/documents', { method: 'POST', body: { path: 'large.bin' } })
  const { id } = JSON.parse(String(opened.body)) as { id: string }
  const answer = await askAs(port, name, `/api/v1/documents/${id}/jobs`, { method: 'POST', body: request })
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.body}`)
  return JSON.parse(String(answer.body)) as JobDetail
}

interface Line {
  readonly kind: string
  readonly who: string
  readonly server: Record<string, unknown>
}

function linesOf(auditFile: string, kind: string): Line[] {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.kind === kind)
}

describe('jobs of a token that is taken back', () => {
  test('end, running and queued ones, with the reason for an admin and in the trail; others go on', async () => {
    const table = new Table('struck', VERA, EDDA)
    const auditFile = join(folder, 'struck.jsonl')
    const serving = await Serving.start({
      roots: [path],
      tokensFile: table.path,
      auditFile,
      jobLimits: { maxRunning: 2 },
    })
    const { port } = serving
    const [running, other] = [await submitAs(port, 'vera', ENDLESS), await submitAs(port, 'edda', ENDLESS)]
    const queued = await submitAs(port, 'vera', { kind: 'hash' })
    await eventually(async () => expect((await getJob(serving, running.id)).state).toBe('running'))
    expect((await getJob(serving, queued.id)).state).toBe('queued')
    const admin = await SocketClient.connect(port)
    await admin.next('jobs', admin.send({ type: 'watchJobs' }))

    table.write(EDDA)
    for (const { id } of [running, queued]) {
      const job = await ended(serving, id)
      expect(job).toMatchObject({ state: 'cancelled', problem: { code: 'ERR_UNAUTHORIZED' } })
      expect(job.problem?.detail).toContain('vera')
    }
    await eventually(() =>
      expect(linesOf(auditFile, 'revoked')).toMatchObject([
        { who: 'vera', server: { reason: 'removed', jobCount: 2 } },
      ]),
    )
    const told = linesOf(auditFile, 'job').filter(({ server }) => server['state'] === 'cancelled')
    expect(told.map(({ who, server }) => [who, server['jobId'], server['code']])).toEqual(
      [running, queued].map(({ id }) => ['vera', id, 'ERR_UNAUTHORIZED']),
    )
    expect((await getJob(serving, other.id)).state).toBe('running')
    await eventually(() =>
      expect(
        admin.received.some(
          (message) => message.type === 'job' && message.job.id === running.id && message.job.problem !== undefined,
        ),
      ).toBe(true),
    )
    await admin.close()
    // Cancelled by its owner there is no reason to be told.
    await askAs(port, 'edda', `/api/v1/jobs/${other.id}`, { method: 'DELETE' })
    expect(await getJob(serving, other.id)).toMatchObject({ state: 'cancelled' })
    expect((await getJob(serving, other.id)).problem).toBeUndefined()
  })

  test('of a role that is lowered end those that it may no longer ask for, and no others', async () => {
    const table = new Table('lowered', VERA)
    const auditFile = join(folder, 'lowered.jsonl')
    const serving = await Serving.start({
      roots: [path],
      tokensFile: table.path,
      auditFile,
      jobLimits: { maxRunning: 1 },
    })
    const { port } = serving
    const [running, save] = [await submitAs(port, 'vera', ENDLESS), await submitAs(port, 'vera', { kind: 'save' })]
    table.write(`vera view ${tokenOf('vera')}`)
    expect(await ended(serving, save.id)).toMatchObject({ state: 'cancelled', problem: { code: 'ERR_ROLE' } })
    expect((await getJob(serving, running.id)).state).toBe('running')
    await eventually(() =>
      expect(linesOf(auditFile, 'revoked')).toMatchObject([
        { who: 'vera', server: { reason: 'changed', jobCount: 1 } },
      ]),
    )
    const refused = await askAs(port, 'vera', `/api/v1/documents/${save.documentId}/jobs`, {
      method: 'POST',
      body: { kind: 'save' },
    })
    expect([refused.status, problemOf(refused).code]).toEqual([403, 'ERR_ROLE'])
  })

  test('go on when the name has another token of the same role', async () => {
    const table = new Table('renewed', VERA)
    const auditFile = join(folder, 'renewed.jsonl')
    const serving = await Serving.start({ roots: [path], tokensFile: table.path, auditFile })
    const running = await submitAs(serving.port, 'vera', ENDLESS)
    table.write(`vera edit ${tokenOf('vera2')}`)
    await eventually(() =>
      expect(linesOf(auditFile, 'revoked')).toMatchObject([
        { who: 'vera', server: { reason: 'changed', jobCount: 0 } },
      ]),
    )
    expect((await getJob(serving, running.id)).state).toBe('running')
    expect((await askAs(serving.port, 'vera2', `/api/v1/jobs/${running.id}`)).status).toBe(200)
  })
})

if (process.platform === 'linux') {
  test('SIGHUP ends them; one that was taken back while the server was dead (kill -9) is not taken up again', async () => {
    const table = new Table('child', VERA, EDDA)
    const state = join(folder, 'state')
    const args = ['serve', path, '--port', '0', '--state', state, '--tokens', table.path]
    const start = async (): Promise<{ child: Child; port: number; admin: Pick<Serving, 'ask'> }> => {
      const child = Child.run(args, { isDetached: true })
      const { port, token } = await child.link()
      return {
        child,
        port,
        admin: { ask: (target) => ask(port, target, { headers: { authorization: `Bearer ${token}` } }) },
      }
    }
    const first = await start()
    const veras = await submitAs(first.port, 'vera', ENDLESS)
    const eddas = await submitAs(first.port, 'edda', ENDLESS)
    table.write(EDDA)
    first.child.process.kill('SIGHUP')
    expect(await ended(first.admin, veras.id)).toMatchObject({
      state: 'cancelled',
      problem: { code: 'ERR_UNAUTHORIZED' },
    })
    expect((await getJob(first.admin, eddas.id)).state).toBe('running')
    // It is told before it is written down.
    const journal = (): string[] => readFileSync(join(state, 'jobs.jsonl'), 'utf8').split('\n')
    await eventually(() =>
      expect(journal().some((line) => line.includes(veras.id) && line.includes('ERR_UNAUTHORIZED'))).toBe(true),
    )
    first.child.process.kill('SIGKILL')
    await first.child.exited

    table.write(VERA)
    const second = await start()
    expect(await getJob(second.admin, eddas.id)).toMatchObject({
      state: 'cancelled',
      problem: { code: 'ERR_UNAUTHORIZED' },
    })
    // What was cancelled stays so, with its reason, though the name is let in again.
    expect(await getJob(second.admin, veras.id)).toMatchObject({
      state: 'cancelled',
      problem: { code: 'ERR_UNAUTHORIZED' },
    })
    second.child.process.kill('SIGTERM')
    expect(await second.child.exited).toBe(0)
  }, 60_000)
}
