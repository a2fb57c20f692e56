#!/usr/bin/env node
import { COMMANDS, type CommandRow } from './cli/commands.ts'
import { UsageError } from './cli/usage_error.ts'

/** This file and `cli/end_on_signals.ts` are the only ones that end the process. */
async function main(argv: readonly string[]): Promise<void> {
  const row = COMMANDS.find(({ name }) => name === argv[0])
  if (row !== undefined) return await runAndEnd(row, argv.slice(1))
  const { runServer } = await import('./cli/run_server.ts')
  await runServer(argv)
}

/** Ends the process itself: what may still be under way (a slow disk's answer) is nothing to wait for. */
async function runAndEnd({ load }: CommandRow, argv: readonly string[]): Promise<void> {
  process.on('SIGINT', () => {
    if (process.stderr.isTTY) process.stderr.write('\n')
    process.exit(130)
  })
  const [command, { runCommand }] = await Promise.all([load(), import('./cli/run_command.ts')])
  process.exit(await runCommand(command, argv))
}

main(process.argv.slice(2)).catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`mapscope: ${error.code}: ${error.message}\n`)
  if (error.code === 'ERR_USAGE') process.stderr.write('Try: mapscope --help\n')
  process.exit(2)
})
