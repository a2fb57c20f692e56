import { parseArgs } from 'node:util'
import type { SettingSources } from '../settings/read_settings.ts'
import { SERVE_SETTINGS } from '../settings/serve_settings.ts'
import type { SettingRow } from '../settings/setting.ts'
import { isList, isSwitch } from '../settings/setting_value.ts'
import { UsageError } from './usage_error.ts'

export interface ServeCommand extends Omit<SettingSources, 'environment'> {
  readonly kind: 'serve'
  /** `--print-config`: say what would be used, and end. */
  readonly isPrinting: boolean
}

export type Command = ServeCommand | { readonly kind: 'help' } | { readonly kind: 'version' }

interface ParserOption {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  readonly multiple?: boolean
}

const OPTIONS: Readonly<Record<string, ParserOption>> = {
  ...Object.fromEntries(Object.values<SettingRow<unknown>>(SERVE_SETTINGS).flatMap(parserOption)),
  config: { type: 'string' },
  'print-config': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
}

/** @throws UsageError that says what to write instead. */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv)
  if (values['help'] === true) return { kind: 'help' }
  if (values['version'] === true) return { kind: 'version' }
  const [command, ...paths] = positionals
  if (command === undefined) throw new UsageError('ERR_USAGE', 'say what to do: mapscope serve PATH…')
  if (command === 'help') return { kind: 'help' }
  if (command !== 'serve')
    throw new UsageError(
      'ERR_USAGE',
      `"${command}" is no command (mapscope --help lists them); did you mean: mapscope serve ${command}`,
    )
  const { config: configFile, 'print-config': isPrinting, ...flags } = values
  return { kind: 'serve', paths, flags, configFile: configFile as string | undefined, isPrinting: isPrinting === true }
}

type Parsed = { values: Record<string, string | boolean | string[] | undefined>; positionals: string[] }

function parse(argv: readonly string[]): Parsed {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
    return { values: { ...values } as Parsed['values'], positionals }
  } catch (error) {
    // Node's sentence names the option; what it adds about "--" helps who has such a file.
    throw new UsageError('ERR_USAGE', error instanceof Error ? error.message : String(error))
  }
}

function parserOption(row: SettingRow<unknown>): [string, ParserOption][] {
  if (row.flag === undefined) return []
  return [[row.flag, isSwitch(row) ? { type: 'boolean' } : { type: 'string', multiple: isList(row) }]]
}
