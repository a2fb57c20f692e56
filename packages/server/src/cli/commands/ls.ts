import type { FileEntry } from '@mapscope/protocol'
import type { Command } from '../command.ts'
import { SERVER_NOTES, SERVER_OPTIONS, ServerClient } from '../server_client.ts'
import { UsageError } from '../usage_error.ts'

export const LS: Command = {
  name: 'ls',
  operands: '[PATH]',
  description:
    'Lists what a running server serves: its roots, or a folder below one. PATH is the server’s: ROOT/PATH/BELOW/IT.',
  options: [...SERVER_OPTIONS, { name: 'json', help: 'one object a line, with everything that is known' }],
  notes: `Prints \`SIZE  PATH\`; a folder has - and a slash behind it.\n${SERVER_NOTES}`,
  statusWhenCut: 0,
  run: async (args, { output, signal }) => {
    const [path = '', extra] = args.operands
    if (extra !== undefined) throw new UsageError('ERR_USAGE', `“${extra}” is one argument too many`)
    const client = ServerClient.find(args, process.env, signal)
    const { entries, isTruncated } = await client.listFiles(path.replace(/\/+$/, ''))
    const width = Math.max(0, ...entries.map((entry) => sizeOf(entry).length))
    for (const entry of entries) {
      const text = `${sizeOf(entry).padStart(width)}  ${printable(entry.path)}${entry.kind === 'directory' ? '/' : ''}`
      await output.line(args.has('json') ? JSON.stringify(entry) : text)
    }
    if (isTruncated) process.stderr.write('mapscope: the folder holds more than a server lists\n')
    return 0
  },
}

function sizeOf({ byteLength }: FileEntry): string {
  return byteLength === undefined ? '-' : String(byteLength)
}

/** A name may hold line ends, and what a terminal would obey. */
function printable(path: string): string {
  return path.replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
