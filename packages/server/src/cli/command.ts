import type { Arguments } from './command_arguments.ts'
import type { Output } from './output.ts'
import type { Progress } from './progress.ts'

/** One option of a command: parsed by it, and shown by `--help`. */
export interface OptionRow {
  readonly name: string
  readonly short?: string
  /** What stands for its value in the help; without one it is a switch. */
  readonly value?: string
  readonly isRepeatable?: true
  readonly help: string
}

/** What a command works with beside its arguments. */
export interface CommandContext {
  readonly output: Output
  readonly progress: Progress
  /** Aborted when whoever reads the output has gone, or the command ends with an error. */
  readonly signal: AbortSignal
}

/** A command that reads files, writes lines and ends. One more is a file beside the others and a row in `commands.ts`. */
export interface Command {
  readonly name: string
  /** What follows the name on the line, without options. */
  readonly operands: string
  readonly description: string
  readonly options: readonly OptionRow[]
  /** Paragraphs at the end of its help. */
  readonly notes?: string
  /** The exit status when the reader of the output leaves (`| head`), which is no error: what had been printed was true. */
  readonly statusWhenCut: 0 | 1
  /** @returns the exit status: 0 or 1, as the command's notes say. Errors are thrown, and exit with 2. */
  run(args: Arguments, context: CommandContext): Promise<0 | 1>
}
