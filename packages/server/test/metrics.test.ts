import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import { Metrics } from '../src/metrics/metrics.ts'
import { ask, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const PAGE = fileURLToPath(new URL('../../../docs/operating.md', import.meta.url))
const folder = temporaryFolder()
let serving: Serving

beforeAll(async () => {
  writeFileSync(join(folder, 'file.bin'), 'x'.repeat(10_000))
  serving = await Serving.start({ roots: [folder] })
})

/** By name and labels, as they are printed: `mapscope_edits_total`, `x{a="b"}`. */
async function scrape(): Promise<Map<string, number>> {
  const { body } = await serving.ask('/metrics')
  const lines = String(body)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

describe('/metrics', () => {
  test('is for whoever may look, in text format 0.0.4', async () => {
    expect((await ask(serving.port, '/metrics')).status).toBe(401)
    const { status, headers, body } = await serving.ask('/metrics')
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ])
    expect(String(body)).toMatch(/^# HELP mapscope_requests_total .+\n# TYPE mapscope_requests_total counter$/m)
    expect(String(body).endsWith('\n')).toBe(true)
  })

  test('counts requests by route and status, never by path, and how long they took', async () => {
    const name = 'mapscope_requests_total{method="GET",route="/raw/*",status="200"}'
    const before = (await scrape()).get(name) ?? 0
    for (let i = 0; i < 3; i++) await serving.ask(`/raw/${folder.split('/').at(-1)}/file.bin?x=${i}`)
    await ask(serving.port, '/raw/secret')
    await serving.ask('/no/such/secret')
    const after = await scrape()
    expect((after.get(name) ?? 0) - before).toBe(3)
    expect(after.get('mapscope_requests_total{method="GET",route="/raw/*",status="401"}')).toBe(1)
    expect(after.get('mapscope_requests_total{method="GET",route="none",status="404"}')).toBe(1)
    expect(after.get('mapscope_request_duration_seconds_count{route="/raw/*"}')).toBeGreaterThanOrEqual(4)
    expect(after.get('mapscope_refusals_total{code="ERR_UNAUTHORIZED"}')).toBeGreaterThanOrEqual(1)
    expect([...after.keys()].filter((key) => key.includes('secret'))).toEqual([])
  })

  test('knows what is open, and what the process takes', async () => {
    const before = await scrape()
    const { id } = await serving.open(`${folder.split('/').at(-1)}/file.bin`)
    const client = await SocketClient.connect(serving.port)
    const after = await scrape()
    const rise = (name: string): number => (after.get(name) ?? Number.NaN) - (before.get(name) ?? Number.NaN)
    expect(rise('mapscope_open_documents')).toBe(1)
    expect(rise('mapscope_mapped_bytes')).toBe(10_000)
    expect(rise('mapscope_documents_by_disk_state{state="current"}')).toBe(1)
    expect(rise('mapscope_open_sockets')).toBe(1)
    expect(after.get('process_resident_memory_bytes')).toBeGreaterThan(2 ** 24)
    expect(after.get('process_open_fds')).toBeGreaterThan(3)
    expect(after.get('mapscope_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0)
    expect(id).not.toBe('')
    await client.close()
  })
})

test('events are counted: bytes by how they went out, ends, edits, jobs', async () => {
  const metrics = new Metrics()
  const served = { kind: 'served', principal: LINK_PRINCIPAL, path: 'a', etag: '"x"', status: 206 } as const
  const ranges = [
    { start: 0, end: 10 },
    { start: 6 * 1024 ** 4, end: 6 * 1024 ** 4 + 5 },
  ]
  metrics.countEvent({ ...served, via: 'raw', ranges, outcome: 'complete' })
  metrics.countEvent({ ...served, via: 'socket', ranges: [{ start: 0, end: 1 }], outcome: 'unreadable' })
  metrics.countEvent({
    kind: 'edited',
    principal: LINK_PRINCIPAL,
    path: 'a',
    documentId: 'd',
    range: { start: 0, end: 1 },
    revision: 2,
    editId: 'e',
    replacedSha256: '',
  })
  metrics.countEvent({
    kind: 'job',
    principal: LINK_PRINCIPAL,
    jobId: 'j',
    jobKind: 'hash',
    path: 'a',
    state: 'done',
    range: { start: 0, end: 1 },
  })
  metrics.gauge('mapscope_of_a_test', {
    help: 'One.',
    labels: ['of'],
    read: () => [{ labels: { of: 'it' }, value: 7 }],
  })
  const text = await metrics.text()
  for (const line of [
    'mapscope_served_bytes_total{via="raw"} 15',
    'mapscope_served_bytes_total{via="socket"} 1',
    'mapscope_deliveries_total{via="socket",outcome="unreadable"} 1',
    'mapscope_edits_total 1',
    'mapscope_jobs_total{kind="hash",state="done"} 1',
    'mapscope_of_a_test{of="it"} 7',
  ])
    expect(text).toContain(`${line}\n`)
})

test('docs/operating.md: its table has every metric, and no other', async () => {
  const { body } = await serving.ask('/metrics')
  const exported = [...String(body).matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => `${name} ${type}`)
  const page = readFileSync(PAGE, 'utf8')
  const described = [...page.matchAll(/^\| `((?:mapscope|process)_\w+)` \| (counter|gauge|histogram) \|/gm)]
  expect(described.map(([, name, type]) => `${name} ${type}`).sort()).toEqual(exported.sort())
  expect(exported.length).toBeGreaterThan(12)
})
