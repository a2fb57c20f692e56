import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type SearchQuery, SOCKET_PROTOCOL } from '@mapscope/protocol'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import { openServices } from '../src/open_services.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { SocketSession } from '../src/socket/session.ts'
import { eventually } from './support/eventually.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const DENSE_BYTE_LENGTH = 256 * 1024 ** 2
let serving: Serving
let client: SocketClient
let sparseId: string
let denseId: string
let slowId: string

beforeAll(async () => {
  mkdirSync(root)
  makeSparse(join(root, 'sparse'))
  writeFileSync(join(root, 'dense'), randomBytes(DENSE_BYTE_LENGTH))
  makeSlow(join(root, 'slow'))
  serving = await Serving.start({ roots: [root] })
  sparseId = (await serving.open('root/sparse')).id
  denseId = (await serving.open('root/dense')).id
  slowId = (await serving.open('root/slow')).id
})

beforeEach(async () => {
  client = await SocketClient.connect(serving.port)
  return () => client.socket.terminate()
})

const hex = (bytes: string): string => Buffer.from(bytes).toString('hex')

function search(
  documentId: string,
  options: { text: string; kind?: 'hex' | 'text'; from?: number; direction?: 'forward' | 'backward' },
): number {
  const { text, kind = 'text', from = 0, direction = 'forward' } = options
  return client.send({ type: 'search', documentId, query: { kind, text }, from, direction })
}

/** A needle that random bytes do not hold, so that a search has to go through all of them. */
const ABSENT = 'nowhere in the whole of this file, surely'

test('hello comes first, with an id of its own for each client', async () => {
  const hello = await client.next('hello')
  expect(hello).toMatchObject({ isWritable: false, version: expect.any(String) })
  const other = await SocketClient.connect(serving.port)
  expect((await other.next('hello')).clientId).not.toBe(hello.clientId)
  await other.close()
})

test('a message sent with the upgrade is answered', async () => {
  const id = client.send({ type: 'ping' })
  expect(await client.next('pong', id)).toEqual({ type: 'pong', id })
})

test('opening what is not open is an error with the id of the request', async () => {
  const id = client.send({ type: 'open', documentId: 'aaaaaaaaaaaaaaaa' })
  expect((await client.next('error', id)).problem).toMatchObject({ code: 'ERR_NOT_FOUND', status: 404 })
  await client.next('closed', client.send({ type: 'close', documentId: 'aaaaaaaaaaaaaaaa' }))
})

describe('searching 15 TiB', () => {
  test.each(MARKS)('the mark at $offset, as text and as hex', async ({ offset, text }) => {
    const found = await client.next('found', search(sparseId, { text }))
    expect(found).toMatchObject({ offset, byteLength: text.length, isWrapped: false, unreadable: [] })
    expect(await client.next('found', search(sparseId, { kind: 'hex', text: hex(text) }))).toMatchObject({ offset })
  })

  test('the next, the one before, and round the ends', async () => {
    const next = async (from: number, direction: 'forward' | 'backward'): Promise<[number, boolean]> => {
      const { offset, isWrapped } = await client.next('found', search(sparseId, { text: 'mark at', from, direction }))
      return [offset, isWrapped]
    }
    const [first, second, third] = MARKS.map((mark) => mark.offset) as [number, number, number]
    expect(await next(0, 'forward')).toEqual([first, false])
    expect(await next(1, 'forward')).toEqual([second, false])
    expect(await next(third, 'forward')).toEqual([third, false])
    expect(await next(third + 1, 'forward')).toEqual([first, true])
    expect(await next(third, 'backward')).toEqual([second, false])
    expect(await next(0, 'backward')).toEqual([third, true])
    // Beyond the end is the end: a caret may stand behind the last byte.
    expect(await next(SPARSE_BYTE_LENGTH, 'backward')).toEqual([third, false])
    expect(await next(Number.MAX_SAFE_INTEGER, 'forward')).toEqual([first, true])
  })

  test('absent', async () => {
    expect(await client.next('absent', search(sparseId, { text: ABSENT }))).toMatchObject({ unreadable: [] })
  })
})

test.each([
  ['hex', 'xyz'],
  ['hex', 'f'],
  ['hex', '   '],
  ['text', '\ud800'],
])('a %s query %j is refused in words', async (kind, text) => {
  const id = search(denseId, { kind: kind as 'hex' | 'text', text })
  const { problem } = await client.next('error', id)
  expect(problem.code).toBe('ERR_REQUEST')
  expect(problem.detail.length).toBeGreaterThan(10)
})

/** Between two of the marks, so that each is met forward, backward and round the end. */
const NUMBERS = Buffer.alloc(8)
NUMBERS.writeDoubleLE(1234.5)

test('every kind of query, past 4 GiB, forward, backward and round the end', async () => {
  const path = join(root, 'kinds')
  const place = 5 * 1024 ** 3 + 7
  writeFileSync(path, '')
  truncateSync(path, 6 * 1024 ** 3)
  const fd = openSync(path, 'r+')
  writeSync(
    fd,
    Buffer.concat([Buffer.from('Key-0042;', 'latin1'), NUMBERS, Buffer.from('Gr\u00fc\u00dfe', 'utf16le')]),
    0,
    27,
    place,
  )
  closeSync(fd)
  const { id: documentId } = await serving.open('root/kinds')
  const cases: [SearchQuery, { offset: number; byteLength: number; which?: number }][] = [
    [
      { kind: 'hex', text: '4B ?? 7? [2-6] 3B' },
      { offset: place, byteLength: 9 },
    ],
    [
      { kind: 'text', text: 'gR\u00dc\u00dfE', encoding: 'utf-16le', isCaseInsensitive: true },
      { offset: place + 17, byteLength: 10 },
    ],
    [
      { kind: 'number', text: '1234.4..1234.6', type: 'f64' },
      { offset: place + 9, byteLength: 8 },
    ],
    [
      { kind: 'regexp', text: '(?<=\\0)key-\\d+(?=;)', isCaseInsensitive: true },
      { offset: place, byteLength: 8 },
    ],
    [
      { kind: 'needles', text: '01 02 03\n2D 30' },
      { offset: place + 3, byteLength: 2, which: 1 },
    ],
  ]
  for (const [query, hit] of cases) {
    const told = JSON.stringify(query)
    const ask = (from: number, direction: 'forward' | 'backward') =>
      client.next('found', client.send({ type: 'search', documentId, query, from, direction }))
    expect(await ask(0, 'forward'), told).toMatchObject({ ...hit, isWrapped: false, unreadable: [] })
    expect(await ask(hit.offset + 1, 'forward'), told).toMatchObject({ ...hit, isWrapped: true })
    expect(await ask(6 * 1024 ** 3, 'backward'), told).toMatchObject({ ...hit, isWrapped: false })
    expect(await ask(hit.offset, 'backward'), told).toMatchObject({ ...hit, isWrapped: true })
  }
})

test('a catastrophic expression is cancelled at once, and the next search has its place', async () => {
  const path = join(root, 'aaa')
  writeFileSync(path, `${'a'.repeat(5_000)}b`)
  const { id: documentId } = await serving.open('root/aaa')
  for (let round = 0; round < 6; round++) {
    const query = { kind: 'regexp', text: '(?:a+)+c' } as const
    const id = client.send({ type: 'search', documentId, query, from: 0, direction: 'forward' })
    await client.next('progress', id)
    client.socket.send(JSON.stringify({ type: 'cancel', id }))
    await client.next('cancelled', id)
  }
  await client.next('found', search(documentId, { text: 'b' }))
})

test('the longest text is searched for', async () => {
  await client.next('absent', search(denseId, { text: 'x'.repeat(65_536) }))
})

/** A file of 15,000 islands in holes: a search has to stop at each, and takes seconds without reading much. */
function makeSlow(path: string, pieces = 15_000): void {
  const fd = openSync(path, 'w')
  for (let n = 0; n < pieces; n++) writeSync(fd, 'x', n * 65_536)
  closeSync(fd)
}

test('cancelled at once, and only once', async () => {
  const id = search(slowId, { text: ABSENT })
  const startMs = performance.now()
  client.socket.send(JSON.stringify({ type: 'cancel', id }))
  client.socket.send(JSON.stringify({ type: 'cancel', id }))
  client.socket.send(JSON.stringify({ type: 'cancel', id: 12_345 }))
  expect(await client.next('cancelled', id)).toEqual({ type: 'cancelled', id })
  // The search itself takes seconds.
  expect(performance.now() - startMs).toBeLessThan(2_000)
  await client.next('pong', client.send({ type: 'ping' }))
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(client.received.filter((message) => message.type !== 'hello')).toEqual([])
})

test('an id that is in use is refused without it, and its search goes on', async () => {
  const id = search(slowId, { text: ABSENT })
  client.socket.send(
    JSON.stringify({
      type: 'search',
      id,
      documentId: slowId,
      query: { kind: 'text', text: 'a' },
      from: 0,
      direction: 'forward',
    }),
  )
  const { problem, ...error } = await client.next('error')
  expect([problem.code, error]).toEqual(['ERR_REQUEST', { type: 'error' }])
  expect(await client.next('absent', id)).toBeDefined()
})

test('a flood of 100 searches: four run, the others are refused, and the server answers meanwhile', async () => {
  const ids = Array.from({ length: 100 }, () => search(denseId, { text: ABSENT }))
  const startMs = performance.now()
  await client.next('pong', client.send({ type: 'ping' }))
  expect(performance.now() - startMs).toBeLessThan(5_000)
  const refused = await Promise.all(ids.slice(4).map(async (id) => (await client.next('error', id)).problem.code))
  expect(new Set(refused)).toEqual(new Set(['ERR_TOO_MANY']))
  for (const id of ids.slice(0, 4)) await client.next('absent', id)
  await client.next('absent', search(denseId, { text: ABSENT }))
})

test('a client that vanishes in the middle of a search leaves nothing behind', async () => {
  const services = await openServices({ roots: [root], token: TOKEN }, serving.app.log)
  const { document } = services.documents.open(parseWirePath('root/slow'))
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SOCKET_PROTOCOL })
  server.on('connection', (socket, { socket: transport }) => {
    new SocketSession({ socket, transport, services, principal: LINK_PRINCIPAL, log: serving.app.log })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const lone = await SocketClient.connect((server.address() as AddressInfo).port)
  await lone.open(document.id)
  lone.send({
    type: 'search',
    documentId: document.id,
    query: { kind: 'text', text: ABSENT },
    from: 0,
    direction: 'forward',
  })
  await lone.next('progress')
  expect([document.isHeld, document.isSubscribed]).toEqual([true, true])
  lone.socket.terminate()
  const startMs = performance.now()
  await eventually(() => expect([document.isHeld, document.isSubscribed]).toEqual([false, false]))
  // The search would have gone on for seconds.
  expect(performance.now() - startMs).toBeLessThan(2_500)
  server.close()
  await services.close()
})

test('progress: all the time, never two within 100 ms, and rising to the end', async () => {
  makeSlow(join(root, 'slower'), 30_000)
  const { id: slowerId } = await serving.open('root/slower')
  const arrivals: { atMs: number; scanned: number; total: number }[] = []
  client.socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; scanned: number; total: number }
    if (message.type === 'progress')
      arrivals.push({ atMs: performance.now(), scanned: message.scanned, total: message.total })
  })
  const startMs = performance.now()
  await client.next('absent', search(slowerId, { text: ABSENT, from: 1_000_000 }))
  const elapsedMs = performance.now() - startMs
  // Five a second, of which a busy machine's timers may lose many.
  expect(arrivals.length).toBeGreaterThanOrEqual(Math.floor((elapsedMs / 1_000) * 2) - 1)
  expect(arrivals.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 100))
  const scanned = arrivals.map((arrival) => arrival.scanned)
  expect(scanned).toEqual([...scanned].sort((a, b) => a - b))
  expect(scanned.at(-1)).toBeGreaterThan(0)
  for (const { scanned, total } of arrivals) expect(scanned).toBeLessThanOrEqual(total)
})

test('a search over a file that was cut says what it could not look at', async () => {
  const path = join(root, 'cut')
  writeFileSync(path, randomBytes(1_000_000))
  const { id } = await serving.open('root/cut')
  truncateSync(path, 500_000)
  const absent = await client.next('absent', search(id, { text: ABSENT }))
  expect(absent.unreadable).toEqual([{ start: 500_000, end: 1_000_000 }])
})

describe('whatever a client sends', () => {
  test.each([
    '',
    'garbage',
    '{',
    '[]',
    'null',
    '{"type":"nothing","id":1}',
    '{"type":"open"}',
    `"${'x'.repeat(100_000)}"`,
    '{"type":"ping","id":1,"__proto__":{"a":1}}',
  ])('text %.40j is an error without an id, and the connection lives', async (text) => {
    client.socket.send(text)
    const { problem, ...error } = await client.next('error')
    expect([problem.code, error]).toEqual(['ERR_REQUEST', { type: 'error' }])
    expect(problem.detail.length).toBeLessThan(300)
    await client.next('pong', client.send({ type: 'ping' }))
  })

  test('a binary frame too', async () => {
    client.socket.send(Buffer.from('{"type":"ping","id":1}'))
    expect((await client.next('error')).problem.detail).toContain('binary')
    await client.next('pong', client.send({ type: 'ping' }))
  })

  test('a huge frame ends the connection with 1009, and nobody else notices', async () => {
    client.socket.send('x'.repeat(1024 ** 2))
    expect(await client.closed).toBe(1009)
    expect((await serving.ask('/api/v1/health')).status).toBe(200)
  })

  test('broken frames and broken UTF-8 end only that connection', async () => {
    // A reserved opcode, unmasked: straight into the TCP stream.
    const raw = (client.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket
    raw.write(Buffer.from([0x8f, 0x7f, 0xff, 0xff]))
    await client.closed
    const other = await SocketClient.connect(serving.port)
    await other.next('hello')
    await other.close()
  })

  test('1,000 messages at once are all answered', async () => {
    const ids = Array.from({ length: 1_000 }, () => client.send({ type: 'ping' }))
    for (const id of ids) await client.next('pong', id)
  })

  test('a client that reads nothing is dropped, and does not grow the server', async () => {
    client.socket.pause()
    const before = process.memoryUsage().rss
    // Refused with what it begins with: the longer the answers, the sooner they are too many.
    const flood = JSON.stringify('中'.repeat(200))
    for (let n = 0; n < 400_000 && client.socket.readyState === WebSocket.OPEN; n++) {
      client.socket.send(flood)
      if (n % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
      if (n % 500 === 0 && serving.app.websocketServer.clients.size === 0) break
    }
    await eventually(() => expect(serving.app.websocketServer.clients.size).toBe(0), 15_000)
    expect((process.memoryUsage().rss - before) / 1024 ** 2).toBeLessThan(300)
  })
})

describe('the subprotocol', () => {
  test.each([[[]], [['mapscope.v2']], [['chat', 'mapscope']]])('%j is refused with 400', async (protocols) => {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}/api/v1/socket`, protocols, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode)
        response.destroy()
      })
      socket.once('open', () => resolve('open'))
      socket.on('error', () => undefined)
    })
    expect(status).toBe(400)
  })

  test('ours among others is taken', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}/api/v1/socket`, ['chat', 'mapscope.v1'], {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    await new Promise((resolve) => socket.once('open', resolve))
    expect(socket.protocol).toBe('mapscope.v1')
    expect(socket.extensions).toBe('')
    socket.terminate()
  })

  test('a plain GET is told what this is', async () => {
    expect((await serving.ask('/api/v1/socket')).status).toBe(426)
  })
})
