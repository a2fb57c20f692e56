import { COMMANDS } from './commands.ts'

const SUMMARIES = COMMANDS.map(({ name, summary }) => `  mapscope ${name.padEnd(10)} ${summary}`).join('\n')

export const HELP: string = `mapscope serve PATH…     look into files of any size, in a browser

  PATH…                  files or folders; nothing outside them is ever opened

  --host ADDRESS         where to listen (default 127.0.0.1: this machine only)
  --port NUMBER          default 7370, or the next free one; 0 for any
  --writable             edits go straight into the files (default: read-only)
  --token-file FILE      keep the link's token in FILE, made if it is not there
  --allow-host NAME      answer to this host name as well; may be repeated
  --log                  log requests as JSON lines on standard error

Without a browser, each with --help of its own:

${SUMMARIES}

mapscope --help | --version

Open the link that is printed: without its token nothing is served. Ctrl-C ends it.
`
