import type { Command } from '../command.ts'
import { UsageError } from '../usage_error.ts'
import { AUDIT_CHECK } from './audit_check.ts'
import { AUDIT_EXPORT } from './audit_export.ts'
import type { AuditVerb } from './audit_verb.ts'
import { AUDIT_VERIFY } from './audit_verify.ts'

/** One more verb: a file beside the others, and a row here. */
const VERBS: Readonly<Record<string, AuditVerb>> = {
  verify: AUDIT_VERIFY,
  export: AUDIT_EXPORT,
  check: AUDIT_CHECK,
}

export const AUDIT: Command = {
  name: 'audit',
  operands: Object.values(VERBS)
    .map(({ usage }) => usage)
    .join(' | '),
  description: 'Checks what a server with --audit has written down, and what was handed out as evidence.',
  options: Object.values(VERBS).flatMap(({ options }) => options),
  notes: Object.values(VERBS)
    .map(({ notes }) => notes)
    .join('\n'),
  statusWhenCut: 1,
  run: async (args, context) => {
    const [name = ''] = args.operands
    const verb = VERBS[name]
    if (verb === undefined)
      throw new UsageError('ERR_USAGE', `say what to do: audit ${Object.keys(VERBS).join(', audit ')}`)
    const unfit = Object.values(VERBS)
      .flatMap(({ options }) => options)
      .find((row) => args.has(row.name) && !verb.options.includes(row))
    if (unfit !== undefined) throw new UsageError('ERR_USAGE', `audit ${name} takes no --${unfit.name}`)
    return await verb.run(args, context)
  },
}
