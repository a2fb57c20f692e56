import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { certificateOf } from '../src/cli/transport.ts'
import { PROBLEMS } from '../src/errors.ts'
import { readSettings } from '../src/settings/read_settings.ts'
import { SERVE_SETTINGS, SETTING_NAMES } from '../src/settings/serve_settings.ts'
import type { SettingRow } from '../src/settings/setting.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/operating.md', import.meta.url)), 'utf8')
const CONTAINERFILE = fileURLToPath(new URL('../../../packaging/Containerfile', import.meta.url))
const UNIT = fileURLToPath(new URL('../../../packaging/mapscope.service', import.meta.url))

test('docs/operating.md: its table is the table of settings', () => {
  const rows = SETTING_NAMES.map((name) => {
    const { flag, value, env, default: value0, help } = SERVE_SETTINGS[name] as SettingRow<unknown>
    const line = flag === undefined ? 'PATH…' : `--${flag}${value === undefined ? '' : ` ${value}`}`
    const isNone = value0 === undefined || (Array.isArray(value0) && value0.length === 0)
    return `| \`${name}\` | \`${line}\` | \`${env}\` | ${isNone ? 'none' : `\`${JSON.stringify(value0)}\``} | ${help} |`
  })
  expect(page.match(/^\| `\w+` \| `(?:--|PATH).*$/gm)).toEqual(rows)
})

test('docs/operating.md: what to do about every code, with its status', () => {
  const rows = [...page.matchAll(/^\| `(ERR_\w+)` \| (\d{3})\D/gm)].map(([, code, status]) => [code, Number(status)])
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status])),
  )
})

test('the container file has settings that there are, and that a server starts with', () => {
  const rows = readFileSync(CONTAINERFILE, 'utf8').match(/^ENV .*$/gm) ?? []
  const pairs = rows.flatMap((row) => row.slice('ENV '.length).split(' ')).map((pair) => pair.split('='))
  const environment: NodeJS.ProcessEnv = Object.fromEntries(pairs)
  const known = Object.values<SettingRow<unknown>>(SERVE_SETTINGS).map(({ env }) => env)
  expect(known).toEqual(expect.arrayContaining(Object.keys(environment).filter((name) => name.startsWith('MAPSCOPE_'))))
  const { settings } = readSettings({ flags: {}, paths: ['/evidence'], environment, configFile: undefined })
  expect(settings).toMatchObject({ host: '0.0.0.0', port: 7370, tokenFile: '/state/token' })
  // On all addresses, and without TLS: only who says so may.
  expect(certificateOf(settings)).toBeUndefined()
})

test('the systemd unit is well-formed, and cannot write, gain or reach more than it needs', () => {
  const unit = readFileSync(UNIT, 'utf8')
  for (const line of ['ProtectSystem=strict', 'NoNewPrivileges=yes', 'DynamicUser=yes', 'CapabilityBoundingSet='])
    expect(unit.split('\n')).toContain(line)
  const environment = [...unit.matchAll(/^Environment=(MAPSCOPE_\w+)=/gm)].map(([, name]) => name)
  expect(Object.values<SettingRow<unknown>>(SERVE_SETTINGS).map(({ env }) => env)).toEqual(
    expect.arrayContaining(environment),
  )
  if (existsSync('/usr/bin/systemd-analyze')) {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', UNIT], { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
  }
})
