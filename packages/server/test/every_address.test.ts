import { truncateSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { connect, createServer, type Server as Listener, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectSecurely, type TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { fingerprint, selfSigned } from '../src/guard/self_signed.ts'
import { closeGracefully } from '../src/lifecycle/close_gracefully.ts'
import { Connections } from '../src/lifecycle/connections.ts'
import { httpServer } from '../src/lifecycle/http_server.ts'
import { atEnd } from './support/at_end.ts'
import { eventually } from './support/eventually.ts'
import { resolveBoth } from './support/localhost.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const HOSTS = ['127.0.0.1', '::1']
const path = join(temporaryFolder(), 'large.bin')
const authorization = `Bearer ${TOKEN}`

beforeAll(() => {
  resolveBoth()
  writeFileSync(path, '')
  truncateSync(path, 5 * 1024 ** 3)
})

/** Everything that comes back until the server ends the connection. */
function sendRaw(socket: Socket, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      text += data.toString('latin1')
    })
    socket.once('close', () => resolve(text))
    socket.write(bytes)
  })
}

interface Download {
  readonly response: IncomingMessage
  readonly byteLength: Promise<number>
}

/** Stands still behind its first bytes until somebody resumes it. */
async function download(host: string, port: number, start: number): Promise<Download> {
  const headers = { host: `localhost:${port}`, authorization, range: `bytes=${start}-${start + 64 * 1024 ** 2 - 1}` }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host, port, path: '/raw/large.bin', headers, agent: false }, resolve).once('error', reject).end()
  })
  let count = 0
  response.on('error', () => undefined)
  const byteLength = new Promise<number>((resolve) => response.once('close', () => resolve(count)))
  response.on('data', (data: Buffer) => {
    count += data.length
    if (count === data.length) response.pause()
  })
  return { response, byteLength }
}

const listenerAt = (host: string, port: number): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const listener: Listener = createServer().once('error', reject)
    listener.listen({ host, port }, () => resolve(listener))
  })

describe('a server on localhost, which is two addresses', () => {
  test.each(HOSTS)('at %s answers what is no HTTP by problem details', async (host) => {
    const { port } = await Serving.start({ roots: [path] }, 'localhost')
    const text = await sendRaw(connect({ host, port }), 'garbage\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text.toLowerCase()).toContain('content-type: application/problem+json')
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'ERR_REQUEST' })
  })

  test('shows a renewed certificate at both', async () => {
    const [first, second] = [selfSigned(['localhost']), selfSigned(['localhost'])]
    const { app, port } = await Serving.start({ roots: [path], tls: first }, 'localhost')
    const shown = (host: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket: TLSSocket = connectSecurely({ host, port, rejectUnauthorized: false }, () => {
          resolve(socket.getPeerCertificate().fingerprint256)
          socket.destroy()
        }).once('error', reject)
      })
    for (const host of HOSTS) expect(await shown(host), host).toBe(fingerprint(first.cert))
    app.reconfigure({ tls: second })
    for (const host of HOSTS) expect(await shown(host), host).toBe(fingerprint(second.cert))
  })

  test('takes sockets at both', async () => {
    const { port } = await Serving.start({ roots: [path] }, 'localhost')
    for (const host of HOSTS) {
      const headers = { authorization, host: `localhost:${port}` }
      const client = await SocketClient.connect(port, { headers, host: host === '::1' ? '[::1]' : host })
      await client.next('pong', client.send({ type: 'ping' }))
      await client.close()
    }
  })

  test.each(['plain', 'secure'])('answers from the shortcut at both, past 4 GiB (%s)', async (kind) => {
    const tls = kind === 'secure' ? selfSigned(['localhost']) : undefined
    const { port } = await Serving.start({ roots: [path], tls }, 'localhost')
    const start = 4 * 1024 ** 3 + 1
    const asked = (rows: string): string =>
      `GET /raw/large.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\nRange: bytes=${start}-${start + 3}\r\n${rows}\r\n`
    for (const host of HOSTS) {
      const socket = tls ? connectSecurely({ host, port, rejectUnauthorized: false }) : connect({ host, port })
      socket.write(asked(''))
      await new Promise((resolve) => socket.once('data', resolve))
      const text = await sendRaw(socket, `${asked('')}${asked('Connection: close\r\n')}`)
      expect(text.match(/HTTP\/1\.1 206 /g), host).toHaveLength(2)
    }
  })

  test('closing: downloads at both may finish, and then nobody listens at either', async () => {
    const { app, port } = await Serving.start({ roots: [path] }, 'localhost')
    const start = 4 * 1024 ** 3
    const downloads = await Promise.all(HOSTS.map((host) => download(host, port, start)))
    expect(app.connections.count).toBe(2)
    const closed = closeGracefully(app, { graceMs: 20_000 })
    for (const host of HOSTS) {
      const text = await sendRaw(connect({ host, port }), 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      expect(text, host).toMatch(/^HTTP\/1\.1 503 /)
    }
    for (const { response } of downloads) response.resume()
    for (const { byteLength } of downloads) expect(await byteLength).toBe(64 * 1024 ** 2)
    await closed
    for (const host of HOSTS) (await listenerAt(host, port)).close()
  })

  test('closing: what stands still at either is broken off', async () => {
    const { app, port } = await Serving.start({ roots: [path] }, 'localhost')
    const downloads = await Promise.all(HOSTS.map((host) => download(host, port, 0)))
    await closeGracefully(app, { graceMs: 100 })
    for (const { response, byteLength } of downloads) {
      response.resume()
      expect(await byteLength).toBeLessThan(64 * 1024 ** 2)
    }
    expect(app.connections.count).toBe(0)
  })

  test.each(HOSTS)('does not share its port with another program at %s, and listens once it is free', async (host) => {
    const taken = await listenerAt(host, 0)
    const { port } = taken.address() as { port: number }
    const app = await buildApp({ roots: [path], token: TOKEN })
    atEnd(() => app.close())
    await expect(app.listen({ host: 'localhost', port })).rejects.toThrow('EADDRINUSE')
    // Nothing of the attempt is left at the other one.
    for (const other of HOSTS) if (other !== host) (await listenerAt(other, port)).close()
    await new Promise((resolve) => taken.close(resolve))
    await app.listen({ host: 'localhost', port })
    for (const each of HOSTS) {
      const text = await sendRaw(connect({ host: each, port }), 'GET / HTTP/1.0\r\nHost: localhost\r\n\r\n')
      expect(text, each).toMatch(/^HTTP\/1\.1 \d/)
    }
  })
})

test('connections are counted over both addresses, and what is more than the limit is closed as it comes', async () => {
  const server = httpServer((_request, response) => response.end('here'), undefined)
  const connections = new Connections(server, 3)
  await new Promise<void>((resolve) => server.listen({ host: 'localhost', port: 0 }, resolve))
  atEnd(() => {
    connections.destroyAll()
    server.close()
  })
  const { port } = server.address() as { port: number }
  const open = ['127.0.0.1', '::1', '::1'].map((host) => connect({ host, port }).on('error', () => undefined))
  await eventually(() => expect(connections.count).toBe(3))
  for (const host of HOSTS) {
    const over = connect({ host, port })
      .on('error', () => undefined)
      .resume()
    await new Promise((resolve) => over.once('close', resolve))
  }
  open[1]?.destroy()
  await eventually(() => expect(connections.count).toBe(2))
  expect(await sendRaw(connect({ host: '::1', port }), 'GET / HTTP/1.0\r\n\r\n')).toContain('here')
  for (const socket of open) socket.destroy()
})
