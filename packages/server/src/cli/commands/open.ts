import { spawn } from 'node:child_process'
import type { Command } from '../command.ts'
import { SERVER_NOTES, SERVER_OPTIONS, ServerClient } from '../server_client.ts'

export const OPEN: Command = {
  name: 'open',
  operands: 'PATH',
  description:
    'Opens a file in a running server and prints the link to it. PATH is the server’s, as mapscope ls prints it.',
  options: [
    ...SERVER_OPTIONS,
    { name: 'offset', value: 'N', help: 'show this place (default 0)' },
    { name: 'browser', help: 'give the link to the browser as well' },
    { name: 'json', help: 'the document as an object, with its link' },
  ],
  notes: `The link holds the token.\n${SERVER_NOTES}`,
  statusWhenCut: 0,
  run: async (args, { output, signal }) => {
    const [path] = args.exactly('PATH')
    const client = ServerClient.find(args, process.env, signal)
    const document = await client.openDocument(path)
    const link = client.linkTo(document.path, args.count('offset') ?? 0)
    await output.line(args.has('json') ? JSON.stringify({ ...document, link }) : link)
    if (args.has('browser')) openInBrowser(link)
    return 0
  },
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Who has no desktop has the link on the screen. */
function openInBrowser(link: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open']
  const child = spawn(program, [...args, link], { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
}
