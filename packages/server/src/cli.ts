#!/usr/bin/env node
import type { FastifyInstance } from 'fastify'
import { parseArguments, type ServeCommand } from './cli/arguments.ts'
import { banner } from './cli/banner.ts'
import { COMMANDS, type CommandRow } from './cli/commands.ts'
import { HELP } from './cli/help.ts'
import { runCommand } from './cli/run_command.ts'
import { keepHeapSmall } from './cli/small_heap.ts'
import { UsageError } from './cli/usage_error.ts'
import { VERSION } from './version.ts'

/** Closing normally takes milliseconds; a disk that hangs must not keep the terminal. */
const CLOSE_TIMEOUT_MS = 1_500

/** This file is the only one that ends the process. */
async function main(argv: readonly string[]): Promise<void> {
  const row = COMMANDS.find(({ name }) => name === argv[0])
  if (row !== undefined) return await runAndEnd(row, argv.slice(1))
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

/** Ends the process itself: what may still be under way (a slow disk's answer) is nothing to wait for. */
async function runAndEnd({ load }: CommandRow, argv: readonly string[]): Promise<void> {
  process.on('SIGINT', () => {
    if (process.stderr.isTTY) process.stderr.write('\n')
    process.exit(130)
  })
  process.exit(await runCommand(await load(), argv))
}

async function run(command: ServeCommand): Promise<void> {
  keepHeapSmall()
  // Whoever reads the link may close the pipe after it (`| head -8`); that is no reason to end.
  process.stdout.on('error', () => undefined)
  // Not above: the other commands need not wait for a web server to load.
  const { serve } = await import('./cli/serve.ts')
  const { app, port, token, entries } = await serve(command)
  endOnSignals(app)
  const { host, isWritable } = command
  process.stdout.write(banner({ entries, host, port, token, isWritable }))
}

function endOnSignals(app: FastifyInstance): void {
  let isEnding = false
  const end = (): void => {
    if (isEnding) process.exit(130)
    isEnding = true
    process.stdout.write('\nEnding: connections and files are being closed.\n')
    setTimeout(() => process.exit(0), CLOSE_TIMEOUT_MS)
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`mapscope: ${String(error)}\n`)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`mapscope: ${error.code}: ${error.message}\n`)
  if (error.code === 'ERR_USAGE') process.stderr.write('Try: mapscope --help\n')
  process.exit(2)
})
