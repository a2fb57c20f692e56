import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseArguments } from '../src/cli/arguments.ts'
import { banner, formatSize } from '../src/cli/banner.ts'
import { readSettings } from '../src/settings/read_settings.ts'
import type { ServeSettings } from '../src/settings/serve_settings.ts'
import { atEnd } from './support/at_end.ts'
import { Child } from './support/child.ts'
import { ask } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const file = join(folder, 'file.bin')
const sparse = join(folder, 'sparse.bin')

beforeAll(() => {
  writeFileSync(file, 'content')
  writeFileSync(sparse, '')
  truncateSync(sparse, 15 * 1024 ** 4)
  chmodSync(folder, 0o755)
})

describe('serve', () => {
  test('says what is served and how, and prints one link, which works', async () => {
    const child = Child.run(['serve', file, sparse, folder, '--port', '0'])
    const { port, token, host } = await child.link()
    expect(host).toBe('127.0.0.1')
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(child.output.match(/http:/g)).toHaveLength(1)
    expect(child.output).toContain('file.bin ')
    expect(child.output).toContain('7 bytes')
    expect(child.output).toContain('15 TiB (16,492,674,416,640 bytes)')
    expect(child.output).toMatch(/ folder$/m)
    expect(child.output).toContain('Read-only')
    expect(child.output).not.toMatch(/WRITABLE|encrypted/)
    expect(String((await ask(port, `/raw/file.bin?token=${token}`)).body)).toBe('content')
    expect((await ask(port, '/raw/file.bin')).status).toBe(401)
    expect((await ask(port, `/?token=${token}`)).status).toBeLessThan(504)
    child.process.kill('SIGINT')
    expect(await child.exited).toBe(0)
    expect(child.output).toContain('Ending')
    expect(child.output + child.errors).not.toContain('Error')
  })

  test('--writable warns', async () => {
    const child = Child.run(['serve', file, '--writable', '--port', '0'])
    await child.link()
    expect(child.output).toContain('WRITABLE: edits go straight into the files.')
  })

  test('a host that others reach: a warning, a link that is an address, and an answer to it', async () => {
    const child = Child.run(['serve', file, '--host', '0.0.0.0', '--plain-http', '--port', '0'])
    const { port, token, host } = await child.link()
    expect(child.output).toContain('not encrypted')
    expect(host).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    expect(host).not.toBe('0.0.0.0')
    expect((await ask(port, `/raw/file.bin?token=${token}`)).status).toBe(200)
  })

  test('the default port, or the next one that is free', async () => {
    const taken = await occupy(7370)
    const child = Child.run(['serve', file])
    const { port } = await child.link()
    expect(port).toBeGreaterThan(7370)
    expect(port).toBeLessThan(7400)
    taken?.close()
  })

  test('a port that was asked for and is taken: says so and ends with 2', async () => {
    const taken = await occupy(0)
    const port = (taken?.address() as AddressInfo | undefined)?.port ?? 0
    const child = Child.run(['serve', file, '--port', String(port)])
    expect(await child.exited).toBe(2)
    expect(child.errors).toMatch(/^mapscope: ERR_PORT_IN_USE: port \d+ is in use/)
    taken?.close()
  })

  test('--token-file is made for its owner alone, and read the next time', async () => {
    const tokenFile = join(folder, 'token')
    const first = Child.run(['serve', file, '--port', '0', '--token-file', tokenFile])
    const { token } = await first.link()
    expect(readFileSync(tokenFile, 'utf8')).toBe(`${token}\n`)
    expect(statSync(tokenFile).mode & 0o777).toBe(0o600)
    const second = Child.run(['serve', file, '--port', '0', '--token-file', tokenFile])
    expect((await second.link()).token).toBe(token)
    writeFileSync(tokenFile, 'short')
    const third = Child.run(['serve', file, '--port', '0', '--token-file', tokenFile])
    expect(await third.exited).toBe(2)
    expect(third.errors).toContain('ERR_TOKEN_FILE')
  })

  test('--log writes requests to standard error, without the token', async () => {
    const child = Child.run(['serve', file, '--port', '0', '--log'])
    const { port, token } = await child.link()
    await ask(port, `/raw/file.bin?token=${token}`)
    child.process.kill('SIGTERM')
    expect(await child.exited).toBe(0)
    expect(child.errors).toContain('"/raw/file.bin"')
    expect(child.errors).not.toContain(token)
  })

  test('whoever reads the link may stop reading', async () => {
    const child = Child.run(['serve', file, '--port', '0'])
    const { port } = await child.link()
    child.process.stdout?.destroy()
    expect((await ask(port, '/api/v1/health')).status).toBe(200)
    child.process.kill('SIGINT')
    expect(await child.exited).toBe(0)
  })
})

describe('ending', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s with clients connected, a search and a stalled download: 0 within 3 s',
    async (signal) => {
      const child = Child.run(['serve', sparse, '--port', '0', '--grace', '0.5'])
      const { port, token } = await child.link()
      const authorization = `Bearer ${token}`
      const opened = await ask(port, '/api/v1/documents', {
        method: 'POST',
        headers: { authorization },
        body: { path: 'sparse.bin' },
      })
      const { id } = JSON.parse(String(opened.body)) as { id: string }
      const client = await SocketClient.connect(port, { headers: { authorization } })
      await client.open(id)
      client.socket.pause()
      const stalled = connect(port, '127.0.0.1', () => {
        stalled.write(`GET /raw/sparse.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n\r\n`)
      })
      stalled.on('error', () => undefined).pause()
      const idle = connect(port, '127.0.0.1').on('error', () => undefined)
      const downloading = ask(port, `/api/v1/documents/${id}/bytes`, {
        headers: { authorization, range: 'bytes=0-2000000000' },
      }).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, 500))
      const startMs = performance.now()
      child.process.kill(signal)
      expect(await child.exited).toBe(0)
      expect(performance.now() - startMs).toBeLessThan(3_000)
      await downloading
      stalled.destroy()
      idle.destroy()
      client.socket.terminate()
      expect(child.errors).toBe('')
    },
  )

  test('a second Ctrl-C ends at once, with 130 unless it was over already', async () => {
    const child = Child.run(['serve', file, '--port', '0'])
    await child.link()
    child.process.kill('SIGINT')
    child.process.kill('SIGINT')
    expect([0, 130]).toContain(await child.exited)
  })
})

describe('bad usage ends with 2 and says what to do', () => {
  test.each([
    [[], 'ERR_USAGE', 'mapscope serve PATH'],
    [['serve'], 'ERR_USAGE', 'files or folders'],
    [['look', 'x'], 'ERR_USAGE', 'no command'],
    [['serve', 'x', '--unknown'], 'ERR_USAGE', '--unknown'],
    [['serve', 'x', '--port'], 'ERR_USAGE', '--port'],
    [['serve', 'x', '--port', '70000'], 'ERR_USAGE', '65535'],
    [['serve', 'x', '--port', '-1'], 'ERR_USAGE', '--port'],
    [['serve', 'x', '--port', '1e3'], 'ERR_USAGE', '1e3'],
    [['serve', 'x', '--host', 'a b'], 'ERR_USAGE', '--host'],
    [['serve', '/nowhere/at/all'], 'ERR_PATH_MISSING', 'does not exist'],
    [['serve', '/dev/null'], 'ERR_PATH_UNSUPPORTED', 'neither a file nor a folder'],
    [['serve', '.', '--plain-http', '--host', '192.0.2.1'], 'ERR_LISTEN', '192.0.2.1'],
  ])('mapscope %j: %s', async (args, code, words) => {
    const child = Child.run(args)
    expect(await child.exited).toBe(2)
    expect(child.errors).toContain(`mapscope: ${code}: `)
    expect(child.errors).toContain(words)
    expect(child.errors).not.toContain('    at ')
    expect(child.output).toBe('')
  })

  test('a path that may not be read', async () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    writeFileSync(join(locked, 'inner'), 'x')
    chmodSync(locked, 0o000)
    const child = Child.run(['serve', locked], process.getuid?.() === 0 ? { uid: 65_534 } : {})
    expect(await child.exited).toBe(2)
    expect(child.errors).toContain('ERR_PATH_FORBIDDEN')
    chmodSync(locked, 0o755)
  })
})

test('--help and --version', async () => {
  const help = Child.run(['--help'])
  expect(await help.exited).toBe(0)
  for (const option of ['--host', '--port', '--writable', '--token-file']) expect(help.output).toContain(option)
  const version = Child.run(['--version'])
  expect(await version.exited).toBe(0)
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  expect(version.output).toBe(`${manifest.version}\n`)
})

test('the command has its first line and runs by itself', () => {
  const path = new URL('../dist/cli.js', import.meta.url).pathname
  expect(existsSync(path)).toBe(true)
  expect(readFileSync(path, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  expect(String(execFileSync(process.execPath, [path, 'help']))).toContain('mapscope serve')
})

describe('arguments', () => {
  test('defaults', () => {
    expect(settingsOf(['serve', 'a', 'b'])).toEqual({
      paths: ['a', 'b'],
      host: '127.0.0.1',
      port: undefined,
      writable: false,
      tokenFile: undefined,
      allowHost: [],
      log: false,
      logLevel: 'error',
      logFile: undefined,
      grace: 10,
      tokens: undefined,
      audit: undefined,
      auditRotate: 256,
      evidence: false,
      tlsCert: undefined,
      tlsKey: undefined,
      tlsSelfSigned: false,
      plainHttp: false,
      oneTimeLink: false,
      state: undefined,
    })
  })

  test('all of them; a path may begin with a dash after --', () => {
    const args = [
      'serve',
      '--host',
      '[::1]',
      '--port=0',
      '--writable',
      '--token-file',
      't',
      '--allow-host',
      'x',
      '--allow-host',
      'y',
      '--log',
      '--',
      '-file',
    ]
    expect(settingsOf(args)).toMatchObject({
      paths: ['-file'],
      host: '::1',
      port: 0,
      writable: true,
      tokenFile: 't',
      allowHost: ['x', 'y'],
      log: true,
    })
  })
})

function settingsOf(argv: readonly string[]): ServeSettings {
  const command = parseArguments(argv)
  if (command.kind !== 'serve') throw new Error(`${command.kind} where serve was asked for`)
  return readSettings({ ...command, environment: { HOME: folder } }).settings
}

test('sizes are exact as well as readable', () => {
  expect(formatSize(0)).toBe('0 bytes')
  expect(formatSize(1)).toBe('1 byte')
  expect(formatSize(1023)).toBe('1,023 bytes')
  expect(formatSize(1536)).toBe('1.5 KiB (1,536 bytes)')
  expect(formatSize(Number.MAX_SAFE_INTEGER)).toBe(
    '8,192 TiB (9,007,199,254,740,991 bytes)'.replace('8,192 TiB', '8 PiB'),
  )
})

test('the link of an IPv6 host has brackets', () => {
  expect(
    banner({
      entries: [],
      host: '::1',
      port: 1,
      query: 'token=t',
      certificateFingerprint: undefined,
      isWritable: false,
    }),
  ).toContain('http://[::1]:1/?token=t')
})

/** Listens on a port; `undefined` when somebody else has it already, which serves as well. */
function occupy(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    atEnd(() => void server.close())
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
