// `npm run check`: everything that can be known without running the product: format, lint, types, dead code, packages, native rules.
// The same list runs in CI, so that nobody learns there what a minute here could have told.
import { ATTW_OPTIONS } from './lib/attw_options.mjs'
import { requireNode } from './lib/node_version.mjs'
import { build, ensureInstalled, environment, seconds } from './lib/pnpm.mjs'
import { capture } from './lib/run.mjs'
import { say } from './lib/say.mjs'

const publishable = ['packages/native', 'packages/core', 'packages/protocol', 'packages/server']

const ROOT_FILES = [
  'biome.json',
  'knip.json',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.json',
  'turbo.json',
  'vitest.longest_first.ts',
  'vitest.shared.ts',
]

const checks = [
  { name: 'format and lint, each package (biome)', run: () => turbo('lint') },
  {
    name: 'format and lint, the rest',
    run: () => tool('biome', ['ci', '--error-on-warnings', 'scripts', ...ROOT_FILES]),
  },
  { name: 'C++ format and native boundaries', run: () => tool('node', ['scripts/check_native.mjs']) },
  {
    name: 'types of sources and tests',
    run: () => turbo('typecheck', '--output-logs=errors-only', '--log-prefix=none'),
  },
  { name: 'unused files, exports and dependencies (knip)', run: () => tool('knip', ['--no-progress']) },
  { name: 'OpenAPI document is current', run: () => tool('node', ['scripts/openapi.mjs', '--check']) },
  { name: 'API report of core is current', run: () => tool('node', ['scripts/api.mjs', '--check']) },
  ...publishable.map((directory) => ({
    name: `${directory} as a package (publint, attw)`,
    run: async () => {
      const publint = await tool('publint', ['run', '--strict', '--pack', 'pnpm', directory])
      return publint === 0 ? tool('attw', ['--pack', directory, ...ATTW_OPTIONS]) : publint
    },
  })),
]

requireNode()
await ensureInstalled()
await build()
let failed = 0
const waiting = checks.values()
await Promise.all([runInTurn(), runInTurn()])
process.exit(failed === 0 ? 0 : 1)

/** Two of these at once take two thirds of the time of one after the other; none writes where another reads. */
async function runInTurn() {
  for (const check of waiting) {
    const started = Date.now()
    const code = await check.run()
    say(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds(started)})`)
    if (code !== 0) failed += 1
  }
}

/** A script of every package that has it, skipped where nothing it reads has changed. */
function turbo(task) {
  return tool('turbo', ['run', task, '--output-logs=errors-only', '--no-update-notifier'])
}

/** Runs quietly; shows what the tool said only when it found something. */
async function tool(program, args) {
  const { code, output } = await capture(program, args, { env: environment })
  if (code !== 0) process.stdout.write(output)
  return code
}
