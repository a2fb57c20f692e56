import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { root } from './root.mjs'

const INSTALL = [
  ['Debian, Ubuntu', 'sudo apt-get install python3 make g++'],
  ['Fedora', 'sudo dnf install python3 make gcc-c++'],
  ['macOS', 'xcode-select --install'],
]

/** What building needs and this machine lacks, with what to install; undefined when nothing is lacking. */
export function missingTools() {
  if (process.platform === 'win32') return undefined // Visual Studio is not on the PATH; node-gyp finds it or says what to install
  const tools = [
    { name: 'python3', commands: ['python3'] },
    { name: 'make', commands: ['make'] },
    { name: 'a C++20 compiler (g++ or c++)', commands: [process.env.CXX, 'g++', 'c++'] },
  ]
  const missing = tools.filter(({ commands }) => !commands.some(isOnPath)).map(({ name }) => name)
  if (missing.length === 0) return undefined
  const rows = INSTALL.map(([system, command]) => `  ${`${system}:`.padEnd(16)} ${command}`)
  return [
    `Building the addon needs ${missing.join(' and ')}, which this machine does not have. To install:`,
    ...rows,
  ].join('\n')
}

/** CXX may hold arguments, as in `ccache g++`: then its first word is the command. */
function isOnPath(command) {
  const [name] = (command ?? '').split(' ')
  if (name === undefined || name === '') return false
  if (name.includes('/')) return existsSync(name)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}

/** A folder with include/node/node_api.h, or undefined: then node-gyp downloads the headers. */
export function nodeHeaders() {
  const prefix = dirname(dirname(realpathSync(process.execPath)))
  const hasHeaders = (folder) => folder !== undefined && existsSync(join(folder, 'include', 'node', 'node_api.h'))
  if (hasHeaders(process.env.npm_config_nodedir)) return process.env.npm_config_nodedir
  const fromNpm = npmNodedir()
  if (hasHeaders(fromNpm)) return fromNpm
  return hasHeaders(prefix) ? prefix : undefined
}

/** npm's own setting, which pnpm does not pass on; npm warns about it on stderr. */
function npmNodedir() {
  try {
    const printed = execFileSync('npm', ['config', 'get', 'nodedir'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    })
    return printed.trim() === 'undefined' ? undefined : printed.trim()
  } catch {
    return undefined // no npm: then there is no such setting either
  }
}

/** Builds the binding.gyp of `folder` into its build/Release; `env` is added to the environment, as `CXXFLAGS`. */
export function nodeGypBuild(folder, env = {}) {
  const nodedir = nodeHeaders()
  if (nodedir === undefined) console.log("Node's headers are not beside its binary: node-gyp downloads them.")
  const nodeGyp = createRequire(join(root, 'packages/native/package.json')).resolve('node-gyp/bin/node-gyp.js')
  // Not `rebuild`: make knows what changed, and an addon that works stays in place until the new one is there.
  const args = [nodeGyp, 'configure', 'build', '--jobs=max', ...(nodedir === undefined ? [] : [`--nodedir=${nodedir}`])]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return { status, output: error === undefined ? `${stdout}${stderr}` : String(error) }
}
