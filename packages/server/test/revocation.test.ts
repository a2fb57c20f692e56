import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { connect as connectSecurely } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { Credentials } from '../src/guard/credentials.ts'
import { fingerprint, selfSigned } from '../src/guard/self_signed.ts'
import { Child, CLI } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ask, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const path = join(folder, 'large.bin')
const tableFile = join(folder, 'tokens')
const auditFile = join(folder, 'audit.jsonl')
const tokenOf = (name: string): string => `${name}-token-`.padEnd(40, 'x')
const bearer = (name: string): Record<string, string> => ({ authorization: `Bearer ${tokenOf(name)}` })
let serving: Serving

function writeTable(...lines: string[]): void {
  writeFileSync(tableFile, `${lines.join('\n')}\n`, { mode: 0o600 })
}

const VERA = `vera view ${tokenOf('vera')}`
const EDDA = `edda edit ${tokenOf('edda')}`

beforeAll(async () => {
  writeFileSync(path, '')
  truncateSync(path, 5 * 1024 ** 3)
  writeTable(VERA, EDDA)
  serving = await Serving.start({ roots: [path], tokensFile: tableFile, auditFile })
})

/** A download that stands still after its first bytes. */
async function startDownload(port: number, headers: Record<string, string>): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/raw/large.bin', headers, agent: false }, resolve).once('error', reject)
  })
  response.on('error', () => undefined).pause()
  await new Promise((resolve) => response.once('readable', resolve))
  return response
}

/** Reads what was on its way, up to the end: whether there is one is what `complete` says. */
async function ended(response: IncomingMessage): Promise<boolean> {
  response.resume()
  await new Promise((resolve) => response.once('close', resolve))
  return response.complete
}

async function cookieOf(name: string): Promise<string> {
  const { headers } = await ask(serving.port, '/api/v1/session', { method: 'POST', body: { token: tokenOf(name) } })
  return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
}

const statusWith = async (headers: Record<string, string>): Promise<number> =>
  (await ask(serving.port, '/api/v1/files', { headers })).status

function revokedLines(): { who: string; server: Record<string, unknown> }[] {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind === 'revoked')
}

describe('a table of tokens that changes', () => {
  test('who is struck out loses the download, the socket, the cookie and the code at once, and nobody else does', async () => {
    const { port } = serving
    const [download, others] = [await startDownload(port, bearer('vera')), await startDownload(port, bearer('edda'))]
    const client = await SocketClient.connect(port, { headers: bearer('vera') })
    const other = await SocketClient.connect(port, { headers: bearer('edda') })
    const cookie = await cookieOf('vera')
    expect(await statusWith({ cookie })).toBe(200)
    const made = await ask(port, '/api/v1/session/codes', { method: 'POST', headers: bearer('vera') })
    const { code } = JSON.parse(String(made.body)) as { code: string }

    writeTable(EDDA)
    expect(await client.closed).toBe(4401)
    expect(await ended(download)).toBe(false)
    expect(await statusWith({ cookie })).toBe(401)
    expect(await statusWith(bearer('vera'))).toBe(401)
    expect((await ask(port, '/api/v1/session', { method: 'POST', body: { code } })).status).toBe(401)
    await eventually(() =>
      expect(revokedLines()).toMatchObject([
        { who: 'vera', server: { reason: 'removed', downloadCount: 1, socketCount: 1, jobCount: 0 } },
      ]),
    )
    await other.next('pong', other.send({ type: 'ping' }))
    expect(others.destroyed).toBe(false)
    others.destroy()
    await other.close()
  })

  test('another token of the same name and role is somebody new', async () => {
    writeTable(VERA, EDDA)
    await eventually(async () => expect(await statusWith(bearer('vera'))).toBe(200))
    const client = await SocketClient.connect(serving.port, { headers: bearer('vera') })
    const cookie = await cookieOf('vera')
    writeTable(`vera view ${tokenOf('vera2')}`, EDDA)
    expect(await client.closed).toBe(4401)
    expect([await statusWith(bearer('vera')), await statusWith({ cookie })]).toEqual([401, 401])
    expect(await statusWith(bearer('vera2'))).toBe(200)
    await eventually(() => expect(revokedLines().at(-1)).toMatchObject({ who: 'vera', server: { reason: 'changed' } }))
  })

  test('a date that comes ends what is open', async () => {
    const expires = new Date(Math.ceil(Date.now() / 1000) * 1000 + 8_000).toISOString().replace('.000Z', 'Z')
    writeTable(`${VERA} ${expires}`, EDDA)
    await eventually(async () => expect(await statusWith(bearer('vera'))).toBe(200))
    const client = await SocketClient.connect(serving.port, { headers: bearer('vera') })
    expect(await client.closed).toBe(4401)
    expect(await statusWith(bearer('vera'))).toBe(401)
    await eventually(() => expect(revokedLines().at(-1)).toMatchObject({ who: 'vera', server: { reason: 'expired' } }))
  }, 60_000)

  test('a token is a stranger to the one before, though its holder has the name and the role', () => {
    const tokens = (digest: string): Parameters<Credentials['replace']>[0] => [
      { principal: { name: 'vera', role: 'view' }, digest: Buffer.alloc(32, digest), expiresMs: undefined },
    ]
    const credentials = new Credentials(tokenOf('link'), tokens('a'))
    const link = credentials.principalOfToken(tokenOf('link'))
    credentials.replace(tokens('a'))
    expect(credentials.takeRevoked()).toEqual([])
    credentials.replace(tokens('b'))
    expect(credentials.takeRevoked()).toMatchObject([{ principal: { name: 'vera' }, reason: 'changed' }])
    expect(link !== undefined && credentials.isCurrent(link)).toBe(true)
    credentials.replaceLink(tokenOf('other'))
    expect(link !== undefined && credentials.isCurrent(link)).toBe(false)
    expect(credentials.takeRevoked()).toMatchObject([{ principal: { name: 'link' }, reason: 'changed' }])
    expect(credentials.takeRevoked()).toEqual([])
  })
})

if (process.platform === 'linux') {
  describe('SIGHUP', () => {
    test('without a terminal takes another token, names and certificate, and says what needs a restart', async () => {
      const [tokenFile, config] = [join(folder, 'token'), join(folder, 'config.json')]
      const [tlsCert, tlsKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
      const writeCertificate = (): string => {
        const { cert, key } = selfSigned(['127.0.0.1'])
        writeFileSync(tlsCert, cert)
        writeFileSync(tlsKey, key, { mode: 0o600 })
        return fingerprint(cert)
      }
      const first = writeCertificate()
      const settings = { paths: [path], port: 0, tokenFile, tlsCert, tlsKey, logLevel: 'info' }
      writeFileSync(config, JSON.stringify(settings))
      const child = Child.run(['serve', '--config', config], { isDetached: true })
      const { port, token } = await child.link()
      const asked = (headers: Record<string, string>): Promise<{ status: number; fingerprint: string }> =>
        new Promise((resolve, reject) => {
          const socket = connectSecurely({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
            const rows = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers })
            socket.write(`GET /api/v1/files HTTP/1.1\r\n${rows.map((row) => row.join(': ')).join('\r\n')}\r\n\r\n`)
          })
          const { fingerprint256 } = { fingerprint256: () => socket.getPeerCertificate().fingerprint256 }
          socket.once('error', reject)
          socket.once('data', (data) => {
            resolve({ status: Number(/^HTTP\/1.1 (\d+)/.exec(String(data))?.[1]), fingerprint: fingerprint256() })
            socket.destroy()
          })
        })
      const old = { authorization: `Bearer ${token}` }
      expect(await asked(old)).toEqual({ status: 200, fingerprint: first })
      expect(await asked({ ...old, host: 'evidence.example' })).toMatchObject({ status: 421 })

      writeFileSync(config, 'no JSON')
      child.process.kill('SIGHUP')
      await eventually(() => expect(child.errors).toContain('all stays as it was'))
      expect(await asked(old)).toEqual({ status: 200, fingerprint: first })

      rmSync(tokenFile)
      const second = writeCertificate()
      writeFileSync(config, JSON.stringify({ ...settings, allowHost: ['Evidence.example'], writable: true }))
      child.process.kill('SIGHUP')
      await eventually(() => expect(child.errors).toContain('need a restart'))
      expect(child.errors).toContain('"waiting":["writable"]')
      expect(await asked(old)).toMatchObject({ status: 401 })
      const now = { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` }
      expect(now).not.toEqual(old)
      expect(await asked({ ...now, host: 'evidence.example' })).toEqual({ status: 200, fingerprint: second })
      expect(child.errors).not.toContain(token)
      child.process.kill('SIGTERM')
      expect(await child.exited).toBe(0)
    }, 30_000)

    if (existsSync('/usr/bin/script')) {
      test('with a terminal that hangs up it is the end, as ever', async () => {
        const command = `exec ${process.execPath} ${CLI} serve --port 0 --state none ${path}`
        const terminal = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
          stdio: ['ignore', 'pipe', 'ignore'],
        })
        let output = ''
        terminal.stdout.on('data', (data) => {
          output += String(data)
        })
        await eventually(() => expect(output).toMatch(/:\d+\/\?token=/), 20_000)
        const port = Number(/:(\d+)\/\?token=/.exec(output)?.[1])
        expect((await ask(port, '/healthz')).status).toBe(200)
        terminal.kill('SIGKILL')
        await eventually(async () => await expect(ask(port, '/healthz')).rejects.toThrow('ECONNREFUSED'))
      }, 30_000)
    }
  })
}
