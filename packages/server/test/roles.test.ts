import { createHash } from 'node:crypto'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { authorize } from '../src/guard/authorize.ts'
import { Credentials, digestOf } from '../src/guard/credentials.ts'
import { LaunchCodes } from '../src/guard/launch_codes.ts'
import { LINK_PRINCIPAL, ROLES, type Role } from '../src/guard/principal.ts'
import { parseTokenTable, TokenTableError } from '../src/guard/token_table.ts'
import { TokenTableFile } from '../src/guard/token_table_file.ts'
import { eventually } from './support/eventually.ts'
import { type Answer, ask, problemOf, Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const tableFile = join(folder, 'tokens')
const tokenOf = (name: string): string => `${name}-token-`.padEnd(40, 'x')
let serving: Serving

function writeTable(...lines: string[]): void {
  writeFileSync(tableFile, `# who may what\n\n${lines.join('\n')}\n`, { mode: 0o600 })
}

const TABLE = [
  `vera view ${tokenOf('vera')}`,
  `anna annotate sha256:${createHash('sha256').update(tokenOf('anna')).digest('hex')}`,
  `edda edit ${tokenOf('edda')} 2999-01-01`,
  `adam admin ${tokenOf('adam')}`,
  `olaf admin ${tokenOf('olaf')} 2020-01-01T00:00:00Z`,
]

beforeAll(async () => {
  writeFileSync(join(folder, 'a.bin'), 'evidence')
  writeTable(...TABLE)
  serving = await Serving.start({ roots: [join(folder, 'a.bin')], isWritable: true, tokensFile: tableFile })
})

function as(name: string, path: string, method = 'GET', body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${tokenOf(name)}` }
  return ask(serving.port, path, { method, headers, ...(body === undefined ? {} : { body }) })
}

describe('roles', () => {
  test('each role may all that the ones before it may, and no more', async () => {
    const { id } = await serving.open('a.bin')
    const edit = { offset: 0, bytes: Buffer.from('E').toString('base64') }
    const allowed = { vera: [], anna: [], edda: ['edit'], adam: ['edit'] } as const
    for (const [name, more] of Object.entries(allowed)) {
      expect((await as(name, '/api/v1/files')).status, name).toBe(200)
      expect((await as(name, '/raw/a.bin')).status, name).toBe(200)
      expect((await as(name, `/raw/a.bin?token=${tokenOf(name)}`)).status, name).toBe(200)
      const answer = await as(name, `/api/v1/documents/${id}/edits`, 'POST', edit)
      expect([name, answer.status]).toEqual([name, (more as readonly string[]).includes('edit') ? 200 : 403])
      if (answer.status !== 403) continue
      expect(problemOf(answer).code).toBe('ERR_ROLE')
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer realm="mapscope", error="insufficient_scope", scope="edit"',
      )
    }
  })

  test('an expired token and an unknown one are 401, also where a role would be missing', async () => {
    for (const name of ['olaf', 'nobody']) {
      for (const [method, path] of [
        ['GET', '/api/v1/files'],
        ['POST', '/api/v1/documents/aaaaaaaaaaaaaaaa/edits'],
      ] as const) {
        const answer = await as(name, path, method, method === 'POST' ? {} : undefined)
        expect([answer.status, problemOf(answer).code]).toEqual([401, 'ERR_UNAUTHORIZED'])
      }
    }
  })

  test('a refusal for want of a role comes before anything is looked up: it tells nothing of what is there', async () => {
    const missing = await as('vera', '/api/v1/documents/aaaaaaaaaaaaaaaa/edits', 'POST', {})
    expect([missing.status, problemOf(missing).code]).toEqual([403, 'ERR_ROLE'])
  })

  test('a session has the role of its token', async () => {
    const { headers, body } = await ask(serving.port, '/api/v1/session', {
      method: 'POST',
      headers: { origin: serving.origin },
      body: { token: tokenOf('vera') },
    })
    expect(JSON.parse(String(body))).toMatchObject({ name: 'vera', role: 'view' })
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const withCookie = { cookie, origin: serving.origin }
    expect((await ask(serving.port, '/api/v1/files', { headers: withCookie })).status).toBe(200)
    const answer = await ask(serving.port, '/api/v1/documents/aaaaaaaaaaaaaaaa/edits', {
      method: 'POST',
      headers: withCookie,
      body: {},
    })
    expect(answer.status).toBe(403)
  })

  test('every route says which role it needs, or that it is for all', async () => {
    const app = await buildApp({ roots: [] })
    const silent = app.guardedRoutes.filter(({ config }) => config?.isPublic !== true && config?.role === undefined)
    expect(silent.map(({ method, url }) => `${method} ${url}`)).toEqual([])
    expect(app.guardedRoutes.length).toBeGreaterThan(10)
    await app.close()
  })
})

describe('one-time codes', () => {
  test('open a session once, for whoever asked for them', async () => {
    const made = await as('anna', '/api/v1/session/codes', 'POST')
    expect(made.status).toBe(201)
    const { code } = JSON.parse(String(made.body)) as { code: string }
    const redeem = (): Promise<Answer> => ask(serving.port, '/api/v1/session', { method: 'POST', body: { code } })
    const first = await redeem()
    expect(JSON.parse(String(first.body))).toMatchObject({ name: 'anna', role: 'annotate' })
    expect(first.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict$/)
    expect((await redeem()).status).toBe(401)
    expect((await ask(serving.port, '/api/v1/files', { headers: { authorization: `Bearer ${code}` } })).status).toBe(
      401,
    )
  })

  test('are no more than 64 of one principal at a time, the newest', () => {
    const codes = new LaunchCodes()
    const made = Array.from({ length: 300 }, () => codes.create(LINK_PRINCIPAL))
    expect(codes.redeem(made[0] ?? '')).toBeUndefined()
    expect(codes.redeem(made[299] ?? '')).toBe(LINK_PRINCIPAL)
    expect(codes.redeem('')).toBeUndefined()
  })

  test('a session is asked for by one proof, not by none and not by two', async () => {
    for (const body of [{}, { token: TOKEN, code: 'x' }, { token: TOKEN, more: 1 }])
      expect((await ask(serving.port, '/api/v1/session', { method: 'POST', body })).status).toBe(400)
  })
})

describe('the table', () => {
  test.each([
    ['vera view', 'line 1: write NAME'],
    ['vera view short', 'line 1: a token has'],
    [`vera king ${tokenOf('vera')}`, 'line 1: the role is'],
    [`link view ${tokenOf('vera')}`, 'audit trail'],
    [`ve/ra view ${tokenOf('vera')}`, 'line 1: a name'],
    [`# x\nvera view ${tokenOf('vera')} tomorrow`, 'line 2: it expires'],
    [`vera view sha256:abcd`, 'line 1: a token has'],
    [`a view ${tokenOf('v')}\nb view ${tokenOf('v')}`, 'same token'],
    [`a view ${tokenOf('v')}\na view ${tokenOf('w')}`, 'same name'],
  ])('%j is refused, and its message has no secret', (text, message) => {
    expect(() => parseTokenTable(text)).toThrow(message)
    expect(() => parseTokenTable(text)).not.toThrow(tokenOf('v'))
  })

  test('is refused when others may read it', () => {
    const path = join(folder, 'open')
    writeFileSync(path, '')
    for (const mode of [0o640, 0o604, 0o620, 0o602]) {
      chmodSync(path, mode)
      expect(() => new TokenTableFile(path).read()).toThrow(TokenTableError)
    }
    chmodSync(path, 0o400)
    expect(new TokenTableFile(path).read()).toEqual([])
    expect(() => new TokenTableFile(folder).read()).toThrow(TokenTableError)
    expect(() => new TokenTableFile(join(folder, 'none')).read()).toThrow('cannot be read')
  })

  test('is read again when it changes: who was struck out loses the open socket, too', async () => {
    const client = await SocketClient.connect(serving.port, {
      headers: { authorization: `Bearer ${tokenOf('adam')}` },
    })
    await client.next('pong', client.send({ type: 'ping' }))
    writeTable(...TABLE.slice(0, 2))
    await eventually(async () => expect((await as('adam', '/api/v1/files')).status).toBe(401))
    expect(await client.closed).toBe(4401)

    writeTable('nonsense')
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect((await as('vera', '/api/v1/files')).status).toBe(200)

    rmSync(tableFile)
    await eventually(async () => expect((await as('vera', '/api/v1/files')).status).toBe(401))
    expect((await serving.ask('/api/v1/files')).status).toBe(200)
    writeTable(...TABLE)
    await eventually(async () => expect((await as('vera', '/api/v1/files')).status).toBe(200))
  })
})

test('one function decides, for every pair of roles', () => {
  const tokens = ROLES.map((role) => ({
    principal: { name: role, role },
    digest: digestOf(role),
    expiresMs: undefined,
  }))
  const credentials = new Credentials(TOKEN, tokens)
  const may = (held: Role, needed: Role): boolean => {
    try {
      authorize(credentials, { name: held, role: held }, needed)
      return true
    } catch {
      return false
    }
  }
  const table = ROLES.map((held) => ROLES.map((needed) => may(held, needed)))
  expect(table).toEqual([
    [true, false, false, false],
    [true, true, false, false],
    [true, true, true, false],
    [true, true, true, true],
  ])
  // A name with another role than the table gives it is nobody.
  expect(() => authorize(credentials, { name: 'view', role: 'admin' }, 'view')).toThrow('taken back')
})
