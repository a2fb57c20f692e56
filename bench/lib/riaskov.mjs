import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { nodeGypBuild } from '../../scripts/lib/node_gyp.mjs'
import { toolsDirectory } from '../../scripts/lib/root.mjs'
import { capture } from '../../scripts/lib/run.mjs'
import { say } from '../../scripts/lib/say.mjs'

// The npm peer that people are pointed to (MIT). A rival here and nothing else: fetched by the benchmark, never shipped.
const NAME = '@riaskov/mmap-io'
const VERSION = '1.4.3'
/** It is built against V8's own interface: another Node needs another build. */
const home = path.join(toolsDirectory, 'rivals', `mmap-io-${VERSION}-abi-${process.versions.modules}`)
const folder = path.join(home, 'node_modules', NAME)
const addonFile = path.join(folder, 'build', 'Release', 'mmap_io.node')
/** Holds why it cannot be had; empty when it can. */
const verdict = path.join(home, 'verdict')

/** Fetches it with npm and builds it with our node-gyp, once for each Node. Returns why it cannot be had, or undefined. */
export async function prepareRiaskov() {
  if (!existsSync(verdict)) {
    if (!existsSync(folder)) {
      const problem = await fetchRiaskov()
      // Not remembered: the registry may be back the next time.
      if (problem !== undefined) return problem
    }
    say(`building ${NAME} ${VERSION} for Node ${process.versions.node}`)
    // The second target of its binding.gyp copies the addon to where node-pre-gyp looks for it, and wants to be told where that is.
    const defined = { GYP_DEFINES: 'module_name=mmap_io module_path=../published' }
    const { status, output } = nodeGypBuild(folder, defined)
    writeFileSync(verdict, status === 0 ? await loadingProblem() : firstErrorOf(output))
  }
  const problem = readFileSync(verdict, 'utf8')
  return problem === '' ? undefined : `${NAME} ${VERSION} does not build for Node ${process.versions.node}: ${problem}`
}

/** In a process of its own: what was built against another Node's headers may end it. */
async function loadingProblem() {
  const { code, output } = await capture(process.execPath, ['-e', `require(${JSON.stringify(addonFile)})`])
  return code === 0 ? '' : firstErrorOf(output)
}

/** The addon itself: its JavaScript looks for a published binary, and adds nothing but default arguments of `sync`. */
export function loadRiaskov() {
  const addon = createRequire(import.meta.url)(addonFile)
  return {
    ...addon,
    sync: (bytes, offset, length, isBlocking) => addon.sync_lib_private__(bytes, offset, length, isBlocking, false),
  }
}

async function fetchRiaskov() {
  say(`fetching ${NAME} ${VERSION} to measure against`)
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${NAME}@${VERSION}`]
  const { code, output } = await capture('npm', args, { cwd: home }).catch((error) => ({
    code: 1,
    output: String(error),
  }))
  return code === 0 ? undefined : `${NAME} ${VERSION} could not be fetched: ${firstErrorOf(output)}`
}

function firstErrorOf(output) {
  const lines = output.split('\n').filter((line) => /error/i.test(line))
  return (lines[0] ?? output).trim().slice(0, 200) || 'no reason given'
}
