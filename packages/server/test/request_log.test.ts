import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loggedPath } from '../src/logging/redact.ts'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ask, Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
writeFileSync(join(folder, 'file.bin'), 'content')

interface Line {
  readonly msg: string
  readonly reqId?: string
  readonly [member: string]: unknown
}

async function logging(level: string): Promise<{ serving: Serving; text: () => string; lines: () => Line[] }> {
  let log = ''
  const stream = {
    write: (line: string) => {
      log += line
    },
  }
  const serving = await Serving.start({ roots: [join(folder, 'file.bin')], logger: { level, stream } })
  const lines = (): Line[] => {
    const whole = log.split('\n').filter((line) => line !== '')
    return whole.map((line) => JSON.parse(line) as Line)
  }
  return { serving, text: () => log, lines }
}

test('a request is one line: who, what, how it ended', async () => {
  const { serving, lines } = await logging('info')
  await serving.ask('/raw/file.bin?x=1')
  await ask(serving.port, '/raw/file.bin')
  const requests = await eventually(() => {
    const found = lines().filter(({ msg }) => msg === 'request')
    expect(found).toHaveLength(2)
    return found
  })
  expect(requests[0]).toMatchObject({
    method: 'GET',
    path: '/raw/file.bin',
    status: 200,
    isWhole: true,
    principal: 'link',
    role: 'admin',
    ip: '127.0.0.1',
  })
  expect(requests[1]).toMatchObject({ path: '/raw/file.bin', status: 401, principal: 'anonymous' })
  expect(requests[0]?.reqId).toMatch(/^[0-9a-f]{8}-\d+$/)
  expect(requests[1]?.reqId).not.toBe(requests[0]?.reqId)
})

test('no line has a token or a query in it, however it was sent', async () => {
  const { serving, text, lines } = await logging('trace')
  const { port, origin } = serving
  const exchange = await ask(port, '/api/v1/session', { method: 'POST', headers: { origin }, body: { token: TOKEN } })
  const cookie = exchange.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const secret = cookie.split('=')[1] ?? 'none'
  const everywhere = {
    authorization: `Bearer ${TOKEN}`,
    cookie,
    referer: `${origin}/?token=${TOKEN}`,
    'x-token': TOKEN,
  }
  for (const path of [
    `/?token=${TOKEN}`,
    `/raw/file.bin?token=${TOKEN}&private=yes`,
    `/raw/file.bin?TOKEN=${TOKEN}`,
    `/raw/file.bin%3Ftoken=${TOKEN}`,
    `/%3Ftoken%3D${TOKEN}`,
    `/%zz?token=${TOKEN}`,
    `/raw/%zz%3ftoken=${TOKEN}`,
    `/api/v1/files?path=private&token=${TOKEN}`,
    `/api/v1/documents/x?token=${TOKEN}`,
    `/nothing;token=${TOKEN}`,
  ]) {
    await ask(port, path)
    await ask(port, path, { headers: everywhere })
    await ask(port, path, { method: 'POST', headers: everywhere, body: { token: TOKEN } })
  }
  const client = await SocketClient.connect(port, { headers: everywhere })
  client.socket.send(JSON.stringify({ type: 'open', token: TOKEN }))
  await client.next('error')
  await client.close()
  for (const raw of [
    `GET /?token=${TOKEN} HTTP/9.9\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\nbad header ${TOKEN}\r\n\r\n`,
    `POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{"token":"${TOKEN}`,
  ]) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    socket.end(raw)
    await new Promise((resolve) => socket.resume().once('close', resolve))
  }
  expect(lines().filter(({ msg }) => msg === 'request').length).toBeGreaterThan(20)
  for (const hidden of [TOKEN, secret, 'private', '?']) {
    const line = text()
      .split('\n')
      .find((one) => one.includes(hidden))
    expect(line, `a line with ${hidden}`).toBe(undefined)
  }
})

test('paths lose their query and whatever reads like a token', () => {
  expect(loggedPath('/raw/a?token=x#y')).toBe('/raw/a')
  expect(loggedPath('/a%3Ftoken=secret/b')).toBe('/a%3Ftoken=…/b')
  expect(loggedPath('/tokens/list')).toBe('/tokens/list')
  expect(loggedPath('')).toBe('')
})

test('--log-file is appended to, for its owner alone, and may be moved away meanwhile', async () => {
  const logFile = join(folder, 'log.jsonl')
  const child = Child.run(['serve', join(folder, 'file.bin'), '--port', '0', '--log', '--log-file', logFile])
  const { port, token } = await child.link()
  await ask(port, `/raw/file.bin?token=${token}`)
  await eventually(() => expect(readFileSync(logFile, 'utf8')).toContain('"/raw/file.bin"'))
  expect(statSync(logFile).mode & 0o777).toBe(0o600)
  renameSync(logFile, `${logFile}.1`)
  await ask(port, '/healthz')
  await eventually(() => expect(readFileSync(logFile, 'utf8')).toContain('"/healthz"'))
  expect(readFileSync(logFile, 'utf8') + readFileSync(`${logFile}.1`, 'utf8')).not.toContain(token)
  child.process.kill('SIGTERM')
  expect(await child.exited).toBe(0)
  expect(child.errors).toBe('')
  const refused = Child.run(['serve', folder, '--port', '0', '--log-file', join(folder, 'no', 'log')])
  expect(await refused.exited).toBe(2)
  expect(refused.errors).toContain('ERR_LOG_FILE')
})
