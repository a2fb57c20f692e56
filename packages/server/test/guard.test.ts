import { writeFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { buildApp } from '../src/app.ts'
import { Credentials, createToken } from '../src/guard/credentials.ts'
import { isHostAllowed, isLoopback, parseHost } from '../src/guard/host.ts'
import { LINK_PRINCIPAL } from '../src/guard/principal.ts'
import { type Answer, ask, problemOf, Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
let serving: Serving
let cookie: string

beforeAll(async () => {
  writeFileSync(join(folder, 'secret.bin'), 'evidence')
  serving = await Serving.start({ roots: [join(folder, 'secret.bin')], allowedHosts: ['Evidence.Example'] })
  const { headers } = await exchange(TOKEN, { origin: serving.origin })
  cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
})

function exchange(token: string, headers: Record<string, string>): Promise<Answer> {
  return ask(serving.port, '/api/v1/session', { method: 'POST', headers, body: { token } })
}

describe('without credentials', () => {
  test.each([
    ['GET', '/api/v1/files'],
    ['GET', '/api/v1/documents'],
    ['GET', '/api/v1/documents/aaaaaaaaaaaaaaaa'],
    ['GET', '/api/v1/documents/aaaaaaaaaaaaaaaa/bytes'],
    ['HEAD', '/api/v1/documents/aaaaaaaaaaaaaaaa/bytes'],
    ['GET', '/api/v1/openapi.json'],
    ['GET', '/api/v1/socket'],
    ['GET', '/api/v1/nothing'],
    ['GET', '/api'],
    ['GET', '/raw/secret.bin'],
    ['HEAD', '/raw/secret.bin'],
    ['GET', '/raw/nothing'],
    ['GET', '/raw'],
    ['GET', '/%72aw/secret.bin'],
    ['GET', '/api/v1/%66iles'],
  ])('%s %s is 401 and tells nothing', async (method, path) => {
    const answer = await ask(serving.port, path, { method })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    expect(answer.headers.etag).toBeUndefined()
    if (method === 'GET') expect(problemOf(answer).code).toBe('ERR_UNAUTHORIZED')
  })

  test('health says that it answers, and nothing else', async () => {
    const answer = await ask(serving.port, '/api/v1/health')
    expect([answer.status, JSON.parse(String(answer.body))]).toEqual([200, { status: 'ok' }])
  })

  test('the page is for everyone, also from a link on another site', async () => {
    const answer = await ask(serving.port, '/', { headers: { 'sec-fetch-site': 'cross-site' } })
    expect([200, 503]).toContain(answer.status)
    expect((await ask(serving.port, '/nothing.js')).status).toBe(404)
  })
})

describe('credentials', () => {
  test('the token becomes a cookie: for this port, http-only, strict, and not the token', async () => {
    const { status, headers, body } = await exchange(TOKEN, { origin: serving.origin })
    expect(status).toBe(200)
    expect(JSON.parse(String(body))).toMatchObject({ isWritable: false })
    const [setCookie = ''] = headers['set-cookie'] ?? []
    expect(setCookie).toMatch(new RegExp(`^mapscope_${serving.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`))
    expect(setCookie).not.toContain(TOKEN)
    expect((await ask(serving.port, '/api/v1/files', { headers: { cookie } })).status).toBe(200)
    expect((await ask(serving.port, '/raw/secret.bin', { headers: { cookie } })).status).toBe(200)
  })

  test.each(['', 'wrong', `${TOKEN}x`, TOKEN.slice(1)])('the wrong token %j is 401', async (token) => {
    const answer = await exchange(token, { origin: serving.origin })
    expect([answer.status, problemOf(answer).code]).toEqual([401, 'ERR_UNAUTHORIZED'])
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect((await ask(serving.port, '/api/v1/files', { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      401,
    )
  })

  test('neither the token as a cookie nor the cookie as a token', async () => {
    const name = cookie.split('=')[0]
    const value = cookie.split('=')[1]
    expect((await ask(serving.port, '/api/v1/files', { headers: { cookie: `${name}=${TOKEN}` } })).status).toBe(401)
    expect((await ask(serving.port, '/api/v1/files', { headers: { authorization: `Bearer ${value}` } })).status).toBe(
      401,
    )
    expect((await ask(serving.port, '/api/v1/files', { headers: { cookie: `mapscope_1=${value}` } })).status).toBe(401)
  })

  test('?token= opens /raw for GET and HEAD, and nothing else', async () => {
    expect(String((await ask(serving.port, `/raw/secret.bin?token=${TOKEN}`)).body)).toBe('evidence')
    expect((await ask(serving.port, `/raw/secret.bin?token=${TOKEN}`, { method: 'HEAD' })).status).toBe(200)
    expect((await ask(serving.port, '/raw/secret.bin?token=wrong')).status).toBe(401)
    expect((await ask(serving.port, `/raw/secret.bin?token=${TOKEN}&token=${TOKEN}`)).status).toBe(401)
    expect((await ask(serving.port, `/api/v1/files?token=${TOKEN}`)).status).toBe(401)
    expect((await ask(serving.port, `/raw/secret.bin?token=${TOKEN}`, { method: 'POST' })).status).toBe(401)
  })

  test('tokens are 256 bits and never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, createToken))
    expect(tokens.size).toBe(100)
    for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    const cookies = ['a', 'b'].map((token) => new Credentials(token).cookieOf(LINK_PRINCIPAL))
    expect(cookies[0]).not.toBe(cookies[1])
  })
})

describe('the Host header', () => {
  test.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'a b',
    '[::1',
    '127.0.0.2',
  ])('%j is 421', async (host) => {
    for (const path of ['/', '/api/v1/health', '/api/v1/files', '/raw/secret.bin']) {
      const answer = await ask(serving.port, path, { headers: { host, authorization: `Bearer ${TOKEN}` } })
      expect([path, answer.status]).toEqual([path, 421])
    }
  })

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:65535', '[::1]:80', 'evidence.example', 'EVIDENCE.example:8080'])(
    '%j is answered',
    async (host) => {
      expect((await ask(serving.port, '/api/v1/health', { headers: { host } })).status).toBe(200)
    },
  )

  test('a target in absolute form says the host, whatever the Host header says', async () => {
    const authorization = `Bearer ${TOKEN}`
    const status = async (authority: string, host: string): Promise<number> =>
      (await ask(serving.port, `http://${authority}/raw/secret.bin`, { headers: { host, authorization } })).status
    expect(await status('evil.example', 'localhost')).toBe(421)
    expect(await status('localhost@evil.example', 'localhost')).toBe(421)
    expect(await status('localhost', 'evil.example')).toBe(200)
    expect(await status(`127.0.0.1:${serving.port}`, 'localhost')).toBe(200)
  })

  test('the address that was connected to is a name for this server', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
    const outside = addresses.find((address) => !address.internal && address.family === 'IPv4')?.address
    expect(isHostAllowed('192.0.2.7', '192.0.2.7', new Set())).toBe(true)
    expect(isHostAllowed('192.0.2.7', '::ffff:192.0.2.7', new Set())).toBe(true)
    expect(isHostAllowed('fe80::1', 'fe80::1%eth0', new Set())).toBe(true)
    expect(isHostAllowed('192.0.2.8', '192.0.2.7', new Set())).toBe(false)
    // Only the address of the connection itself: another one of this machine is refused on loopback.
    if (outside !== undefined) {
      expect((await ask(serving.port, '/api/v1/health', { headers: { host: outside } })).status).toBe(421)
    }
  })

  test('parsing', () => {
    expect(parseHost('a.b:1')).toEqual({ name: 'a.b', port: 1 })
    expect(parseHost('[::1]')).toEqual({ name: '::1', port: 80 })
    for (const bad of [undefined, '', 'a:b', 'a:', 'a/b', 'a@b', '::1', 'a:123456', 'a\tb'])
      expect(parseHost(bad)).toBeUndefined()
    expect(['127.0.0.1', '127.9.9.9', 'localhost', '::1'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '192.0.2.1', 'example.com'].some(isLoopback)).toBe(false)
  })
})

describe('other sites', () => {
  const body = { path: 'secret.bin' }

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost', 'https://127.0.0.1'])(
    'an unsafe request from %s is 403',
    async (origin) => {
      const answer = await ask(serving.port, '/api/v1/documents', { method: 'POST', headers: { cookie, origin }, body })
      expect([answer.status, problemOf(answer).code]).toEqual([403, 'ERR_ORIGIN_NOT_ALLOWED'])
      const bearer = { authorization: `Bearer ${TOKEN}`, origin }
      expect((await ask(serving.port, '/api/v1/documents', { method: 'POST', headers: bearer, body })).status).toBe(403)
      expect((await exchange(TOKEN, { origin })).status).toBe(403)
    },
  )

  test('our own origin may, a program with the token may, a cookie without an Origin may not', async () => {
    const post = (headers: Record<string, string>): Promise<Answer> =>
      ask(serving.port, '/api/v1/documents', { method: 'POST', headers, body })
    expect((await post({ cookie, origin: serving.origin })).status).toBe(201)
    expect((await post({ authorization: `Bearer ${TOKEN}` })).status).toBe(200)
    expect((await post({ cookie })).status).toBe(403)
    expect((await exchange(TOKEN, {})).status).toBe(200)
  })

  test.each(['cross-site', 'same-site'])('Sec-Fetch-Site: %s is 403, also with the cookie', async (site) => {
    for (const path of ['/raw/secret.bin', '/api/v1/files', `/raw/secret.bin?token=${TOKEN}`]) {
      const answer = await ask(serving.port, path, { headers: { cookie, 'sec-fetch-site': site } })
      expect([answer.status, problemOf(answer).code]).toEqual([403, 'ERR_ORIGIN_NOT_ALLOWED'])
    }
  })

  test('nothing is ever allowed across origins', async () => {
    const headers = { origin: 'http://evil.example', 'access-control-request-method': 'GET' }
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await ask(serving.port, '/raw/secret.bin', { method, headers: { ...headers, cookie } })
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the socket', () => {
  test('is for our own page and for programs with the token', async () => {
    for (const headers of [{ cookie, origin: serving.origin }, { authorization: `Bearer ${TOKEN}` }]) {
      const client = await SocketClient.connect(serving.port, { headers })
      expect(client.socket.protocol).toBe('mapscope.v1')
      await client.close()
    }
  })

  test.each([
    ['another site with the cookie', '403', () => ({ cookie, origin: 'http://evil.example' })],
    ['another port with the cookie', '403', () => ({ cookie, origin: 'http://127.0.0.1:1' })],
    ['another site with the token', '403', () => ({ authorization: `Bearer ${TOKEN}`, origin: 'http://evil.example' })],
    ['the cookie without an Origin', '403', () => ({ cookie })],
    ['nobody', '401', () => ({})],
    ['our page without the cookie', '401', () => ({ origin: serving.origin })],
    ['a wrong token', '401', () => ({ authorization: 'Bearer wrong' })],
    ['a rebound name', '421', () => ({ authorization: `Bearer ${TOKEN}`, host: 'evil.example' })],
  ])('refuses %s with %s', async (_who, status, headers) => {
    await expect(SocketClient.connect(serving.port, { headers: headers() })).rejects.toThrow(status)
  })

  test('?token= does not open it', async () => {
    const answer = await ask(serving.port, `/api/v1/socket?token=${TOKEN}`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
      },
    })
    expect(answer.status).toBe(401)
  })
})

test('every answer carries the security headers, refusals too', async () => {
  for (const path of ['/', '/nothing', '/api/v1/health', '/api/v1/files', '/api/v1/%zz']) {
    const { headers } = await ask(serving.port, path)
    expect(headers, path).toMatchObject({
      'content-security-policy': expect.stringMatching(/default-src 'self'.*frame-ancestors 'none'/),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  }
})

test('the log has no token in it, and no query at all', async () => {
  let log = ''
  const stream = {
    write: (line: string) => {
      log += line
    },
  }
  const app = await buildApp({ roots: [folder], token: TOKEN, logger: { level: 'trace', stream } })
  const headers = { host: 'localhost' }
  await app.inject({ url: `/?token=${TOKEN}`, headers })
  await app.inject({ url: `/raw/x?token=${TOKEN}`, headers })
  await app.inject({ url: `/nothing?token=${TOKEN}`, headers })
  await app.inject({ url: `/%zz?token=${TOKEN}`, headers })
  await app.inject({ url: '/api/v1/files', headers: { ...headers, authorization: `Bearer ${TOKEN}` } })
  await app.inject({ method: 'POST', url: '/api/v1/session', headers, payload: { token: TOKEN } })
  await app.close()
  expect(log).toContain('"/api/v1/files"')
  expect(log).not.toContain(TOKEN)
})

test.each(['/api/v1/files', '/api/v1/health', '/', '/raw/secret.bin', '/api/v1/nothing'])(
  'an upgrade of %s is refused and no socket is opened',
  async (path) => {
    const socket = new WebSocket(`ws://127.0.0.1:${serving.port}${path}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    const status = await new Promise((resolve) => {
      socket.once('open', () => resolve('opened'))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode))
      socket.on('error', () => undefined)
    })
    socket.terminate()
    expect(status).toBe(404)
  },
)
