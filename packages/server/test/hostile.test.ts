import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { verifyTrail } from '../src/audit/verify.ts'
import { Shares } from '../src/guard/shares.ts'
import { Child } from './support/child.ts'
import { ask } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const OUTSIDE = 'nobody offered this'
const folder = temporaryFolder()
const root = join(folder, 'root')
const tokenFile = join(folder, 'token')
const auditFile = join(folder, 'audit.jsonl')
mkdirSync(join(root, 'below'), { recursive: true })
writeFileSync(join(folder, 'outside'), OUTSIDE)
writeFileSync(join(root, 'a.bin'), 'evidence')
writeFileSync(join(root, 'below', 'b.bin'), 'more')
writeFileSync(join(root, 'large.bin'), '')
truncateSync(join(root, 'large.bin'), 5 * 1024 ** 3)
symlinkSync('../outside', join(root, 'link'))
symlinkSync(folder, join(root, 'up'))

let child: Child
let port: number
let token: string

async function start(...args: string[]): Promise<void> {
  child = Child.run(['serve', '--token-file', tokenFile, '--audit', auditFile, '--writable', ...args, root])
  ;({ port, token } = await child.link())
}

beforeAll(() => start('--port', '0'))

const bearer = (): Record<string, string> => ({ authorization: `Bearer ${token}` })

afterEach(async () => {
  expect(child.isAlive).toBe(true)
  const answer = await ask(port, '/raw/root/a.bin', { headers: { ...bearer(), range: 'bytes=1-3' } })
  expect([answer.status, String(answer.body)]).toEqual([206, 'vid'])
  expect(child.errors).not.toMatch(/ at .*\.js/)
})

/** 501 is a method that there is not, 503 a server that is busy. */
const isFailure = (status: number): boolean => status >= 500 && status !== 501 && status !== 503

/** Sends bytes as they are and gives what came back until the other side, or `leaveAfter` bytes, ended it. */
function sendRaw(bytes: string | Uint8Array, leaveAfter = Number.POSITIVE_INFINITY): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    let text = ''
    socket.on('data', (data) => {
      text += data.toString('latin1')
      if (text.length >= leaveAfter) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(text))
  })
}

const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]))

describe('headers', () => {
  test.each([
    '\r\n\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n',
    'GET  /  HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n{}',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx',
    'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\t; x\r\nContent-Length: 2\r\n\r\n{}',
    'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b: folded\r\n\r\n',
    'GET /raw/root/a.bin HTTP/1.1\nHost: localhost\n\n',
    'GET http://evil.example/api/v1/files HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET /api/v1/socket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(100_000)}\r\n`,
    `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'a=b; '.repeat(3_000)}\r\n\r\n`,
    'GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(2_000),
  ])('corpus %#: no failure of the server’s', async (bytes) => {
    expect(statusesIn(await sendRaw(Buffer.from(bytes, 'latin1'))).filter(isFailure)).toEqual([])
  })

  test('a flood of headers is 431', async () => {
    expect(
      statusesIn(await sendRaw(`GET / HTTP/1.1\r\nHost: localhost\r\n${'X: yyyyyyyy\r\n'.repeat(5_000)}\r\n`)),
    ).toEqual([431])
  })

  test('any bytes at all', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 4_096 }),
      fc
        .tuple(
          fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'),
          fc.webPath(),
          fc.array(fc.tuple(fc.string(), fc.string())),
        )
        .map(([method, path, headers]) => {
          const rows = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
          return Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${rows}\r\n`)
        }),
    )
    await fc.assert(
      fc.asyncProperty(bytes, async (sent) => {
        const failures = statusesIn(await sendRaw(sent)).filter(isFailure)
        expect(failures).toEqual([])
      }),
      { numRuns: 300 },
    )
  }, 120_000)

  test('the headers that we read, with any value', async () => {
    const names = [
      'range',
      'if-range',
      'if-match',
      'if-none-match',
      'if-modified-since',
      'if-unmodified-since',
      'cookie',
      'origin',
    ]
    const value = fc.stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,200}$/)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), value, async (name, text) => {
        const { status } = await ask(port, '/raw/root/a.bin', { headers: { ...bearer(), [name]: text } })
        expect([200, 206, 304, 403, 412, 416]).toContain(status)
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})

describe('bodies', () => {
  const routes = ['/api/v1/session', '/api/v1/documents', '/api/v1/documents/aaaaaaaaaaaaaaaa/edits']

  test('any JSON, and what is none', async () => {
    const body = fc.oneof(
      fc.json({ maxDepth: 4 }),
      fc.string(),
      fc.constantFrom('{"__proto__":{"a":1}}', '{"path":1e999}', '['.repeat(30_000)),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, async (path, text) => {
        const headers = { ...bearer(), 'content-type': 'application/json' }
        const { status } = await ask(port, path, { method: 'POST', headers, body: text })
        expect([400, 401, 404, 413, 415, 422, 429]).toContain(status)
      }),
      { numRuns: 250 },
    )
  }, 120_000)

  test('paths in JSON never lead out', async () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'root',
      'below',
      'link',
      'up',
      'outside',
      'a.bin',
      '%2e%2e',
      '..;',
      '\\',
      '\0',
      '/etc/passwd',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 6 }), async (parts) => {
        const path = parts.join('/')
        const answer = await ask(port, '/api/v1/documents', { method: 'POST', headers: bearer(), body: { path } })
        const isOurs = /^root\/(?:below\/b\.bin|a\.bin)$/.test(path)
        if (!isOurs) expect([400, 403, 404, 422], path).toContain(answer.status)
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})

describe('URLs', () => {
  test.each([
    '/raw/root/../outside',
    '/raw/root/%2e%2e/outside',
    '/raw/root/..%2foutside',
    '/raw/root/%2e%2e%2foutside',
    '/raw/root/..%5coutside',
    '/raw/root/..;/outside',
    '/raw/root/below/../../outside',
    '/raw/root/below/%252e%252e/%252e%252e/outside',
    '/raw/root/%c0%ae%c0%ae/outside',
    '/raw/root/%uff0e%uff0e/outside',
    '/raw/root/a.bin%00.txt',
    '/raw/root//a.bin',
    '/raw//root/a.bin',
    '/raw/root/./a.bin',
    '/raw/root/link',
    '/raw/root/up/outside',
    '/raw/root/up',
    '/raw/root/below/../up/outside',
    '/raw/../raw/root/link',
    '/raw/root/a.bin/',
    '/raw/%2froot/a.bin',
    '/raw/..',
    '/raw/root/#/../../outside',
    '//raw/root/link',
    '/RAW/root/link',
    '/raw/root/link?raw??',
    '/raw/etc/passwd',
    '/raw/%2fetc%2fpasswd',
    '/raw/file:%2f%2f%2fetc%2fpasswd',
  ])('%s gives nothing', async (path) => {
    const answer = await sendRaw(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    )
    expect(answer).not.toContain(OUTSIDE)
    expect(answer).not.toContain('root:x:')
    expect([400, 403, 404, 422]).toContain(statusesIn(answer)[0])
  })

  test('no path made of such parts leads out', async () => {
    const part = fc.constantFrom(
      '..',
      '%2e%2e',
      '%2E.',
      '.',
      '',
      'root',
      'below',
      'link',
      'up',
      'outside',
      '%2f',
      '%5c',
      '..%2f',
      '%00',
      '%',
      '%zz',
      '%ff',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 7 }), async (parts) => {
        const answer = await sendRaw(
          `GET /raw/${parts.join('/')} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
        )
        expect(answer).not.toContain(OUTSIDE)
        expect(statusesIn(answer)[0]).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
  }, 120_000)
})

describe('connections', () => {
  test('a request cut at any byte, and an answer left at any byte', async () => {
    const request = `GET /raw/root/large.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nRange: bytes=0-999999\r\n\r\n`
    const cuts = Array.from({ length: request.length }, (_, at) => request.slice(0, at))
    for (let at = 0; at < cuts.length; at += 32) await Promise.all(cuts.slice(at, at + 32).map((cut) => sendRaw(cut)))
    for (const leaveAfter of [1, 10, 100, 400, 1_000, 65_536, 500_000]) await sendRaw(request, leaveAfter)
  }, 60_000)

  test('clients that read nothing do not hold up others', async () => {
    const sockets = Array.from({ length: 64 }, () => {
      const socket = connect(port, '127.0.0.1')
      socket.pause()
      socket.on('error', () => undefined)
      socket.write(`GET /raw/root/large.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`)
      return socket
    })
    for (let i = 0; i < 20; i++) expect((await ask(port, '/raw/root/a.bin', { headers: bearer() })).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  })

  test('clients that send their headers byte by byte are let go, and meanwhile hold up nobody', async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => opened()))
    const dripping = setInterval(() => {
      for (const socket of sockets) socket.write('X')
    }, 1_000)
    for (let i = 0; i < 20; i++) expect((await ask(port, '/api/v1/health')).status).toBe(200)
    await Promise.all(
      sockets.map((socket) => socket.destroyed || new Promise((resolve) => socket.once('close', resolve))),
    )
    clearInterval(dripping)
  }, 60_000)

  test('many idle sockets leave the server answering', async () => {
    // As many as both processes may have descriptors for; 10,000 where the limit allows.
    const limit = process.platform === 'linux' ? descriptorLimit() : 1_024
    const count = Math.max(100, Math.min(10_000, limit - 500))
    const sockets: Socket[] = []
    for (let at = 0; at < count; at += 250)
      sockets.push(...(await Promise.all(Array.from({ length: 250 }, () => opened()))))
    expect(sockets.filter((socket) => !socket.destroyed).length).toBeGreaterThanOrEqual(count)
    for (let i = 0; i < 20; i++) expect((await ask(port, '/raw/root/a.bin', { headers: bearer() })).status).toBe(200)
    for (const socket of sockets) socket.destroy()
  }, 120_000)

  test('one principal has a bounded number of downloads', () => {
    const shares = new Shares(2, 'downloads')
    const [first] = [shares.take('vera'), shares.take('vera')]
    expect(() => shares.take('vera')).toThrow('2 downloads of yours')
    shares.take('anna')()
    first?.()
    first?.()
    shares.take('vera')
    expect(() => shares.take('vera')).toThrow('2 downloads of yours')
  })
})

function descriptorLimit(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 1_024)
}

function opened(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
  })
}

test('kill -9 in the middle of everything, and a restart: the same link, the same bytes, an intact trail', async () => {
  const digest = createHash('sha256').update('evidence').digest('hex')
  const session = await ask(port, '/api/v1/session', { method: 'POST', body: { token } })
  const cookie = session.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const downloads = Array.from({ length: 8 }, () =>
    ask(port, '/raw/root/large.bin', { headers: bearer() }).catch(() => undefined),
  )
  await ask(port, '/raw/root/a.bin', { headers: bearer() })
  child.process.kill('SIGKILL')
  await child.exited
  await Promise.all(downloads)
  const before = token
  await start('--port', String(port))
  expect(token).toBe(before)
  const { body, status } = await ask(port, '/raw/root/a.bin', { headers: { cookie } })
  expect([status, createHash('sha256').update(body).digest('hex')]).toEqual([200, digest])
  expect((await verifyTrail(auditFile)).findings).toEqual([])
}, 60_000)
