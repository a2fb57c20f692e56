import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ReadSettings, readSettings, type SettingSources } from '../src/settings/read_settings.ts'
import { SERVE_SETTINGS, SETTING_NAMES } from '../src/settings/serve_settings.ts'
import type { SettingRow } from '../src/settings/setting.ts'
import { mapscope } from './support/command.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const file = join(folder, 'config.json')

beforeAll(() => writeFileSync(join(folder, 'served.bin'), 'content'))

function read(sources: Partial<SettingSources>): ReadSettings {
  return readSettings({ flags: {}, paths: [], environment: { HOME: folder }, configFile: undefined, ...sources })
}

function withFile(content: unknown): Partial<SettingSources> {
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return { configFile: file }
}

describe('settings', () => {
  test('the line goes before the environment, before the file, before the default', () => {
    const environment = { HOME: folder, MAPSCOPE_PORT: '2', MAPSCOPE_HOST: 'from.env' }
    const sources = { ...withFile({ port: 3, host: 'from.file', grace: 7 }), environment, flags: { port: '1' } }
    const { settings, origins } = read(sources)
    expect([settings.port, settings.host, settings.grace, settings.writable]).toEqual([1, 'from.env', 7, false])
    expect([origins.port, origins.host, origins.grace, origins.writable]).toEqual(['flag', 'env', 'file', 'default'])
  })

  test('paths of a file are meant from its folder; the line’s and the environment’s are as they stand', () => {
    const content = { paths: ['a', '/b'], tokenFile: 'token' }
    expect(read(withFile(content)).settings).toMatchObject({
      paths: [join(folder, 'a'), '/b'],
      tokenFile: join(folder, 'token'),
    })
    expect(read({ ...withFile(content), paths: ['c'], flags: { 'token-file': 't' } }).settings).toMatchObject({
      paths: ['c'],
      tokenFile: 't',
    })
    expect(read({ environment: { HOME: folder, MAPSCOPE_PATHS: 'x:/y:' } }).settings.paths).toEqual(['x', '/y'])
  })

  test('lists have commas in the environment, switches true and false', () => {
    const environment = {
      HOME: folder,
      MAPSCOPE_ALLOW_HOST: 'a.example,b.example',
      MAPSCOPE_WRITABLE: 'true',
      MAPSCOPE_LOG: '0',
    }
    expect(read({ environment }).settings).toMatchObject({
      allowHost: ['a.example', 'b.example'],
      writable: true,
      log: false,
    })
  })

  test('the default file is read where there is one, and may be missing', () => {
    const home = join(folder, 'home')
    mkdirSync(join(home, '.config/mapscope'), { recursive: true })
    expect(read({ environment: { HOME: home } }).settings.port).toBe(undefined)
    writeFileSync(join(home, '.config/mapscope/config.json'), '{"port": 4000}')
    expect(read({ environment: { HOME: home } }).settings.port).toBe(4000)
    mkdirSync(join(home, 'xdg/mapscope'), { recursive: true })
    writeFileSync(join(home, 'xdg/mapscope/config.json'), '{"port": 5000}')
    const environment = { HOME: home, XDG_CONFIG_HOME: join(home, 'xdg') }
    expect(read({ environment }).settings.port).toBe(5000)
    expect(
      read({ environment: { ...environment, MAPSCOPE_CONFIG: join(home, '.config/mapscope/config.json') } }).settings
        .port,
    ).toBe(4000)
  })

  test.each([
    ['not json', 'ERR_CONFIG_FILE', 'not JSON'],
    ['[]', 'ERR_CONFIG_FILE', 'no object'],
    ['null', 'ERR_CONFIG_FILE', 'no object'],
    [{ prot: 1 }, 'ERR_CONFIG_KEY', 'no setting "prot"; there are paths, host, port'],
    [{ 'token-file': 'x' }, 'ERR_CONFIG_KEY', 'it is called "tokenFile"'],
    [{ port: '80' }, 'ERR_CONFIG_VALUE', '"port" takes a number from 0 (any free port) to 65535, not "80"'],
    [{ port: 65_536 }, 'ERR_CONFIG_VALUE', '"port"'],
    [{ port: 1.5 }, 'ERR_CONFIG_VALUE', '"port"'],
    [{ writable: 1 }, 'ERR_CONFIG_VALUE', '"writable" takes true or false, not 1'],
    [{ paths: 'a' }, 'ERR_CONFIG_VALUE', '"paths"'],
    [{ logLevel: 'loud' }, 'ERR_CONFIG_VALUE', 'fatal, error, warn'],
    [{ host: 'a b' }, 'ERR_CONFIG_VALUE', '"host"'],
    [{ grace: -1 }, 'ERR_CONFIG_VALUE', '"grace"'],
    [{ allowHost: [1] }, 'ERR_CONFIG_VALUE', '"allowHost"'],
  ])('a file of %j: %s', (content, code, words) => {
    expect(() => read(withFile(content))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    )
  })

  test.each([
    [{ MAPSCOPE_PORT: 'x' }, 'MAPSCOPE_PORT takes a number'],
    [{ MAPSCOPE_WRITABLE: 'yes' }, 'MAPSCOPE_WRITABLE takes true or false'],
    [{ MAPSCOPE_GRACE: '1e9' }, 'MAPSCOPE_GRACE'],
  ])('an environment of %j', (environment, words) => {
    expect(() => read({ environment: { HOME: folder, ...environment } })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE', message: expect.stringContaining(words) }),
    )
  })

  test('a file that was asked for must be there', () => {
    expect(() => read({ configFile: join(folder, 'nowhere.json') })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_FILE' }),
    )
  })

  test('each has one name in each place, and a word for what it takes', () => {
    const rows = Object.values<SettingRow<unknown>>(SERVE_SETTINGS)
    const flags = rows.flatMap(({ flag }) => flag ?? [])
    expect(new Set(flags).size).toBe(rows.length - 1)
    for (const [index, { flag, env, takes, help }] of rows.entries()) {
      const name = SETTING_NAMES[index] ?? ''
      expect(env).toBe(`MAPSCOPE_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`)
      if (flag !== undefined) expect(flag).toBe(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))
      expect(takes.length + help.length).toBeGreaterThan(20)
    }
  })
})

describe('mapscope serve', () => {
  test('--print-config prints what --config takes, and where each is from', async () => {
    writeFileSync(file, JSON.stringify({ paths: ['served.bin'], port: 0, logLevel: 'warn' }))
    const printed = await mapscope('serve', '--config', file, '--grace', '3', '--print-config')
    expect(printed.status).toBe(0)
    expect(JSON.parse(printed.output)).toMatchObject({ paths: [join(folder, 'served.bin')], port: 0, grace: 3 })
    expect(printed.errors).toMatch(/^grace +--grace$/m)
    expect(printed.errors).toMatch(/^port +the file$/m)
    expect(printed.errors).toMatch(/^writable +default$/m)
    const again = join(folder, 'again.json')
    writeFileSync(again, printed.output)
    expect((await mapscope('serve', '--config', again, '--print-config')).output).toBe(printed.output)
  })

  test('a wrong file ends it with 2, the code and the key', async () => {
    writeFileSync(file, JSON.stringify({ paths: ['served.bin'], tls: true }))
    const ended = await mapscope('serve', '--config', file)
    expect([ended.status, ended.output]).toEqual([2, ''])
    expect(ended.errors).toContain('mapscope: ERR_CONFIG_KEY: ')
    expect(ended.errors).toContain('"tls"')
    expect(readFileSync(file, 'utf8')).toContain('tls')
  })
})
