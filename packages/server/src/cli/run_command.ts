import { isMapscopeError } from '@mapscope/core'
import { AuditError } from '../audit/audit_error.ts'
import type { Command, CommandContext } from './command.ts'
import { Arguments } from './command_arguments.ts'
import { commandHelp, HELP_OPTION } from './command_help.ts'
import { Output, OutputClosed } from './output.ts'
import { Progress } from './progress.ts'
import { UsageError } from './usage_error.ts'

/** Runs one command to its end and returns the exit status: its own 0 or 1, or 2 for an error, which is told on standard error. */
export async function runCommand(command: Command, argv: readonly string[]): Promise<number> {
  const progress = new Progress(process.stderr)
  const output = new Output(process.stdout, progress.hide)
  const stop = new AbortController()
  try {
    const status = await runToStatus(command, argv, { output, progress, signal: stop.signal })
    await output.end()
    return status
  } catch (error) {
    if (error instanceof OutputClosed) return command.statusWhenCut
    return await tell(command, error, output)
  } finally {
    progress.hide()
    stop.abort()
  }
}

async function runToStatus(command: Command, argv: readonly string[], context: CommandContext): Promise<number> {
  const args = Arguments.parse(argv, [...command.options, HELP_OPTION])
  if (!args.has(HELP_OPTION.name)) return await command.run(args, context)
  await context.output.line(commandHelp(command))
  return 0
}

/** What was found before the error is true, and comes out first. */
async function tell(command: Command, error: unknown, output: Output): Promise<number> {
  const lost = await output.end().then(
    () => undefined,
    (lostOutput: unknown) => lostOutput,
  )
  const { code, message } = explained(lost instanceof UsageError ? lost : error)
  process.stderr.write(`mapscope: ${code}: ${onOneLine(message)}\n`)
  if (code === 'ERR_USAGE') process.stderr.write(`Try: mapscope ${command.name} --help\n`)
  return 2
}

/** A sentence for people, never a stack: whoever runs a command has not written it. */
function explained(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof UsageError || isMapscopeError(error)) return error
  if (error instanceof AuditError) return { code: 'ERR_AUDIT_FILE', message: error.message }
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  return { code: code?.startsWith('ERR_') === true ? code : 'ERR_INTERNAL', message: `${message.split('\n')[0]}` }
}

/** A pattern that is quoted may hold line ends, or what a terminal would obey. */
function onOneLine(message: string): string {
  return message.replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
