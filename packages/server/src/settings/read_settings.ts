import { defaultConfigFile, readConfigFile, type SettingValues } from './config_file.ts'
import { SERVE_SETTINGS, SETTING_NAMES, type ServeSettings, type SettingName } from './serve_settings.ts'
import type { SettingOrigin } from './setting.ts'
import { valueOfEnvironment, valueOfFlag } from './setting_value.ts'

export interface SettingSources {
  /** By the flag's name, as they were typed. */
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>
  /** The operands of the line. */
  readonly paths: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  /** `--config`, or nothing: then the default file, if it is there. */
  readonly configFile: string | undefined
}

export interface ReadSettings {
  readonly settings: ServeSettings
  readonly origins: { readonly [Name in SettingName]: SettingOrigin }
}

/** Flags before the environment, before the file, before the defaults. @throws UsageError for whatever is wrong in any of them. */
export function readSettings(sources: SettingSources): ReadSettings {
  const layers: readonly (readonly [SettingOrigin, SettingValues])[] = [
    ['flag', fromFlags(sources)],
    ['env', fromEnvironment(sources.environment)],
    ['file', fromFile(sources)],
    ['default', fromDefaults()],
  ]
  const chosen = SETTING_NAMES.map((name) => {
    const [origin, values] = layers.find(([, layer]) => layer[name] !== undefined) ?? (['default', {}] as const)
    return { name, origin, value: values[name] }
  })
  return {
    settings: Object.fromEntries(chosen.map(({ name, value }) => [name, value])) as unknown as ServeSettings,
    origins: Object.fromEntries(chosen.map(({ name, origin }) => [name, origin])) as ReadSettings['origins'],
  }
}

function fromFlags({ flags, paths }: SettingSources): SettingValues {
  const values = SETTING_NAMES.map((name) => {
    const row = SERVE_SETTINGS[name]
    const given = row.flag === undefined ? undefined : flags[row.flag]
    return [name, given === undefined ? undefined : valueOfFlag(row, given)]
  })
  return { ...Object.fromEntries(values), ...(paths.length === 0 ? {} : { paths }) }
}

function fromEnvironment(environment: NodeJS.ProcessEnv): SettingValues {
  const values = SETTING_NAMES.map((name) => {
    const row = SERVE_SETTINGS[name]
    const text = environment[row.env]
    return [name, text === undefined || text === '' ? undefined : valueOfEnvironment(row, text)]
  })
  return Object.fromEntries(values)
}

function fromFile({ configFile, environment }: SettingSources): SettingValues {
  const named = configFile ?? (environment['MAPSCOPE_CONFIG'] || undefined)
  return readConfigFile(named ?? defaultConfigFile(environment), { isOptional: named === undefined })
}

function fromDefaults(): SettingValues {
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, SERVE_SETTINGS[name].default]))
}
