import { truncateSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { closeGracefully } from '../src/lifecycle/close_gracefully.ts'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ask, problemOf, Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const path = join(folder, 'large.bin')
const BYTE_LENGTH = 64 * 1024 * 1024
const authorization = `Bearer ${TOKEN}`

beforeAll(() => {
  writeFileSync(path, '')
  truncateSync(path, BYTE_LENGTH)
})

/** A download that stands still after its first bytes. */
async function startDownload(
  port: number,
  headers: Record<string, string> = { authorization },
): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/raw/large.bin', headers, agent: false }, resolve).once('error', reject)
  })
  response.on('error', () => undefined).pause()
  await new Promise((resolve) => response.once('readable', resolve))
  return response
}

async function countBytes(response: IncomingMessage): Promise<number> {
  let count = 0
  response.on('data', (chunk: Buffer) => {
    count += chunk.length
  })
  response.resume()
  await new Promise((resolve) => response.once('close', resolve))
  return count
}

test('closing: a download under way finishes, nothing new begins, sockets hear 1001, and health says so', async () => {
  const { app, port } = await Serving.start({ roots: [path] })
  const download = await startDownload(port)
  const client = await SocketClient.connect(port, { headers: { authorization } })
  const left = new Promise<number>((resolve) => client.socket.once('close', resolve))
  const closed = closeGracefully(app, { graceMs: 20_000 }).then(() => 'closed')
  expect(await left).toBe(1001)
  const health = await ask(port, '/healthz')
  expect([health.status, JSON.parse(String(health.body)), health.headers.connection]).toEqual([
    503,
    { status: 'closing' },
    'close',
  ])
  for (const asked of ['/raw/large.bin', '/api/v1/documents', '/']) {
    const refused = await ask(port, asked, { headers: { authorization } })
    expect([refused.status, problemOf(refused).code, refused.headers['retry-after']]).toEqual([503, 'ERR_CLOSING', '5'])
  }
  expect(await countBytes(download)).toBe(BYTE_LENGTH)
  expect(download.complete).toBe(true)
  expect(await closed).toBe('closed')
  await expect(ask(port, '/healthz')).rejects.toThrow('ECONNREFUSED')
})

test('closing: what stands still when the grace is over is broken off', async () => {
  const { app, port } = await Serving.start({ roots: [path] })
  const download = await startDownload(port)
  const paused = await SocketClient.connect(port, { headers: { authorization } })
  paused.socket.pause()
  await closeGracefully(app, { graceMs: 200 })
  expect(await countBytes(download)).toBeLessThan(BYTE_LENGTH)
  expect(download.complete).toBe(false)
  paused.socket.terminate()
})

test('closing: tasks are run and waited for, a failed one ends nothing, and a late one is not waited for', async () => {
  const { app } = await Serving.start({ roots: [path] })
  const done: string[] = []
  app.lifecycle.whenClosing(async () => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    done.push('saved')
  })
  app.lifecycle.whenClosing(async () => {
    done.push('failed')
    throw new Error('no room')
  })
  app.lifecycle.whenClosing(async () => await new Promise(() => undefined))
  const forget = app.lifecycle.whenClosing(async () => {
    done.push('forgotten')
  })
  forget()
  await closeGracefully(app, { graceMs: 300 })
  expect(done).toEqual(['failed', 'saved'])
})

test('an upgrade without the token leaves no connection behind, though its client keeps its side open', async () => {
  const { app, port } = await Serving.start({ roots: [path] })
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => undefined)
  let answer = ''
  socket.on('data', (data) => {
    answer += String(data)
  })
  socket.write('GET /api/v1/socket HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await eventually(() => expect(answer).toContain('"code":"ERR_'))
  await eventually(async () => {
    expect(await new Promise((resolve) => app.server.getConnections((_error, count) => resolve(count)))).toBe(0)
  })
  socket.destroy()
})

test('SIGTERM lets a download finish within --grace; the process ends with 0', async () => {
  const child = Child.run(['serve', path, '--port', '0', '--grace', '20'])
  const { port, token } = await child.link()
  const download = await startDownload(port, { authorization: `Bearer ${token}` })
  child.process.kill('SIGTERM')
  await eventually(async () => expect((await ask(port, '/healthz')).status).toBe(503))
  expect(await countBytes(download)).toBe(BYTE_LENGTH)
  expect(await child.exited).toBe(0)
  expect(child.errors).toBe('')
})

test('a second SIGTERM does not wait', async () => {
  const child = Child.run(['serve', path, '--port', '0', '--grace', '600'])
  const { port, token } = await child.link()
  const download = await startDownload(port, { authorization: `Bearer ${token}` })
  child.process.kill('SIGTERM')
  await eventually(async () => expect((await ask(port, '/healthz')).status).toBe(503))
  child.process.kill('SIGTERM')
  expect(await child.exited).toBe(130)
  download.destroy()
})
