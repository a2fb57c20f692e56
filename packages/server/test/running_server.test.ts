import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { announce, runningServers } from '../src/runtime/running_server.ts'
import { Child } from './support/child.ts'
import { isError, linesOf, mapscope } from './support/command.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const served = join(folder, 'served')
const runtime = join(folder, 'run')
const announced = join(runtime, 'mapscope')

beforeAll(() => {
  mkdirSync(join(served, 'inner'), { recursive: true })
  writeFileSync(join(served, 'file.bin'), 'content')
  mkdirSync(runtime)
  process.env['XDG_RUNTIME_DIR'] = runtime
})

describe('against a running server', () => {
  test('ls, open and info find it, and say what it says; it leaves nothing behind', async () => {
    const child = Child.run(['serve', served, '--port', '0'])
    const { port, token } = await child.link()
    const file = join(announced, `${port}.json`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(announced).mode & 0o777).toBe(0o700)

    expect(linesOf(await mapscope('ls'))).toEqual(['-  served/'])
    expect(linesOf(await mapscope('ls', 'served/'))).toEqual(['-  served/inner/', '7  served/file.bin'])
    const [entry = ''] = linesOf(await mapscope('ls', 'served', '--json')).slice(1)
    expect(JSON.parse(entry)).toMatchObject({ path: 'served/file.bin', kind: 'file', byteLength: 7 })
    expect((await mapscope('info', 'served/file.bin')).status).toBe(1)

    const opened = linesOf(await mapscope('open', 'served/file.bin', '--offset', '0x5'))
    expect(opened).toEqual([`http://127.0.0.1:${port}/?token=${token}#path=served%2Ffile.bin&offset=0x5`])
    const [about = ''] = linesOf(await mapscope('info', '--json'))
    const { id } = JSON.parse(about) as { id: string }
    expect(JSON.parse(about)).toMatchObject({ path: 'served/file.bin', disk: 'current', byteLength: 7 })
    expect(linesOf(await mapscope('info', id))).toContain('disk               current')
    expect(isError(await mapscope('open', 'served/none'), 'ERR_NOT_FOUND')).toBe(true)
    expect(isError(await mapscope('ls', '../etc'), 'ERR_OUTSIDE_ROOTS')).toBe(true)

    const url = `http://127.0.0.1:${port}`
    writeFileSync(join(folder, 'token'), `${token}\n`)
    process.env['XDG_RUNTIME_DIR'] = join(folder, 'elsewhere')
    expect(isError(await mapscope('ls', '--server', url), 'ERR_USAGE')).toBe(true)
    for (const args of [
      ['--server', `${url}/?token=${token}`],
      ['--server', url, '--token', token],
      ['--server', url, '--token-file', join(folder, 'token')],
    ])
      expect(linesOf(await mapscope('ls', ...args))).toEqual(['-  served/'])
    expect(isError(await mapscope('ls', '--server', url, '--token', 'wrong'), 'ERR_UNAUTHORIZED')).toBe(true)
    process.env['XDG_RUNTIME_DIR'] = runtime

    child.process.kill('SIGTERM')
    expect(await child.exited).toBe(0)
    expect(existsSync(file)).toBe(false)
    expect(isError(await mapscope('ls', '--server', url, '--token', 'x'), 'ERR_NO_SERVER')).toBe(true)
  }, 120_000)

  test('what a killed server left behind is known for that, and removed', async () => {
    const child = Child.run(['serve', served, '--port', '0'])
    const { port } = await child.link()
    child.process.kill('SIGKILL')
    await child.exited
    expect(existsSync(join(announced, `${port}.json`))).toBe(true)
    expect(isError(await mapscope('ls'), 'ERR_NO_SERVER')).toBe(true)
    expect(existsSync(join(announced, `${port}.json`))).toBe(false)
  })

  test.each([
    ['bad URL', ['ls', '--server', 'nowhere']],
    ['not HTTP', ['ls', '--server', 'file:///etc']],
    ['two paths', ['ls', 'a', 'b']],
    ['no path', ['open']],
  ])('%s is ERR_USAGE', async (_name, args) => {
    expect(isError(await mapscope(...args), 'ERR_USAGE')).toBe(true)
  })
})

describe('the runtime folder', () => {
  const environment = { XDG_RUNTIME_DIR: join(folder, 'other') }
  const place = join(folder, 'other', 'mapscope')

  test('a process number that is used again is not that server; half a file is none', () => {
    const conceal = announce({ url: 'http://127.0.0.1:1', token: 't' }, environment)
    expect(runningServers(environment)).toMatchObject([{ url: 'http://127.0.0.1:1', token: 't', pid: process.pid }])
    const file = join(place, '1.json')
    const { startedAt: _, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { startedAt: string }
    writeFileSync(file, JSON.stringify({ ...rest, startedAt: '1' }))
    writeFileSync(join(place, '2.json'), '{"url":')
    expect(runningServers(environment)).toEqual([])
    expect(readdirSync(place)).toEqual([])
    conceal()
  })

  test('a folder that is a link is not used', () => {
    const target = join(folder, 'target')
    mkdirSync(target)
    mkdirSync(join(folder, 'linked'))
    symlinkSync(target, join(folder, 'linked', 'mapscope'))
    const linked = { XDG_RUNTIME_DIR: join(folder, 'linked') }
    announce({ url: 'http://127.0.0.1:1', token: 't' }, linked)()
    expect(readdirSync(target)).toEqual([])
    expect(runningServers(linked)).toEqual([])
  })
})
