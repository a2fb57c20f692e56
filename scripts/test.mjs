// `npm test`: from a fresh clone to a verdict. Installs and builds what is missing, finds a browser and the other Node versions, runs
// every suite (also after one has failed) and ends with a line `N passed, N failed`.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBrowser } from './lib/browser.mjs'
import { ensureClients } from './lib/clients.mjs'
import { failuresOf } from './lib/failures.mjs'
import { nodeMatrix } from './lib/node_matrix.mjs'
import { requireNode } from './lib/node_version.mjs'
import { build, ensureInstalled, environment, seconds } from './lib/pnpm.mjs'
import { root } from './lib/root.mjs'
import { run, runNamed } from './lib/run.mjs'
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
const [nodes] = await Promise.all([nodeMatrix(), build()])
environment.MAPSCOPE_NODES = nodes.join(path.delimiter)
// Before the first suite: apt puts libraries in place that other tests read, and what it cannot get is told while nothing else is printed.
environment.MAPSCOPE_BROWSER = await ensureBrowser()
say(`browser: ${environment.MAPSCOPE_BROWSER}`)
await ensureClients()
for (const suite of suites) rmSync(path.dirname(suite.report), { recursive: true, force: true })

// Two at a time: each alone, with its waiting and its last long file, left CI's two cores idle for 12 of 32 minutes. Native's and the server's tests take
// one process, beside the two of another suite that wait as well: of what is heavy there are still two. The short ones come last.
const inTurn = [
  () => packageTests('@mapscope/native', 1),
  () => packageTests('@mapscope/core', 2),
  () => packageTests('@mapscope/server', 1),
  () => vitest('sanitizers', 'scripts/sanitize/vitest.config.ts'),
  () => vitest('scripts', 'scripts/vitest.config.ts'),
  browserTests,
  () => packageTests('@mapscope/explorer', 1),
  () => packageTests('@mapscope/protocol', 1),
].values()
say('running every suite, two at a time')
await Promise.all([runInTurn(), runInTurn()])

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

async function runInTurn() {
  for (const runSuite of inTurn) await runSuite()
}

/** Only the tests: everything is built, and two turbos must not build it again at once. */
function packageTests(name, workers) {
  const options = ['--only', `--filter=${name}`, '--output-logs=new-only', '--log-prefix=task', '--no-update-notifier']
  return run('turbo', ['run', 'test', ...options], { env: { ...environment, MAPSCOPE_TEST_WORKERS: String(workers) } })
}

function vitest(name, config) {
  return runNamed(name, 'vitest', ['run', '--config', config], { env: environment })
}

/** The grid alone, then the whole path: one after the other, for both write below apps/explorer/test-results. */
async function browserTests() {
  for (const config of ['apps/explorer/harness/playwright.config.ts', 'apps/explorer/playwright.config.ts']) {
    await runNamed('browser', 'playwright', ['test', '--config', config], { env: environment })
  }
}
