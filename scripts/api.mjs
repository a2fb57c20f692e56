// Writes packages/core/etc/core.api.md, the public surface of core as its declarations have it, or with --check tells whether the
// committed one is current. What a reviewer reads first.
import path from 'node:path'
import { build, environment } from './lib/pnpm.mjs'
import { root } from './lib/root.mjs'
import { capture } from './lib/run.mjs'

const isChecking = process.argv.includes('--check')
if (!isChecking) await build('@mapscope/core')
const config = path.join(root, 'packages/core/api-extractor.json')
// Without --local it only compares, and ends with 1 when there is a difference.
const { code, output } = await capture(
  'api-extractor',
  ['run', '--config', config, ...(isChecking ? [] : ['--local'])],
  {
    env: environment,
  },
)
if (code !== 0) process.stdout.write(output)
if (code !== 0 && isChecking)
  process.stdout.write("core's API is not what the report says: run `npm run api`, and read the diff\n")
process.exit(code)
