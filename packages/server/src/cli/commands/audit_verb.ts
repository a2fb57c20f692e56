import type { CommandContext, OptionRow } from '../command.ts'
import type { Arguments } from '../command_arguments.ts'

/** What `mapscope audit` can do: `audit <verb> …`. */
export interface AuditVerb {
  readonly usage: string
  readonly options: readonly OptionRow[]
  readonly notes: string
  run(args: Arguments, context: CommandContext): Promise<0 | 1>
}
