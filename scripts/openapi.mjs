// Writes docs/openapi.json from the server's schemas, or with --check tells whether the committed one is current.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './lib/root.mjs'

const target = path.join(root, 'docs/openapi.json')
const server = await import(pathToFileURL(path.join(root, 'packages/server/dist/index.js')).href)
const current = `${JSON.stringify(await server.openApiDocument(), null, 2)}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(target, current)
} else if (readFileSync(target, 'utf8') !== current) {
  process.stdout.write('docs/openapi.json is not what the schemas say: run `node scripts/openapi.mjs`\n')
  process.exit(1)
}
