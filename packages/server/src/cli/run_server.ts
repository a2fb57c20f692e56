import type { FastifyInstance } from 'fastify'
import { announce } from '../runtime/running_server.ts'
import { readSettings } from '../settings/read_settings.ts'
import type { ServeSettings } from '../settings/serve_settings.ts'
import { VERSION } from '../version.ts'
import { parseArguments, type ServeCommand } from './arguments.ts'
import { banner, serverUrl } from './banner.ts'
import { endOnSignals } from './end_on_signals.ts'
import { HELP } from './help.ts'
import { printSettings } from './print_settings.ts'
import { reread } from './reread.ts'
import { keepHeapSmall } from './small_heap.ts'
import { UsageError } from './usage_error.ts'

/** `mapscope serve`, and what is said about it. A module of its own: the other commands need not wait for its schemas to load. */
export async function runServer(argv: readonly string[]): Promise<void> {
  const command = parseArguments(argv)
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP)
      return
    case 'version':
      process.stdout.write(`${VERSION}\n`)
      return
    case 'serve':
      return await run(command)
  }
}

async function run(command: ServeCommand): Promise<void> {
  const read = readSettings({ ...command, environment: process.env })
  if (command.isPrinting) return printSettings(read)
  if (read.settings.paths.length === 0)
    throw new UsageError('ERR_USAGE', 'say what to serve, files or folders: mapscope serve PATH…')
  keepHeapSmall()
  // Whoever reads the link may close the pipe after it (`| head -8`); that is no reason to end.
  process.stdout.on('error', () => undefined)
  // Not above: the help need not wait for a web server to load.
  const { serve } = await import('./serve.ts')
  const { app, port, token, query, tls, entries } = await serve(read.settings)
  const { host, writable: isWritable, grace } = read.settings
  const url = serverUrl({ host, port, isSecure: tls !== undefined })
  const announced = (linkToken: string): (() => void) =>
    announce({ url, token: linkToken, certificate: tls?.certificate }, process.env)
  const conceal = announced(token)
  process.once('exit', conceal)
  let graceMs = grace * 1_000
  endOnSignals(app, {
    graceMs: () => graceMs,
    onReread: () => {
      const after = rereadSettings(app, command, read.settings)
      if (after === undefined) return
      graceMs = after.settings.grace * 1_000
      if (after.token !== undefined) announced(after.token)
    },
  })
  process.stdout.write(banner({ entries, host, port, query, certificateFingerprint: tls?.fingerprint, isWritable }))
}

/** Says on the log what came of it: nobody is at a console. Undefined when all stays as it was. */
function rereadSettings(
  app: FastifyInstance,
  command: Extract<ServeCommand, { kind: 'serve' }>,
  before: ServeSettings,
): { settings: ServeSettings; token: string | undefined } | undefined {
  try {
    const { settings } = readSettings({ ...command, environment: process.env })
    const { token, waiting } = reread({ app, before, after: settings })
    app.log.info({ waiting }, 'the settings were read again')
    if (waiting.length > 0) app.log.warn({ waiting }, 'these settings are others now, and need a restart')
    return { settings, token }
  } catch (error) {
    app.log.error({ err: error }, 'the settings could not be read again; all stays as it was')
    return undefined
  }
}
