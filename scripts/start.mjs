// `npm start -- PATH… [--writable] [--port N]`: from a fresh clone to a link. Installs and builds what is missing, then becomes the
// server: the same process, so that Ctrl-C and exit codes are the server's own.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireNode } from './lib/node_version.mjs'
import { build, ensureInstalled } from './lib/pnpm.mjs'
import { root } from './lib/root.mjs'

requireNode()
await ensureInstalled()
await build('@mapscope/server', '@mapscope/explorer')

// npm runs us in the checkout; the paths are relative to where the person is.
process.chdir(process.env.INIT_CWD ?? process.cwd())
const cli = path.join(root, 'packages/server/dist/cli.js')
process.argv = [process.execPath, cli, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(cli).href)
