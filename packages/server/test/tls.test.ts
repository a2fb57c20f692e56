import { X509Certificate } from 'node:crypto'
import { chmodSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { fingerprint, selfSigned } from '../src/guard/self_signed.ts'
import { Child } from './support/child.ts'
import { outputOf } from './support/command.ts'
import { ask } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const file = join(folder, 'a.bin')
writeFileSync(file, 'evidence')

interface SecureAnswer {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: string
  readonly fingerprint: string
  readonly protocol: string | null
}

function askSecurely(
  port: number,
  path: string,
  options: { ca?: string; method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<SecureAnswer> {
  const { body, ca, ...rest } = options
  return new Promise((resolve, reject) => {
    const trust = ca === undefined ? { rejectUnauthorized: false } : { ca }
    // Node's types of https.request forget what tls.connect takes.
    const offered: object = { ALPNProtocols: ['h2', 'http/1.1'] }
    const asked = request({ host: '127.0.0.1', port, path, agent: false, ...offered, ...trust, ...rest })
    asked.once('error', reject)
    asked.once('response', (response) => {
      let text = ''
      const socket = response.socket as TLSSocket
      const { fingerprint256 } = socket.getPeerCertificate()
      const { alpnProtocol: protocol } = socket
      response.on('data', (data) => {
        text += String(data)
      })
      response.once('end', () => {
        const { statusCode: status = 0, headers } = response
        resolve({
          status,
          headers,
          body: text,
          fingerprint: fingerprint256,
          protocol: protocol === false ? null : protocol,
        })
      })
    })
    asked.end(body)
  })
}

describe('a certificate made here', () => {
  const names = ['localhost', '127.0.0.1', '::1', 'fe80::12:0:1', 'evidence.example']
  const { cert, key } = selfSigned(names)

  test('is one, by OpenSSL through Node, for exactly these names', () => {
    const read = new X509Certificate(cert)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.subjectAltName).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:FE80:0:0:0:0:12:0:1, DNS:evidence.example',
    )
    expect(read.ca).toBe(false)
    expect(read.checkHost('evidence.example')).toBe('evidence.example')
    expect(read.checkHost('evil.example')).toBeUndefined()
    expect(read.fingerprint256).toBe(fingerprint(cert))
    expect(Date.parse(read.validTo) - Date.parse(read.validFrom)).toBe(398 * 86_400_000)
    expect(key).toContain('PRIVATE KEY')
  })

  test('is one, by the openssl command', async () => {
    const path = join(folder, 'made.pem')
    writeFileSync(path, cert)
    expect(await outputOf('openssl', 'verify', '-x509_strict', '-CAfile', path, path)).toContain(': OK')
  })
})

describe('over TLS', () => {
  let child: Child
  let port: number
  let token: string

  beforeAll(async () => {
    child = Child.run(['serve', '--port', '0', '--host', '0.0.0.0', '--tls-self-signed', file])
    ;({ port, token } = await child.link())
  })

  test('the printed fingerprint is the certificate’s, the link says https, and HTTP/1.1 is spoken', async () => {
    const answer = await askSecurely(port, '/api/v1/files', { headers: { authorization: `Bearer ${token}` } })
    expect([answer.status, answer.protocol]).toEqual([200, 'http/1.1'])
    expect(child.output).toContain(answer.fingerprint)
    expect(child.output).toContain('https://')
    expect(child.output).not.toContain('not encrypted')
  })

  test('the cookie is of this host and of TLS only', async () => {
    const { headers, status } = await askSecurely(port, '/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: `https://127.0.0.1:${port}` },
      body: JSON.stringify({ token }),
    })
    expect(status).toBe(200)
    const [setCookie = ''] = headers['set-cookie'] as string[]
    expect(setCookie).toMatch(
      new RegExp(`^__Host-mapscope_${port}=[\\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Strict$`),
    )
    const cookie = setCookie.split(';')[0] ?? ''
    expect((await askSecurely(port, '/api/v1/files', { headers: { cookie } })).status).toBe(200)
    // Without the prefix another subdomain could have set it.
    expect((await askSecurely(port, '/api/v1/files', { headers: { cookie: cookie.slice(7) } })).status).toBe(401)
  })

  test('the socket opens, and a page of plain HTTP is another site', async () => {
    const open = (origin: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`wss://127.0.0.1:${port}/api/v1/socket`, 'mapscope.v1', {
          rejectUnauthorized: false,
          headers: { authorization: `Bearer ${token}`, origin },
        })
        socket.once('open', () => {
          socket.terminate()
          resolve('opened')
        })
        socket.once('unexpected-response', (_request, { statusCode }) => resolve(String(statusCode)))
        socket.on('error', () => undefined)
      })
    expect(await open(`https://127.0.0.1:${port}`)).toBe('opened')
    expect(await open(`http://127.0.0.1:${port}`)).toBe('403')
  })

  test('plain HTTP to the same port gets nothing and harms nothing', async () => {
    await expect(ask(port, '/api/v1/files')).rejects.toThrow()
    expect((await askSecurely(port, '/api/v1/health')).status).toBe(200)
  })
})

describe('the command', () => {
  test('takes a certificate and its key, and says what is wrong with others', async () => {
    const [certPath, keyPath] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
    const { cert, key } = selfSigned(['127.0.0.1'])
    writeFileSync(certPath, cert)
    writeFileSync(keyPath, key, { mode: 0o600 })
    const child = Child.run(['serve', '--port', '0', '--tls-cert', certPath, '--tls-key', keyPath, file])
    const { port } = await child.link()
    expect((await askSecurely(port, '/api/v1/health', { ca: cert })).status).toBe(200)
    expect(child.output).toContain(fingerprint(cert))

    const refusals: [string[], string][] = [
      [['--tls-cert', certPath], 'ERR_USAGE'],
      [['--tls-cert', file, '--tls-key', keyPath], 'ERR_TLS'],
      [['--tls-cert', join(folder, 'none'), '--tls-key', keyPath], 'ERR_TLS'],
      [['--tls-self-signed', '--tls-cert', certPath, '--tls-key', keyPath], 'ERR_USAGE'],
      [['--host', '0.0.0.0'], 'ERR_HOST'],
      [['--host', '::'], 'ERR_HOST'],
    ]
    for (const [args, code] of refusals) {
      const refused = Child.run(['serve', '--port', '0', ...args, file])
      expect([args, await refused.exited, refused.errors.includes(code)]).toEqual([args, 2, true])
    }
    chmodSync(keyPath, 0o644)
    const open = Child.run(['serve', '--port', '0', '--tls-cert', certPath, '--tls-key', keyPath, file])
    expect([await open.exited, open.errors.includes('chmod 600')]).toEqual([2, true])
  })

  test('--one-time-link prints a link that opens one session', async () => {
    const child = Child.run(['serve', '--port', '0', '--one-time-link', file])
    const { port, token: code } = await child.link()
    const redeem = async (): Promise<number> =>
      (await ask(port, '/api/v1/session', { method: 'POST', body: { code } })).status
    expect([await redeem(), await redeem()]).toEqual([200, 401])
    expect(child.output).not.toContain('token=')
  })
})
