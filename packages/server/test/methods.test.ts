import { execFile } from 'node:child_process'
import { existsSync, truncateSync, writeFileSync } from 'node:fs'
import { METHODS } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { closeGracefully } from '../src/lifecycle/close_gracefully.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const path = join(temporaryFolder(), 'large.bin')
const BEARER = `Authorization: Bearer ${TOKEN}\r\n`
const H2C = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n'
let serving: Serving

beforeAll(async () => {
  writeFileSync(path, '')
  truncateSync(path, 5 * GIB)
  serving = await Serving.start({ roots: [path] })
})

interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

/** Everything that comes back until the server ends the connection; the client's side stays open. */
function sendRaw(bytes: string, port = serving.port): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.write(bytes, 'latin1'))
    const chunks: Buffer[] = []
    socket.on('data', (data) => chunks.push(data))
    socket.on('error', () => undefined)
    socket.once('end', () => socket.destroy())
    socket.once('close', () => resolve(replyOf(Buffer.concat(chunks))))
  })
}

function replyOf(bytes: Buffer): Reply {
  const end = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n')
  const pairs = lines.map((line): [string, string] => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1)])
  return { status: Number(first.split(' ')[1]), headers: new Headers(pairs), body: bytes.subarray(end + 4) }
}

function expectProblem({ status, headers, body }: Reply, expected: { status: number; code: string }): void {
  expect([status, headers.get('content-type')]).toEqual([expected.status, 'application/problem+json'])
  expect(JSON.parse(String(body))).toMatchObject(expected)
  expect(headers.get('connection')?.toLowerCase()).toMatch(/\bclose\b/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
}

describe('methods', () => {
  test.each([
    ['CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n'],
    ['CONNECT with bytes behind it', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\nSSH-2.0-x\r\n'],
    ['CONNECT with a token', `CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n${BEARER}\r\n`],
    ['a method that there is not', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['a method that there is not, of HTTP/1.0', 'BREW / HTTP/1.0\r\n\r\n'],
    ['a method in lower case', 'get / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ])('%s is 501, and the connection ends', async (_what, bytes) => {
    expectProblem(await sendRaw(bytes), { status: 501, code: 'ERR_UNSUPPORTED' })
  })

  test('none that Node can parse closes the connection without an answer, or does anything', async () => {
    for (const method of METHODS) {
      const { status, body, headers } = await sendRaw(
        `${method} /raw/large.bin HTTP/1.1\r\nHost: localhost\r\n${BEARER}Range: bytes=0-3\r\nConnection: close\r\n\r\n`,
      )
      // HEAD takes no range.
      if (method === 'GET' || method === 'HEAD') expect(status, method).toBe(method === 'GET' ? 206 : 200)
      else if (method === 'CONNECT') expect(status, method).toBe(501)
      // A QUERY has to say what type its body is of before there is a route for it.
      else
        expect([method, status, JSON.parse(String(body)).status]).toEqual([
          method,
          method === 'QUERY' ? 400 : 405,
          status,
        ])
      if (status === 405) expect(headers.get('allow')?.trim(), method).toBe('GET, HEAD')
    }
  })
})

test.each([
  ['PUT', '/api/v1/documents', 405, 'GET, POST'],
  ['POST', '/api/v1/documents/nothing', 405, 'GET'],
  ['POST', '/api/v1/documents/', 404, undefined],
  ['POST', '/api/v1/documents/a/b/c', 404, undefined],
  ['DELETE', '/raw', 404, undefined],
  ['DELETE', '/raw/nothing?token=x', 405, 'GET, HEAD'],
  ['POST', '/healthz', 405, 'GET'],
  ['POST', '/nowhere', 404, undefined],
])('%s %s is %i, and says what is taken', async (method, path, status, allow) => {
  const reply = await sendRaw(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${BEARER}Connection: close\r\n\r\n`)
  expect([reply.status, reply.headers.get('allow')?.trim()]).toEqual([status, allow])
  expect(String(reply.body)).not.toContain('token')
})

describe('an upgrade to something else than a WebSocket', () => {
  const ask = (method: string, target: string, rows: string): string =>
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\n${BEARER}${H2C}${rows}\r\n`

  test('is ignored: a range past 4 GiB comes as without it, and the connection ends behind it', async () => {
    const start = 4 * GIB + 1
    const reply = await sendRaw(ask('GET', '/raw/large.bin', `Range: bytes=${start}-${start + 32 * MIB - 1}\r\n`))
    expect([reply.status, reply.body.length]).toEqual([206, 32 * MIB])
    expect(reply.headers.get('content-range')?.trim()).toBe(`bytes ${start}-${start + 32 * MIB - 1}/${5 * GIB}`)
    expect(reply.headers.get('connection')).toBe('close')
    expect((await sendRaw(ask('HEAD', '/raw/large.bin', ''))).status).toBe(200)
    expect((await sendRaw(ask('GET', '/healthz', ''))).status).toBe(200)
  })

  test('opens nothing that would be closed without it', async () => {
    const { status, body } = await sendRaw(`GET /raw/large.bin HTTP/1.1\r\nHost: localhost\r\n${H2C}\r\n`)
    expect([status, JSON.parse(String(body)).code]).toEqual([401, 'ERR_UNAUTHORIZED'])
    expect((await sendRaw(ask('GET', '/raw/nothing', ''))).status).toBe(404)
  })

  test('with a body is 501: Node does not read it any more', async () => {
    const body = 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
    const bytes = `POST /api/v1/documents HTTP/1.1\r\nHost: localhost\r\n${BEARER}${H2C}${body}`
    expectProblem(await sendRaw(bytes), { status: 501, code: 'ERR_UNSUPPORTED' })
  })

  test('of the socket is 426, which says what it takes; without any, too', async () => {
    const reply = await sendRaw(ask('GET', '/api/v1/socket', ''))
    expectProblem(reply, { status: 426, code: 'ERR_REQUEST' })
    expect(reply.headers.get('upgrade')?.trim()).toBe('websocket')
    const { status, headers } = await serving.ask('/api/v1/socket')
    expect([status, headers.upgrade, headers.connection]).toEqual([426, 'websocket', 'upgrade, close'])
  })

  test('is waited for by a server that ends', async () => {
    const { app, port } = await Serving.start({ roots: [path] })
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(ask('GET', '/raw/large.bin', `Range: bytes=0-${64 * MIB - 1}\r\n`))
    let byteLength = 0
    await new Promise((resolve) => socket.once('readable', resolve))
    const closed = closeGracefully(app, { graceMs: 20_000 })
    socket.on('data', (data) => {
      byteLength += data.length
    })
    await new Promise((resolve) => socket.once('close', resolve))
    expect(byteLength).toBeGreaterThan(64 * MIB)
    await closed
  })

  test.runIf(existsSync('/usr/bin/curl'))('curl --http2 gets its range', async () => {
    const url = `http://127.0.0.1:${serving.port}/raw/large.bin?token=${TOKEN}`
    const output = await new Promise<Buffer>((resolve) => {
      const args = ['-sS', '--http2', '-r', `${4 * GIB}-${4 * GIB + 9}`, '-w', ' %{http_code}', url]
      execFile('/usr/bin/curl', args, { encoding: 'buffer' }, (_error, stdout) => resolve(stdout))
    })
    expect(output).toEqual(Buffer.concat([Buffer.alloc(10), Buffer.from(' 206')]))
  })
})
