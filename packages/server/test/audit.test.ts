import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AuditFile } from '../src/audit/audit_file.ts'
import { AuditTrail } from '../src/audit/audit_trail.ts'
import { Coalescer } from '../src/audit/coalescer.ts'
import { type AuditFacts, formatLine, parseLine } from '../src/audit/line.ts'
import { verifyTrail } from '../src/audit/verify.ts'
import { ServerEvents } from '../src/events/server_events.ts'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import { Child } from './support/child.ts'
import { linesOf, mapscope } from './support/command.ts'
import { eventually } from './support/eventually.ts'
import { ask, Serving } from './support/serving.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
writeFileSync(join(folder, 'a.bin'), Buffer.alloc(100_000, 7))
let fileCount = 0
const newPath = (): string => join(folder, `audit-${++fileCount}.jsonl`)

interface Written {
  readonly kind: string
  readonly who: string
  readonly role?: string
  readonly server: { readonly [fact: string]: unknown }
  readonly client?: { readonly [word: string]: unknown }
}

function linesIn(path: string): Written[] {
  return readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Written)
}

async function trailOf(...facts: AuditFacts[]): Promise<string> {
  const path = newPath()
  const file = AuditFile.open(path)
  for (const fact of facts) file.append(fact)
  await file.close()
  return path
}

const fact = (n: number): AuditFacts => ({ kind: 'opened', who: 'vera', server: { path: `file ${n} ü` } })

describe('what is written', () => {
  test('who was served which ranges of which state, who edited, who was refused, with the words of clients apart', async () => {
    const path = newPath()
    const serving = await Serving.start({ roots: [join(folder, 'a.bin')], auditFile: path, isWritable: true })
    const { id } = await serving.open('a.bin')
    await serving.edit(id, { offset: 5, bytes: Buffer.from([1, 2]) })
    // Acknowledged, so on the disk.
    expect(linesIn(path).find(({ kind }) => kind === 'edited')).toMatchObject({
      who: 'link',
      role: 'admin',
      server: { path: 'a.bin', documentId: id, range: { start: 5, end: 7 } },
    })
    await ask(serving.port, '/api/v1/files?token=secret')
    await ask(serving.port, '/api/v1/files', { headers: { authorization: 'Bearer secret' } })
    await ask(serving.port, '/api/v1/session?token=secret', { method: 'POST', body: { token: 'none' } })
    await serving.app.close()
    const lines = linesIn(path)
    expect(lines[0]).toMatchObject({ kind: 'start', server: { isWritable: true, isEvidence: false, pid: process.pid } })
    expect(lines.at(-1)?.kind).toBe('stop')
    const refused = lines.filter(({ kind }) => kind === 'refused')
    expect(refused).toMatchObject([
      {
        who: 'anonymous',
        server: { code: 'ERR_UNAUTHORIZED', count: 2 },
        client: { method: 'GET', path: '/api/v1/files' },
      },
      { server: { code: 'ERR_UNAUTHORIZED', count: 1 }, client: { method: 'POST', path: '/api/v1/session' } },
    ])
    expect(readFileSync(path, 'utf8')).not.toContain('secret')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect((await verifyTrail(path)).findings).toEqual([])
  })

  test('ranges of one state become one line, whatever their order (seeded, against a bitmap)', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seeded(seed)
      const coalescer = new Coalescer()
      const seen = new Uint8Array(2_000)
      const count = 1 + random(300)
      for (let i = 0; i < count; i++) {
        const start = random(1_900)
        const end = start + random(100)
        seen.fill(1, start, end)
        const ranges = [{ start, end }]
        const served = { via: 'raw', path: 'a', etag: '"x"', status: 206, outcome: 'complete' } as const
        coalescer.served({ kind: 'served', principal: LINK_PRINCIPAL, ...served, ranges })
      }
      const lines = coalescer.take()
      expect(lines.length, `seed ${seed}`).toBe(1)
      const told = new Uint8Array(2_000)
      for (const [start, end] of (lines[0]?.server['ranges'] ?? []) as [number, number][]) told.fill(1, start, end)
      expect(told, `seed ${seed}`).toEqual(seen)
      expect(lines[0]?.server['count']).toBe(count)
    }
  })

  test('a flood of different refusals takes bounded room', () => {
    const coalescer = new Coalescer()
    for (let i = 0; i < 10_000; i++) {
      const path = `/${i}${'x'.repeat(10_000)}`
      coalescer.refused({ kind: 'refused', principal: LINK_PRINCIPAL, code: 'ERR_ROLE', method: 'GET', path })
    }
    const lines = coalescer.take()
    expect(lines.length).toBeLessThanOrEqual(4_097)
    expect(lines.reduce((sum, { server }) => sum + Number(server['count']), 0)).toBe(10_000)
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(1_000)
  })

  test('searches of one thing become one line, with the hits past 4 GiB; a flood of different ones takes bounded room', () => {
    const coalescer = new Coalescer()
    const searched = { kind: 'searched', principal: LINK_PRINCIPAL, path: 'a', etag: '"x"' } as const
    const hit = 2 ** 32 + 5
    for (const start of [hit, hit + 10, hit])
      coalescer.searched({ ...searched, query: { kind: 'hex', text: '4D 5A' }, ranges: [{ start, end: start + 2 }] })
    expect(coalescer.take()).toMatchObject([
      {
        kind: 'searched',
        server: {
          path: 'a',
          queryKind: 'hex',
          count: 3,
          ranges: [
            [hit, hit + 2],
            [hit + 10, hit + 12],
          ],
        },
        client: { text: '4D 5A' },
      },
    ])
    for (let i = 0; i < 10_000; i++)
      coalescer.searched({ ...searched, query: { kind: 'text', text: `${i}${'x'.repeat(10_000)}` }, ranges: [] })
    const lines = coalescer.take()
    expect(lines.length).toBeLessThanOrEqual(4_097)
    expect(lines.reduce((sum, { server }) => sum + Number(server['count']), 0)).toBe(10_000)
    expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(1_000)
  })

  test('offsets beyond 2^32 stand as they are', async () => {
    const events = new ServerEvents()
    const path = newPath()
    const trail = await AuditTrail.start({
      file: AuditFile.open(path),
      events,
      isEvidence: false,
      start: {},
      settled: [],
      onFailure: () => undefined,
    })
    const [start, end] = [15 * 1024 ** 4 - 10, 15 * 1024 ** 4]
    const served = { via: 'raw', path: 'a', etag: '"x"', status: 206, outcome: 'complete' } as const
    events.emit({ kind: 'served', principal: LINK_PRINCIPAL, ...served, ranges: [{ start, end }] })
    await events.written()
    expect(linesIn(path)[1]).toMatchObject({ server: { ranges: [[start, end]], byteLength: 10 } })
    await trail.close()
  })
})

describe('audit verify', () => {
  async function verify(...args: string[]): Promise<{ status: unknown; lines: string[] }> {
    const ended = await mapscope('audit', 'verify', ...args)
    return { status: ended.status, lines: linesOf(ended) }
  }

  test('an intact trail is 0 and prints its head; no trail is 2', async () => {
    const path = await trailOf(fact(1), fact(2), fact(3))
    const { status, lines } = await verify(path)
    const head = parseLine(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '')?.hash ?? ''
    expect([status, lines]).toEqual([0, [`intact  3 lines  head 3 ${head}`]])
    expect((await verify(path, '--head', head)).status).toBe(0)
    expect((await verify(join(folder, 'none'))).status).toBe(2)
    expect((await verify(path, '--head', 'x')).status).toBe(2)
  })

  test('bytes that read as the character that was there are a changed line', async () => {
    const path = await trailOf({ kind: 'opened', who: 'vera', server: { path: 'a\u{fffd}b' } }, fact(2))
    const bytes = readFileSync(path)
    const at = bytes.indexOf('\u{fffd}')
    writeFileSync(path, Buffer.concat([bytes.subarray(0, at), Buffer.of(0xff), bytes.subarray(at + 3)]))
    expect((await verifyTrail(path)).findings).toMatchObject([{ line: 1, problem: 'changed' }])
  })

  const lines = (text: string): string[] => text.trimEnd().split('\n')
  const whole = (rows: string[]): string => `${rows.join('\n')}\n`
  const rechained = (rows: string[], from: number): string[] => {
    // As somebody does who knows the format: the changed line and all behind it with hashes that fit.
    const kept = rows.slice(0, from)
    let head = { sequence: from, hash: parseLine(kept.at(-1) ?? '')?.hash ?? '0'.repeat(64) }
    for (const row of rows.slice(from)) {
      const { sequence: _s, previous: _p, hash: _h, clock, ...facts } = JSON.parse(row)
      const made = formatLine({ ...facts, who: 'somebody else' }, head, clock)
      head = made.head
      kept.push(made.text.trimEnd())
    }
    return kept
  }

  test.each<[string, string, (rows: string[]) => string]>([
    ['a changed line', 'line 3  changed', (rows) => whole(rows.with(2, (rows[2] ?? '').replace('file 3', 'file 9')))],
    [
      'a changed last line',
      'line 5  changed',
      (rows) => whole(rows.with(4, (rows[4] ?? '').replace('file 5', 'file 9'))),
    ],
    [
      'a changed hash',
      'line 2  changed',
      (rows) =>
        whole(
          rows.with(
            1,
            (rows[1] ?? '').replace(/.(?="\}$)/, (digit) => (digit === '0' ? '1' : '0')),
          ),
        ),
    ],
    ['a removed line', 'line 3  removed', (rows) => whole(rows.toSpliced(2, 1))],
    ['a removed first line', 'line 1  removed', (rows) => whole(rows.slice(1))],
    ['an inserted copy', 'line 4  inserted', (rows) => whole(rows.toSpliced(3, 0, rows[1] ?? ''))],
    ['inserted garbage', 'line 2  changed', (rows) => whole(rows.toSpliced(1, 0, 'garbage'))],
    ['exchanged lines', 'line 2  removed', (rows) => whole([0, 2, 1, 3, 4].map((at) => rows[at] ?? ''))],
    [
      'a line written anew',
      'line 4  rewritten',
      (rows) => whole([...rechained(rows.slice(0, 3), 2), ...rows.slice(3)]),
    ],
    ['a cut line', 'line 5  torn', (rows) => whole(rows).slice(0, -20)],
  ])('%s', async (_what, finding, change) => {
    const path = await trailOf(...[1, 2, 3, 4, 5].map(fact))
    writeFileSync(path, change(lines(readFileSync(path, 'utf8'))))
    const { status, lines: told } = await verify(path)
    expect(told[0]).toMatch(new RegExp(`^${finding}`))
    expect(told.at(-1)).toMatch(/^NOT INTACT/)
    expect(status).toBe(1)
  })

  test('a cut tail and a chain wholly written anew are found by a head noted before, and only so', async () => {
    const path = await trailOf(...[1, 2, 3, 4, 5].map(fact))
    const rows = lines(readFileSync(path, 'utf8'))
    const head = parseLine(rows[4] ?? '')?.hash ?? ''
    for (const forged of [rows.slice(0, 4), rechained(rows, 0)]) {
      writeFileSync(path, whole(forged))
      expect((await verify(path)).status).toBe(0)
      const { status, lines: told } = await verify(path, '--head', head)
      expect([status, told[0]?.includes('anchor')]).toEqual([1, true])
    }
  })

  test('every single changed byte is found (seeded)', async () => {
    const path = await trailOf(...[1, 2, 3].map(fact))
    const bytes = readFileSync(path)
    for (let seed = 1; seed <= 100; seed++) {
      const random = seeded(seed)
      const at = random(bytes.length)
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 + random(255))
      writeFileSync(path, changed)
      const { findings } = await verifyTrail(path)
      expect(findings.length, `seed ${seed}, byte ${at}`).toBeGreaterThan(0)
    }
  })
})

describe('after a crash', () => {
  test.each([1, 60, 2_000])('a line torn %i bytes before its end is told, and the chain goes on', async (missing) => {
    const path = await trailOf(fact(1), fact(2))
    const before = readFileSync(path)
    const lastStart = before.lastIndexOf(0x0a, before.length - 2) + 1
    const cut = Math.min(missing, before.length - lastStart - 1)
    writeFileSync(path, before.subarray(0, before.length - cut))
    const file = AuditFile.open(path)
    file.append(fact(3))
    await file.close()
    const verdict = await verifyTrail(path)
    // Only its end was missing: then nothing was lost.
    const [tornCount, sequence] = missing === 1 ? [0, 3] : [1, 3]
    expect([verdict.findings, verdict.tornCount, verdict.head.sequence]).toEqual([[], tornCount, sequence])
  })

  test('a torn first line, too', async () => {
    const path = await trailOf(fact(1))
    writeFileSync(path, readFileSync(path).subarray(0, 30))
    const file = AuditFile.open(path)
    await file.close()
    expect(await verifyTrail(path)).toMatchObject({ findings: [], tornCount: 1, lineCount: 2 })
  })

  test('a last line that somebody changed is no torn one: the trail is not gone on with', async () => {
    const path = await trailOf(fact(1), fact(2))
    writeFileSync(path, readFileSync(path, 'utf8').replace('file 2', 'file 9'))
    expect(() => AuditFile.open(path)).toThrow('does not end with an intact line')
    writeFileSync(path, 'my diary')
    expect(() => AuditFile.open(path)).toThrow('does not end with an intact line')
  })

  test('two servers do not share a trail', async () => {
    const path = newPath()
    const child = Child.run(['serve', '--port', '0', '--audit', path, folder])
    await child.link()
    const second = Child.run(['serve', '--port', '0', '--audit', path, folder])
    expect(await second.exited).toBe(2)
    expect(second.errors).toContain('ERR_AUDIT_FILE')
    child.process.kill('SIGKILL')
    await child.exited
    // Killed, it left its lock; the next one takes over, and the chain goes on.
    const third = Child.run(['serve', '--port', '0', '--audit', path, folder])
    const { port } = await third.link()
    await ask(port, '/api/v1/files')
    third.process.kill('SIGTERM')
    await third.exited
    const verdict = await verifyTrail(path)
    expect(verdict.findings).toEqual([])
    expect(linesIn(path).map(({ kind }) => kind)).toEqual(['start', 'start', 'refused', 'stop'])
  })
})

describe('a disk that takes nothing', () => {
  if (process.platform === 'linux') {
    test('no server starts on it', async () => {
      const path = join(folder, 'full')
      symlinkSync('/dev/full', path)
      const child = Child.run(['serve', '--port', '0', '--audit', path, folder])
      expect(await child.exited).toBe(2)
      expect(child.errors).toContain('cannot be written')
    })

    test.each([true, false])('evidence mode (%s) serves nothing until it takes lines again', async (isEvidence) => {
      const path = newPath()
      const args = [
        'serve',
        '--port',
        '0',
        '--audit',
        path,
        ...(isEvidence ? ['--evidence'] : []),
        join(folder, 'a.bin'),
      ]
      const child = Child.run(args)
      const { port, token } = await child.link()
      const headers = { authorization: `Bearer ${token}` }
      const statusOf = async (): Promise<number> => (await ask(port, '/api/v1/files', { headers })).status
      await ask(port, '/api/v1/files')
      expect(await statusOf()).toBe(200)
      const limit = async (byteLength: string): Promise<void> => {
        execFileSync('prlimit', ['--pid', String(child.process.pid), `--fsize=${byteLength}:`])
      }
      await limit('100')
      await ask(port, '/nothing/1', { headers: { host: 'evil.example' } })
      if (isEvidence) await eventually(async () => expect(await statusOf()).toBe(503))
      else await eventually(() => expect(child.errors).toContain('audit trail cannot be written'))
      if (!isEvidence) expect(await statusOf()).toBe(200)
      await limit('unlimited')
      await eventually(async () => expect(await statusOf()).toBe(200))
      child.process.kill('SIGTERM')
      await child.exited
      expect((await verifyTrail(path)).findings).toEqual([])
      expect(linesIn(path).some(({ client }) => client?.['path'] === '/nothing/1')).toBe(true)
    })
  }
})

test('evidence mode needs a trail and is never writable', async () => {
  for (const args of [['--evidence'], ['--evidence', '--writable', '--audit', newPath()]]) {
    const child = Child.run(['serve', '--port', '0', ...args, folder])
    expect(await child.exited).toBe(2)
    expect(child.errors).toContain('ERR_AUDIT_FILE: evidence mode')
  }
})
