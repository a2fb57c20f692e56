import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../cli/usage_error.ts'
import { SERVE_SETTINGS, SETTING_NAMES, type SettingName } from './serve_settings.ts'
import { valueOfFile } from './setting_value.ts'

export type SettingValues = { readonly [Name in SettingName]?: unknown }

/** Looked for when no `--config` says otherwise; need not be there. */
export function defaultConfigFile(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] || homedir(), '.config')
  return join(base, 'mapscope', 'config.json')
}

/** The settings of a file. @throws UsageError that names the file, the key and what it takes. */
export function readConfigFile(file: string, { isOptional }: { readonly isOptional: boolean }): SettingValues {
  const text = readText(file, isOptional)
  if (text === undefined) return {}
  const parsed = parseObject(file, text)
  const values = Object.entries(parsed).map(([key, value]) => {
    const name = SETTING_NAMES.find((known) => known === key)
    if (name === undefined) throw unknownKey(file, key)
    return [name, valueOfFile(SERVE_SETTINGS[name], name, { file, value })]
  })
  return Object.fromEntries(values) as SettingValues
}

function readText(file: string, isOptional: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // EACCES: the home of somebody else, as after `sudo -u`; whoever means a file names it.
    if (isOptional && (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES')) return undefined
    throw new UsageError('ERR_CONFIG_FILE', `${file} cannot be read (${code})`, error)
  }
}

function parseObject(file: string, text: string): object {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    throw new UsageError('ERR_CONFIG_FILE', `${file} is not JSON: ${(error as Error).message}`, error)
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  throw new UsageError('ERR_CONFIG_FILE', `${file} holds no object of settings, as {"port": 7370}`)
}

/** The name is most often right but for its spelling: `token-file`, `tokenfile`. */
function unknownKey(file: string, key: string): UsageError {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_]/g, '')
  const near = SETTING_NAMES.find((name) => plain(name) === plain(key))
  const hint = near === undefined ? `there are ${SETTING_NAMES.join(', ')}` : `it is called "${near}"`
  return new UsageError('ERR_CONFIG_KEY', `${file}: there is no setting "${key}"; ${hint}`)
}
