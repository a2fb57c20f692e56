// `npm test`: from a fresh clone to a verdict. Installs and builds what is missing, finds a browser and the other Node versions, runs
// every suite (also after one has failed) and ends with a line `N passed, N failed`.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBrowser } from './lib/browser.mjs'
import { ensureClients } from './lib/clients.mjs'
import { failuresOf } from './lib/failures.mjs'
import { nodeMatrix } from './lib/node_matrix.mjs'
import { requireNode } from './lib/node_version.mjs'
import { build, ensureInstalled, environment, seconds, turbo } from './lib/pnpm.mjs'
import { root } from './lib/root.mjs'
import { run } from './lib/run.mjs'
import { say } from './lib/say.mjs'
import { closingLine, readTally, sum } from './lib/tally.mjs'

const inRoot = (...parts) => path.join(root, ...parts)
const packages = ['packages/native', 'packages/core', 'packages/protocol', 'packages/server', 'apps/explorer']
const suites = [
  ...packages.map((directory) => ({
    name: directory,
    kind: 'vitest',
    report: inRoot(directory, 'reports/vitest.json'),
  })),
  { name: 'scripts', kind: 'vitest', report: inRoot('reports/scripts.json') },
  { name: 'sanitizers', kind: 'vitest', report: inRoot('reports/sanitize.json') },
  { name: 'the grid alone', kind: 'playwright', report: inRoot('apps/explorer/reports/playwright-harness.json') },
  { name: 'end to end', kind: 'playwright', report: inRoot('apps/explorer/reports/playwright.json') },
]

requireNode()
const started = Date.now()
await ensureInstalled()
await build()
environment.MAPSCOPE_BROWSER = await ensureBrowser()
environment.MAPSCOPE_NODES = (await nodeMatrix()).join(path.delimiter)
say(`browser: ${environment.MAPSCOPE_BROWSER}`)
await ensureClients()
for (const suite of suites) rmSync(path.dirname(suite.report), { recursive: true, force: true })

say('running the tests of each package')
// One package at a time: several tests start servers and browsers, and two cores are all that CI has.
await turbo('test', '--continue', '--concurrency=1', '--output-logs=new-only')
say("running the repository's own checks: boundaries, examples in the documentation")
await run('vitest', ['run', '--config', 'scripts/vitest.config.ts'], { env: environment })
say('running the addon under AddressSanitizer and UndefinedBehaviorSanitizer')
await run('vitest', ['run', '--config', 'scripts/sanitize/vitest.config.ts'], { env: environment })
say('running the grid alone, then the whole path, in a real browser')
for (const config of ['apps/explorer/harness/playwright.config.ts', 'apps/explorer/playwright.config.ts']) {
  await run('playwright', ['test', '--config', config], { env: environment })
}

say(`all suites ran (${seconds(started)})`)
for (const failure of suites.flatMap(failuresOf)) process.stdout.write(`FAILED ${failure}\n`)
const tallies = suites.map(readTally)
suites.forEach((suite, index) => {
  const tally = tallies[index]
  process.stdout.write(`  ${suite.name.padEnd(18)} ${closingLine(tally)}${tally.note ? ` (${tally.note})` : ''}\n`)
})
const total = sum(tallies)
process.stdout.write(`${closingLine(total)}\n`)
process.exit(total.failed === 0 ? 0 : 1)
