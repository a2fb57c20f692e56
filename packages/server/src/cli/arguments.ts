import { parseArgs } from 'node:util'
import { UsageError } from './usage_error.ts'

export interface ServeCommand {
  readonly kind: 'serve'
  readonly paths: readonly string[]
  readonly host: string
  /** `undefined`: the default port, or the next one that is free. 0: any. */
  readonly port: number | undefined
  readonly isWritable: boolean
  readonly tokenFile: string | undefined
  readonly allowedHosts: readonly string[]
  readonly isLogging: boolean
}

export type Command = ServeCommand | { readonly kind: 'help' } | { readonly kind: 'version' }

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  writable: { type: 'boolean' },
  'token-file': { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  log: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

/** @throws UsageError that says what to write instead. */
export function parseArguments(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv)
  if (values.help === true) return { kind: 'help' }
  if (values.version === true) return { kind: 'version' }
  const [command, ...paths] = positionals
  if (command === undefined) throw new UsageError('ERR_USAGE', 'say what to do: mapscope serve PATH…')
  if (command === 'help') return { kind: 'help' }
  if (command !== 'serve')
    throw new UsageError(
      'ERR_USAGE',
      `"${command}" is no command (mapscope --help lists them); did you mean: mapscope serve ${command}`,
    )
  if (paths.length === 0) throw new UsageError('ERR_USAGE', 'say what to serve, files or folders: mapscope serve PATH…')
  return {
    kind: 'serve',
    paths,
    host: parseHostOption(values.host),
    port: parsePort(values.port),
    isWritable: values.writable === true,
    tokenFile: values['token-file'],
    allowedHosts: values['allow-host'] ?? [],
    isLogging: values.log === true,
  }
}

function parse(
  argv: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    // Node's sentence names the option; what it adds about "--" helps who has such a file.
    throw new UsageError('ERR_USAGE', error instanceof Error ? error.message : String(error))
  }
}

function parseHostOption(text = '127.0.0.1'): string {
  const host = text.replace(/^\[(.*)\]$/, '$1')
  if (/^[0-9a-z.:_-]+(?:%\w+)?$/i.test(host)) return host
  throw new UsageError('ERR_USAGE', `--host takes a name or an address, not "${text}"`)
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError('ERR_USAGE', `--port takes a number from 0 (any free port) to 65535, not "${text}"`)
}
