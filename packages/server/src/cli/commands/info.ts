import type { DocumentInfo } from '@mapscope/protocol'
import type { Command } from '../command.ts'
import { SERVER_NOTES, SERVER_OPTIONS, ServerClient } from '../server_client.ts'
import { UsageError } from '../usage_error.ts'

export const INFO: Command = {
  name: 'info',
  operands: '[DOCUMENT|PATH]',
  description:
    'Says what a running server knows of an open document, by its id or its path; of all of them, when none is named. Opens nothing.',
  options: [...SERVER_OPTIONS, { name: 'json', help: 'one object a line' }],
  notes: `Prints \`NAME  VALUE\` lines, with an empty one between two documents.\n${SERVER_NOTES} With 1 when no such document is open.`,
  statusWhenCut: 0,
  run: async (args, { output, signal }) => {
    const [which, extra] = args.operands
    if (extra !== undefined) throw new UsageError('ERR_USAGE', `“${extra}” is one argument too many`)
    const client = ServerClient.find(args, process.env, signal)
    const { documents } = await client.listDocuments()
    const chosen = documents.filter(({ id, path }) => which === undefined || id === which || path === which)
    for (const [index, { id }] of chosen.entries()) {
      // Asked for by itself, it looks at its file anew.
      const document = await client.getDocument(id)
      if (args.has('json')) await output.line(JSON.stringify(document))
      else for (const line of [...(index === 0 ? [] : ['']), ...linesOf(document)]) await output.line(line)
    }
    return chosen.length === 0 && which !== undefined ? 1 : 0
  },
}

function linesOf(document: DocumentInfo): string[] {
  const entries = Object.entries(document)
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`)
}
