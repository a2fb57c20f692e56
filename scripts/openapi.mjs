// Writes what is made of the server's schemas: docs/openapi.json, and the types of the explorer's client. With --check it tells whether the committed ones are current.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { clientTypes } from './client_types/client_types.mjs'
import { root } from './lib/root.mjs'

const server = await import(pathToFileURL(path.join(root, 'packages/server/dist/index.js')).href)
const document = await server.openApiDocument()
const made = {
  'docs/openapi.json': `${JSON.stringify(document, null, 2)}\n`,
  'apps/explorer/src/client/generated/api.ts': await clientTypes(document),
}

for (const [name, current] of Object.entries(made)) {
  const target = path.join(root, name)
  if (!process.argv.includes('--check')) {
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, current)
  } else if (committed(target) !== current) {
    process.stdout.write(`${name} is not what the schemas say: run \`node scripts/openapi.mjs\`\n`)
    process.exitCode = 1
  }
}

function committed(target) {
  try {
    return readFileSync(target, 'utf8')
  } catch {
    return undefined
  }
}
