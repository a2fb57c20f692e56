import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const path = join(temporaryFolder(), 'a.bin')
writeFileSync(path, 'evidence')
let serving: Serving

beforeAll(async () => {
  serving = await Serving.start({ roots: [path] })
})

/** Everything that comes back until the server ends the connection; the client's side stays open. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: serving.port, host: '127.0.0.1', allowHalfOpen: true }, () =>
      socket.write(bytes, 'latin1'),
    )
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.once('end', () => socket.destroy())
    socket.once('close', () => resolve(text))
  })
}

const upgrade = (rows: string): string =>
  `GET /api/v1/socket HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: mapscope.v1\r\n${rows}\r\n`

test.each<[string, number, string, string]>([
  ['no HTTP', 400, 'ERR_REQUEST', 'garbage\r\n\r\n'],
  ['a TLS hello', 400, 'ERR_REQUEST', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['a version that there is not', 400, 'ERR_REQUEST', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n'],
  ['a method that there is not', 400, 'ERR_REQUEST', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a length below zero', 400, 'ERR_REQUEST', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n'],
  [
    'two ways to say the length',
    400,
    'ERR_REQUEST',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  [
    'a chunk that is none',
    400,
    'ERR_REQUEST',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ],
  [
    'a flood of headers',
    431,
    'ERR_TOO_LARGE',
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: yyyyyyyy\r\n'.repeat(200_000)}\r\n`,
  ],
  ['an address without end', 431, 'ERR_TOO_LARGE', `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`],
  [
    'chunk extensions without end',
    413,
    'ERR_TOO_LARGE',
    `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(200_000)}\r\n`,
  ],
  ['another expectation', 417, 'ERR_REQUEST', 'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: nonsense\r\n\r\n'],
  ['a handshake without a key', 400, 'ERR_REQUEST', upgrade('Sec-WebSocket-Version: 13\r\n')],
  [
    'a handshake of another version',
    400,
    'ERR_REQUEST',
    upgrade('Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'),
  ],
])('%s is %i as problem details, and the connection ends', async (_what, status, code, bytes) => {
  const text = await sendRaw(bytes)
  const [head = '', body = ''] = text.split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\S`))
  const headers = head.toLowerCase()
  for (const row of ['connection: close', 'content-type: application/problem+json', 'x-content-type-options: nosniff'])
    expect(headers).toContain(row)
  expect(headers).toContain(`content-length: ${body.length}`)
  expect(JSON.parse(body)).toMatchObject({ status, code, type: `urn:mapscope:problem:${code}` })
  expect(text.match(/HTTP\/1\.1 \d/g)).toHaveLength(1)
})

test.each(['GET / HTTP/1.1\r\n', 'GET /raw/a.bin HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n'])(
  'no Host, and two, are 400 as problem details: %j',
  async (bytes) => {
    const text = await sendRaw(`${bytes}Connection: close\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1.1 400 /)
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'ERR_REQUEST', status: 400 })
  },
)

test('what comes before something that is no HTTP is answered first, each wholly', async () => {
  const good = `GET /raw/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`
  const text = await sendRaw(`${good}${good}garbage\r\n\r\n`)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400'])
  expect(text.match(/\r\n\r\nevidenceHTTP/g)).toHaveLength(2)
})

test.each(['HTTP/1.0\r\n', 'HTTP/1.1\r\nConnection: close\r\n'])(
  'a request that ends the connection is answered whatever is sent behind it: %j',
  async (version) => {
    const last = `GET /raw/a.bin ${version}Host: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`
    const text = await sendRaw(`${last}GET /raw/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nevidence$/)
  },
)

test('another expectation behind other requests is answered in its turn, and so are those before it', async () => {
  const good = `GET /raw/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`
  const text = await sendRaw(`${good}\r\n${good}\r\n${good}Expect: nonsense\r\n\r\n${good}\r\n`)
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 417'])
  expect(JSON.parse(text.split('\r\n\r\n').at(-1) ?? '')).toMatchObject({ status: 417, code: 'ERR_REQUEST' })
})

test('an upgrade that does not wait for the answers before it ends the connection, without a token as well', async () => {
  const health = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const handshake = upgrade('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n')
  for (const asked of [handshake, handshake.replace(/Authorization[^\r]*\r\n/, '')])
    expect(await sendRaw(`${health}${asked}`)).not.toContain(' 101 ')
})
