import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { Agent, request as httpRequest, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { putBefore } from '../src/shortcut/put_before.ts'
import { eventually } from './support/eventually.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const KIB = 1024
const GIB = 1024 ** 3
const SEED = 4_096
const ROLE_TOKEN = 'vera-token-'.padEnd(40, 'x')

const folder = temporaryFolder()
const tokensFile = join(folder, 'tokens')
const auditFile = join(folder, 'audit.jsonl')
const files = join(folder, 'files')
const agents: Agent[] = []
let serving: Serving
let lastResponse: ServerResponse | undefined

interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly names: readonly string[]
  readonly body: Buffer
  readonly isShort: boolean
}

beforeAll(async () => {
  writeTokens(`vera view ${ROLE_TOKEN}`)
  mkdirSync(join(files, 'inner'), { recursive: true })
  const next = seeded(SEED)
  for (const name of ['a.bin', 'inner/b c.bin', 'changing.bin']) {
    const bytes = Buffer.alloc(300 * KIB + 17)
    for (let at = 0; at + 4 <= bytes.length; at += 4) bytes.writeUInt32LE(next(2 ** 32), at)
    writeFileSync(join(files, name), bytes)
  }
  serving = await Serving.start({ roots: [files], tokensFile, auditFile })
  putBefore(serving.app.server, (_request, response) => {
    lastResponse = response
    return false
  })
})

afterAll(() => {
  for (const agent of agents) agent.destroy()
})

function writeTokens(...lines: string[]): void {
  writeFileSync(tokensFile, `${lines.join('\n')}\n`, { mode: 0o600 })
}

/** One connection, asked again and again. */
function connection(): (path: string, headers?: Record<string, string>) => Promise<Reply> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  agents.push(agent)
  return (path, headers = {}) =>
    new Promise((resolve, reject) => {
      const all = { authorization: `Bearer ${TOKEN}`, ...headers }
      const sent = httpRequest({ host: '127.0.0.1', port: serving.port, path, agent, headers: all }, (response) => {
        const isShort = Reflect.get(lastResponse ?? {}, '_header') === 'written'
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const names = response.rawHeaders.filter((_text, at) => at % 2 === 0).map((name) => name.toLowerCase())
          const { statusCode: status = 0, headers: got } = response
          resolve({ status, headers: got, names: names.sort(), body: Buffer.concat(chunks), isShort })
        })
      })
      sent.once('error', reject)
      sent.end()
    })
}

function onDisk(name: string, start: number, length: number): Buffer {
  const fd = openSync(join(files, name), 'r')
  const bytes = Buffer.alloc(length)
  const read = readSync(fd, bytes, 0, length, start)
  closeSync(fd)
  return bytes.subarray(0, read)
}

function withoutDate({ date: _date, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers
}

async function metric(pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await serving.app.metrics.text())?.[1] ?? 0)
}

const RANGES = [
  'bytes=0-0',
  'bytes=5-4100',
  'bytes=300000-',
  'bytes=-7',
  'bytes=299999-400000',
  'bytes=10-65545',
  'Bytes=1-2,',
]

describe('the shortcut', () => {
  test('answers as the long way does: status, headers, bytes', async () => {
    for (const target of ['/raw/files/a.bin', '/raw/files/inner/b%20c.bin']) {
      for (const range of RANGES) {
        const ask = connection()
        const long = await ask(target, { range })
        const short = await ask(target, { range })
        expect([range, long.isShort, short.isShort]).toEqual([range, false, true])
        expect([short.status, withoutDate(short.headers), short.names]).toEqual([
          long.status,
          withoutDate(long.headers),
          long.names,
        ])
        expect(short.body.equals(long.body), range).toBe(true)
        expect(Math.abs(Date.parse(short.headers.date ?? '') - Date.now())).toBeLessThan(60_000)
      }
    }
  })

  test('random ranges are the bytes of the file', async () => {
    const ask = connection()
    const next = seeded(SEED)
    await ask('/raw/files/a.bin')
    for (let round = 0; round < 300; round++) {
      const start = next(300 * KIB)
      const length = 1 + next(round % 10 === 0 ? 64 * KIB : 5 * KIB)
      const { body, isShort } = await ask('/raw/files/a.bin', { range: `bytes=${start}-${start + length - 1}` })
      expect(isShort, `seed ${SEED}, round ${round}`).toBe(true)
      expect(body.equals(onDisk('a.bin', start, length)), `seed ${SEED}, round ${round}: ${start} ${length}`).toBe(true)
    }
  })

  test('past 4 GiB', async () => {
    const name = 'far.bin'
    writeFileSync(join(files, name), '')
    truncateSync(join(files, name), 6 * GIB)
    const fd = openSync(join(files, name), 'r+')
    for (const offset of [2 ** 32 - 2, 5 * GIB]) writeSync(fd, 'past 4 GiB', offset)
    closeSync(fd)
    const ask = connection()
    await ask(`/raw/files/${name}`, { range: 'bytes=0-0' })
    for (const offset of [2 ** 32 - 2, 5 * GIB]) {
      const { body, isShort, headers } = await ask(`/raw/files/${name}`, { range: `bytes=${offset}-${offset + 9}` })
      expect([String(body), isShort]).toEqual(['past 4 GiB', true])
      expect(headers['content-range']).toBe(`bytes ${offset}-${offset + 9}/${6 * GIB}`)
    }
  })

  test('leaves to the long way whatever is not plain', async () => {
    const ask = connection()
    const target = '/raw/files/a.bin'
    const { headers } = await ask(target, { range: 'bytes=0-9' })
    const etag = String(headers.etag)
    // Undefined: the one way while the file is fresh, the other when the machine was slow to get here.
    const cases: [Record<string, string>, number, boolean | undefined][] = [
      [{ range: 'bytes=0-9', 'if-range': etag }, 206, true],
      [{ range: 'bytes=0-9', 'if-match': etag }, 206, true],
      [{ range: 'bytes=0-9', 'if-match': '"other"' }, 412, false],
      [{ 'if-none-match': etag }, 304, false],
      [{ range: 'bytes=0-9,200-209' }, 206, false],
      [{ range: 'bytes=999999-' }, 416, false],
      [{ range: 'bytes=0-65536' }, 206, undefined],
      [{}, 200, undefined],
      [{ range: 'bytes=0-9', 'sec-fetch-site': 'same-origin' }, 206, false],
      [{ range: 'bytes=0-9', 'sec-fetch-site': 'cross-site' }, 403, false],
      [{ range: 'bytes=0-9', host: 'evil.example' }, 421, false],
      [{ range: 'bytes=0-9', authorization: `Bearer ${TOKEN}x` }, 401, false],
      [{ range: 'bytes=0-9', authorization: '' }, 401, false],
      [{ range: 'bytes=0-9' }, 206, true],
    ]
    for (const [asked, status, isShort] of cases) {
      const answer = await ask(target, asked)
      expect([asked, answer.status, answer.isShort]).toEqual([asked, status, isShort ?? answer.isShort])
    }
    expect((await ask(`${target}?x=1`, { range: 'bytes=0-9' })).isShort).toBe(false)
    expect((await ask(`${target}?x=1`, { range: 'bytes=0-9' })).isShort).toBe(false)
  })

  test('a token that is struck out is refused on its open connection', async () => {
    const ask = connection()
    const headers = { range: 'bytes=0-9', authorization: `Bearer ${ROLE_TOKEN}` }
    expect((await ask('/raw/files/a.bin', headers)).status).toBe(206)
    expect((await ask('/raw/files/a.bin', headers)).isShort).toBe(true)
    // Of the same name and role, so that only the token tells them apart.
    writeTokens(`vera view ${'another-token-'.padEnd(40, 'y')}`)
    await eventually(async () => expect((await ask('/raw/files/a.bin', headers)).status).toBe(401))
    writeTokens(`vera view ${ROLE_TOKEN}`)
    await eventually(async () => expect((await ask('/raw/files/a.bin', headers)).status).toBe(206))
  })

  test('a name that the server answers to no more is refused on its open connection', async () => {
    const ask = connection()
    const headers = { range: 'bytes=0-9', host: 'name.example' }
    serving.app.reconfigure({ allowedHosts: ['name.example'] })
    expect((await ask('/raw/files/a.bin', headers)).status).toBe(206)
    expect((await ask('/raw/files/a.bin', headers)).isShort).toBe(true)
    serving.app.reconfigure({ allowedHosts: [] })
    expect((await ask('/raw/files/a.bin', headers)).status).toBe(421)
  })

  test('a second Host is refused however well the connection is known', async () => {
    const head = (hosts: string): string =>
      `GET /raw/files/a.bin HTTP/1.1\r\n${hosts}Authorization: Bearer ${TOKEN}\r\n`
    const one = 'Host: localhost\r\n'
    const socket = connect(serving.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (data: string) => {
      text += data
    })
    for (const hosts of [one, one, `${one}Host: evil.example\r\n`])
      socket.write(`${head(hosts)}Range: bytes=0-0\r\n\r\n`)
    await eventually(() =>
      expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 206', 'HTTP/1.1 206', 'HTTP/1.1 400']),
    )
    socket.destroy()
  })

  test('whatever becomes of the file is seen at once', async () => {
    const ask = connection()
    const path = join(files, 'changing.bin')
    const target = '/raw/files/changing.bin'
    const headers = { range: 'bytes=0-9' }
    const both = async (): Promise<Reply> => {
      const first = await ask(target, headers)
      const second = await ask(target, headers)
      expect([first.isShort, second.isShort, second.status]).toEqual([false, true, 206])
      expect(withoutDate(second.headers)).toEqual(withoutDate(first.headers))
      expect(second.body.equals(onDisk('changing.bin', 0, 10))).toBe(true)
      return second
    }
    const tags = [(await both()).headers.etag]
    const changes: (() => void)[] = [
      () => writeFileSync(path, Buffer.alloc(50_000, 'b')),
      () => {
        utimesSync(path, 1_600_000_000, 1_600_000_000)
      },
      () => {
        writeFileSync(`${path}.new`, Buffer.alloc(50_000, 'c'))
        renameSync(`${path}.new`, path)
      },
      () => truncateSync(path, 20),
      () => truncateSync(path, 40_000),
    ]
    for (const change of changes) {
      change()
      tags.push((await both()).headers.etag)
    }
    expect(new Set(tags).size).toBe(tags.length)
    truncateSync(path, 0)
    expect((await ask(target, headers)).status).toBe(200)
    rmSync(path)
    expect((await ask(target, headers)).status).toBe(404)
    symlinkSync('/etc/hostname', path)
    expect((await ask(target, headers)).status).toBe(403)
    rmSync(path)
    symlinkSync('a.bin', path)
    const linked = [await ask(target, headers), await ask(target, headers)]
    expect(linked.map(({ status, isShort }) => [status, isShort])).toEqual([
      [206, false],
      [206, false],
    ])
  })

  test('is counted and written down like the long way', async () => {
    const requests = /mapscope_requests_total\{[^}]*route="\/raw\/\*"[^}]*status="206"[^}]*\} (\d+)/
    const bytes = /mapscope_served_bytes_total\{via="raw"\} (\d+)/
    const seconds = /mapscope_request_duration_seconds_count\{route="\/raw\/\*"\} (\d+)/
    const deliveries = /mapscope_deliveries_total\{via="raw",outcome="complete"\} (\d+)/
    const before = await Promise.all([requests, bytes, seconds, deliveries].map(metric))
    const ask = connection()
    const range = 'bytes=1000-1099'
    for (let count = 0; count < 10; count++) await ask('/raw/files/inner/b%20c.bin', { range })
    await eventually(async () => {
      const after = await Promise.all([requests, bytes, seconds, deliveries].map(metric))
      expect(after.map((value, at) => value - (before[at] ?? 0))).toEqual([10, 1_000, 10, 10])
    })
    await eventually(async () => {
      const lines = readFileSync(auditFile, 'utf8').trim().split('\n')
      const served = lines
        .map((line) => JSON.parse(line))
        .filter(({ kind, server }) => {
          return kind === 'served' && server.path === 'files/inner/b c.bin' && server.byteLength % 100 === 0
        })
      expect(served.some(({ server }) => JSON.stringify(server.ranges) === '[[1000,1100]]')).toBe(true)
    })
  })

  test('requests sent together are answered in their order', async () => {
    const head = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`
    const one = (start: number): string =>
      `GET /raw/files/a.bin HTTP/1.1\r\n${head}Range: bytes=${start}-${start}\r\n\r\n`
    const starts = Array.from({ length: 50 }, (_, at) => at * 7)
    const socket = connect(serving.port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (data: string) => {
      text += data
    })
    socket.write(starts.map(one).join(''))
    await eventually(() => expect(text.match(/HTTP\/1\.1 206/g)).toHaveLength(starts.length))
    await eventually(() => {
      const bodies = [...text.matchAll(/\r\n\r\n([\s\S])(?=HTTP|$)/g)].map((match) => (match[1] ?? '').charCodeAt(0))
      expect(bodies).toEqual(starts.map((start) => onDisk('a.bin', start, 1)[0]))
    })
    socket.destroy()
  })

  test('who does not read holds a share and gives it back', async () => {
    const aborted = /mapscope_deliveries_total\{via="raw",outcome="aborted"\} (\d+)/
    const before = await metric(aborted)
    const head = `Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`
    const one = `GET /raw/files/a.bin HTTP/1.1\r\n${head}Range: bytes=0-65535\r\n\r\n`
    const socket = connect(serving.port, '127.0.0.1').pause()
    // More than the system's buffers take.
    socket.write(one.repeat(300))
    await eventually(() => expect(serving.app.connections.answerCount).toBeGreaterThan(0))
    socket.destroy()
    await eventually(() => expect(serving.app.connections.answerCount).toBe(0))
    expect(await metric(aborted)).toBeGreaterThan(before)
    expect(serving.app.bytesUnderWay.totalByteLength).toBe(0)
  })
})
