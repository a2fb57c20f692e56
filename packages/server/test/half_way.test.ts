import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { atEnd } from './support/at_end.ts'
import { TOKEN } from './support/serving.ts'

const UPGRADE = [
  'GET /api/v1/socket HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
const BEARER = `Authorization: Bearer ${TOKEN}`

/** How far a client came before it stopped, with its connection open. */
const HALF_WAY: readonly (readonly [string, string])[] = [
  ['connected, nothing sent', ''],
  ['half a request line', 'GET /api/v1/he'],
  ['half the headers', 'GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-'],
  [
    'half the body',
    `POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"token`,
  ],
  ['an answer, and kept alive', 'GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['half an upgrade', UPGRADE.join('\r\n')],
  ['an upgrade without the token', [...UPGRADE, '', ''].join('\r\n')],
  ['an upgrade of another subprotocol', [...UPGRADE, BEARER, 'Sec-WebSocket-Protocol: other', '', ''].join('\r\n')],
  ['an upgrade with a body of half a request', [...UPGRADE, BEARER, '', 'GET / HT'].join('\r\n')],
  [
    'an upgrade with a wrong key',
    [...UPGRADE.slice(0, -1), 'Sec-WebSocket-Key: no', BEARER, 'Sec-WebSocket-Protocol: mapscope.v1', '', ''].join(
      '\r\n',
    ),
  ],
  ['an upgrade to something else', UPGRADE.join('\r\n').replace('websocket', 'h2c').concat(`\r\n${BEARER}\r\n\r\n`)],
  [
    'a socket, and half a frame',
    [...UPGRADE, BEARER, 'Sec-WebSocket-Protocol: mapscope.v1', '', '\x81\xfe'].join('\r\n'),
  ],
]

async function leaveHalfWay(port: number, sent: string): Promise<Socket> {
  // Half-open: when the server ends its side, this one stays as it is.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  atEnd(() => socket.destroy())
  socket.on('error', () => undefined).resume()
  await new Promise((resolve) => socket.once('connect', resolve))
  if (sent !== '') await new Promise((resolve) => socket.write(sent, 'latin1', resolve))
  await new Promise((resolve) => setTimeout(resolve, 150))
  return socket
}

describe('a server ends, whoever stopped half-way', () => {
  test.each(HALF_WAY)('%s', async (_name, sent) => {
    const app = await buildApp({ token: TOKEN, roots: [] })
    await app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = app.server.address() as { port: number }
    const socket = await leaveHalfWay(port, sent)
    const ended = app.close().then(() => 'ended')
    const late = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 8_000).unref())
    expect(await Promise.race([ended, late])).toBe('ended')
    socket.destroy()
    await ended
  })
})
