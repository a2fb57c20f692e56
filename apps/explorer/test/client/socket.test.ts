import type { AddressInfo } from 'node:net'
import type { ClientMessage, DocumentInfo, ServerMessage } from '@mapscope/protocol'
import { decodeClientMessage, encodeMessage } from '@mapscope/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket as NodeWebSocket, type WebSocket as ServerSocket, WebSocketServer } from 'ws'
import { SocketClient, type SocketStatus } from '../../src/client/socket.ts'
import { DocumentSession } from '../../src/document/session.ts'
import { Subscription } from '../../src/document/subscription.ts'
import { until } from '../support/until.ts'

/** A real WebSocket server that speaks the protocol; what it answers is up to the test. */
class Peer {
  readonly server: WebSocketServer
  readonly received: ClientMessage[] = []
  sockets: ServerSocket[] = []
  connections = 0
  answer: (message: ClientMessage, reply: (message: ServerMessage) => void) => void = (message, reply) => {
    if (message.type === 'ping') reply({ type: 'pong', id: message.id })
  }

  constructor(port = 0) {
    this.server = new WebSocketServer({ host: '127.0.0.1', port, handleProtocols: () => 'mapscope.v1' })
    this.server.on('connection', (socket) => {
      this.sockets.push(socket)
      const clientId = `client-${++this.connections}`
      const reply = (message: ServerMessage) => socket.send(encodeMessage(message))
      reply({ type: 'hello', version: '1', clientId, isWritable: true })
      socket.on('message', (data) => {
        const decoded = decodeClientMessage(String(data))
        if ('problem' in decoded) throw new Error(decoded.problem)
        this.received.push(decoded.message)
        this.answer(decoded.message, reply)
      })
    })
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const info: DocumentInfo = {
  id: 'document1',
  path: 'root/file',
  name: 'file',
  byteLength: 100,
  presentByteLength: 100,
  disk: 'current',
  revision: 3,
  mode: 'read-only',
}

let peer: Peer
let client: SocketClient
let statuses: SocketStatus[]
let roundTrips: number

function makeClient(port: number, options: { pingEveryMs?: number; deadlineMs?: number } = {}): SocketClient {
  statuses = []
  roundTrips = 0
  return new SocketClient({
    baseUrl: `ws://127.0.0.1:${port}`,
    onStatus: (status) => statuses.push(status),
    onChanged: () => {},
    onRoundTrip: () => roundTrips++,
    retry: { baseMs: 20, maxMs: 100 },
    WebSocket: NodeWebSocket as unknown as typeof WebSocket,
    ...options,
  })
}

const isOpen = () => client.status.kind === 'open'

beforeEach(async () => {
  peer = new Peer()
  await until(() => peer.server.address() !== null, 'the peer to listen')
  client = makeClient(peer.port)
})

afterEach(async () => {
  client.stop()
  await peer.close()
})

describe('socket client', () => {
  it('is open once it was greeted, and measures the round trip', async () => {
    client.connect()
    await until(isOpen, 'the greeting')
    await until(() => roundTrips === 1, 'the first ping')
    expect(statuses.map((status) => status.kind)).toEqual(['connecting', 'open'])
  })

  it('fails a request made without a connection at once', async () => {
    await expect(client.open('document1')).rejects.toMatchObject({ code: 'ERR_NETWORK' })
  })

  it('gives each request its own answer, in any order', async () => {
    const waiting: ((message: ServerMessage) => void)[] = []
    const ids: number[] = []
    peer.answer = (message, reply) => {
      if (message.type !== 'open') return
      waiting.push(reply)
      ids.push(message.id)
    }
    client.connect()
    await until(isOpen, 'the greeting')
    const answers = Promise.all([client.open('document1'), client.open('document2')])
    await until(() => waiting.length === 2, 'both requests')
    for (const i of [1, 0]) {
      waiting[i]?.({ type: 'opened', id: ids[i] ?? 0, document: { ...info, id: `document${i + 1}` } })
    }
    expect((await answers).map(({ document }) => document.id)).toEqual(['document1', 'document2'])
  })

  it('rejects with the code the server gives', async () => {
    peer.answer = ({ id }, reply) => {
      const problem = {
        type: 'x',
        title: 'gone',
        status: 404,
        detail: 'no such document',
        code: 'ERR_NOT_FOUND',
      } as const
      reply({ type: 'error', id, problem })
    }
    client.connect()
    await until(isOpen, 'the greeting')
    await expect(client.open('document1')).rejects.toMatchObject({
      code: 'ERR_NOT_FOUND',
      message: 'No such document.',
    })
  })

  it('rejects everything pending when the connection breaks, and comes back', async () => {
    peer.answer = () => {}
    client.connect()
    await until(isOpen, 'the greeting')
    const pending = [client.open('document1'), client.open('document2')].map((one) => one.catch((error) => error.code))
    await until(() => peer.received.length >= 2, 'the requests')
    peer.sockets[0]?.terminate()
    expect(await Promise.all(pending)).toEqual(['ERR_NETWORK', 'ERR_NETWORK'])
    await until(() => peer.connections === 2 && isOpen(), 'the second connection')
    const waiting = statuses.find((status) => status.kind === 'waiting')
    expect(waiting).toBeDefined()
  })

  it('waits longer the longer the server is away, and connects at once when told to', async () => {
    const { port } = peer
    client.connect()
    await until(isOpen, 'the greeting')
    await peer.close()
    await until(() => statuses.filter((status) => status.kind === 'waiting').length >= 3, 'three attempts')
    peer = new Peer(port)
    await until(isOpen, 'the new server')
    expect(client.status).toMatchObject({ kind: 'open', hello: { clientId: 'client-1' } })
  })

  it('gives a request up when the server stays silent', async () => {
    client.stop()
    client = makeClient(peer.port, { deadlineMs: 60, pingEveryMs: 10_000 })
    peer.answer = (message, reply) => message.type === 'ping' && reply({ type: 'pong', id: message.id })
    client.connect()
    await until(isOpen, 'the greeting')
    await expect(client.open('document1')).rejects.toMatchObject({ code: 'ERR_DEADLINE' })
  })

  it('takes a server that answers no ping for a lost connection', async () => {
    client.stop()
    client = makeClient(peer.port, { deadlineMs: 50, pingEveryMs: 20 })
    peer.answer = () => {}
    client.connect()
    await until(() => peer.connections >= 2, 'another connection')
  })

  it('reports the progress of a search and cancels it at once', async () => {
    let searchId = 0
    peer.answer = (message, reply) => {
      if (message.type !== 'search') return
      searchId = message.id
      reply({ type: 'progress', id: message.id, scanned: 5, total: 10 })
    }
    client.connect()
    await until(isOpen, 'the greeting')
    const controller = new AbortController()
    let scanned = 0
    const search = client.search({
      documentId: 'document1',
      query: { kind: 'hex', text: '00' },
      from: 0,
      direction: 'forward',
      signal: controller.signal,
      onProgress: (count) => {
        scanned = count
      },
    })
    await until(() => scanned === 5, 'progress')
    controller.abort()
    await expect(search).rejects.toMatchObject({ name: 'AbortError' })
    await until(() => peer.received.some((message) => message.type === 'cancel'), 'the cancel message')
    expect(peer.received.find((message) => message.type === 'cancel')).toEqual({ type: 'cancel', id: searchId })
  })

  it('re-opens the document on every connection, by its path when the server has forgotten it', async () => {
    let knownId = 'document1'
    const opened: string[] = []
    peer.answer = (message, reply) => {
      if (message.type === 'ping') reply({ type: 'pong', id: message.id })
      if (message.type !== 'open') return
      opened.push(message.documentId)
      const problem = { type: 'x', title: 'x', status: 404, detail: 'x', code: 'ERR_NOT_FOUND' } as const
      if (message.documentId === knownId) reply({ type: 'opened', id: message.id, document: { ...info, id: knownId } })
      else reply({ type: 'error', id: message.id, problem })
    }
    const session = new DocumentSession({
      info,
      http: { readBytes: () => new Promise(() => {}), getDocument: () => new Promise(() => {}) },
      onInfo: () => {},
      onFailure: () => {},
    })
    let attached = 0
    const subscription = new Subscription({
      session,
      socket: client,
      http: { openDocument: async () => ({ ...info, id: knownId, revision: 1, byteLength: 50 }) },
      isOwn: () => false,
      onAttached: () => attached++,
      onLost: (error) => {
        throw error
      },
    })
    client.connect()
    await until(isOpen, 'the greeting')
    await subscription.attach()
    expect(attached).toBe(1)
    knownId = 'document2'
    peer.sockets[0]?.terminate()
    await until(() => peer.connections === 2 && isOpen(), 'the second connection')
    await subscription.attach()
    expect(opened).toEqual(['document1', 'document1', 'document2'])
    expect(session.info).toMatchObject({ id: 'document2', revision: 3 })
    expect(attached).toBe(2)
    session.dispose()
  })
})
