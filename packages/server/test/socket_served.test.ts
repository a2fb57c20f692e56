import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { mergeRanges } from '@mapscope/core/shared'
import { SOCKET_PROTOCOL } from '@mapscope/protocol'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Document } from '../src/documents/document.ts'
import type { ServerEvent } from '../src/events/server_event.ts'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import { openServices } from '../src/open_services.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { SocketSession } from '../src/socket/session.ts'
import { atEnd } from './support/at_end.ts'
import { eventually } from './support/eventually.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const principal = LINK_PRINCIPAL
const heard: ServerEvent[] = []
let client: SocketClient
let document: Document
let port: number

beforeAll(async () => {
  mkdirSync(root)
  writeFileSync(join(root, 'file'), Buffer.alloc(8 * 1024 ** 2, 'some bytes'))
  const serving = await Serving.start({ roots: [root] })
  const services = await openServices({ roots: [root], token: TOKEN }, serving.app.log)
  document = services.documents.open(parseWirePath('root/file')).document
  services.events.listen((event) => heard.push(event))
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => SOCKET_PROTOCOL })
  server.on('connection', (socket, { socket: transport }) => {
    new SocketSession({ socket, transport, services, principal, log: serving.app.log })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  port = (server.address() as AddressInfo).port
  atEnd(async () => {
    server.close()
    await services.close()
  })
})

beforeEach(async () => {
  heard.splice(0)
  client = await SocketClient.connect(port)
  return () => client.socket.terminate()
})

function read(end: number): number {
  const ranges = [
    { start: 100, end: 4196 },
    { start: 5000, end },
  ]
  return client.send({ type: 'read', documentId: document.id, stream: 0, priority: 'bulk', ranges })
}

const common = { kind: 'served', principal, via: 'socket', path: 'root/file', status: 0 }

test('what was served is told: who, which bytes of which state, how it ended', async () => {
  await client.answer(read(6000))
  const ranges = [
    { start: 100, end: 4196 },
    { start: 5000, end: 6000 },
  ]
  expect(heard).toEqual([{ ...common, etag: document.etag, ranges, outcome: 'complete' }])
})

test('patches are served bytes as well: those that are there when the watch begins, and those that change', async () => {
  await client.next('opened', client.send({ type: 'open', documentId: document.id }))
  const ranges = [{ start: 5000, end: 9000 }]
  await client.next(
    'watching',
    client.send({ type: 'watch', documentId: document.id, stream: 0, ranges, hasPatches: true }),
  )
  await eventually(() => expect(heard).toMatchObject([{ ...common, outcome: 'complete' }]))
  const [first] = heard
  expect(first?.kind === 'served' ? mergeRanges(first.ranges) : []).toEqual(ranges)
  const fd = openSync(join(root, 'file'), 'r+')
  writeSync(fd, '!!!!!', 6000)
  closeSync(fd)
  await eventually(() =>
    expect(heard.flatMap((event) => (event.kind === 'served' ? event.ranges : []))).toContainEqual({
      start: 6000,
      end: 6005,
    }),
  )
})

test('of a search, what was looked for and where it was found', async () => {
  const query = { kind: 'text', text: 'bytes' } as const
  const search = (text: string): number =>
    client.send({
      type: 'search',
      documentId: document.id,
      query: { ...query, text },
      from: 100_000,
      direction: 'forward',
    })
  const { offset } = await client.next('found', search('bytes'))
  await client.next('absent', search('no such words'))
  const searched = { kind: 'searched', principal, path: 'root/file', etag: document.etag }
  expect(heard).toEqual([
    { ...searched, query, ranges: [{ start: offset, end: offset + 5 }] },
    { ...searched, query: { kind: 'text', text: 'no such words' }, ranges: [] },
  ])
})

test('of a read that is cancelled, what went out before', async () => {
  const id = read(8 * 1024 ** 2)
  const sentByteLength = (): number => client.frames.reduce((sum, { payload }) => sum + payload.length, 0)
  await eventually(() => expect(sentByteLength()).toBe(4 * 1024 ** 2))
  client.socket.send(JSON.stringify({ type: 'cancel', id }))
  await client.answer(id)
  const end = 5000 + 4 * 1024 ** 2 - 4096
  expect(heard).toMatchObject([
    {
      outcome: 'aborted',
      ranges: [
        { start: 100, end: 4196 },
        { start: 5000, end },
      ],
    },
  ])
})

test('of a file that was cut, what could be read', async () => {
  truncateSync(join(root, 'file'), 5500)
  await client.answer(read(6000))
  expect(heard).toMatchObject([
    {
      outcome: 'unreadable',
      ranges: [
        { start: 100, end: 4196 },
        { start: 5000, end: 5500 },
      ],
    },
  ])
})
