// Makes packages/native/build/Release/mapscope.node, unless its sources are those of the one that is there.
// Works from any folder; `pnpm run build` in packages/native calls it.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const packageRoot = join(dirname(dirname(fileURLToPath(import.meta.url))), 'packages', 'native')
const addon = join(packageRoot, 'build', 'Release', 'mapscope.node')
const stamp = `${addon}.sources`

/** What building needs, and what to look for on the PATH. */
const TOOLS = [
  { name: 'python3', commands: ['python3'] },
  { name: 'make', commands: ['make'] },
  { name: 'a C++20 compiler (g++ or c++)', commands: [process.env.CXX, 'g++', 'c++'] },
]

const INSTALL = [
  ['Debian, Ubuntu', 'sudo apt-get install python3 make g++'],
  ['Fedora', 'sudo dnf install python3 make gcc-c++'],
  ['macOS', 'xcode-select --install'],
]

function main() {
  if (isUpToDate()) return
  refuseWithoutTools()
  const unlock = lock()
  try {
    if (!isUpToDate()) makeAddon()
  } finally {
    unlock()
  }
}

function isUpToDate() {
  return existsSync(addon) && existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(sourcesHash())
}

function makeAddon() {
  const sources = sourcesHash()
  const startedMs = Date.now()
  rmSync(stamp, { force: true })
  const { status, output } = build(headers())
  if (status !== 0) {
    console.error(`${output}\nThe addon did not build; the log is above.`)
    process.exitCode = 1
    return
  }
  writeFileSync(stamp, stampOf(sources))
  console.log(`Built ${relative(process.cwd(), addon)} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s.`)
}

/**
 * Two builds at once (two terminals, an editor) would write over each other's files. A lock is nobody's when its owner is gone, when
 * it was never signed, or when it is older than any build: a process number comes round again, in a container soon.
 */
function lock() {
  const file = join(packageRoot, 'build', 'lock')
  const unlock = () => rmSync(file, { force: true })
  mkdirSync(dirname(file), { recursive: true })
  for (let isFirst = true; ; isFirst = false) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      for (const signal of ['SIGINT', 'SIGTERM']) {
        process.once(signal, () => {
          unlock()
          process.exit(130)
        })
      }
      return unlock
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = ownerOf(file)
    if (owner === undefined) unlock()
    else if (isFirst) console.log(`Waiting for another build of the addon (process ${owner}).`)
    sleep(200)
  }
}

const UNSIGNED_LOCK_MS = 2_000
const OLDEST_LOCK_MS = 5 * 60_000

/** The process that holds the lock, or undefined when nobody does. */
function ownerOf(lockFile) {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    const ageMs = Date.now() - statSync(lockFile).mtimeMs
    if (ageMs > (pid === 0 ? UNSIGNED_LOCK_MS : OLDEST_LOCK_MS)) return undefined
    if (pid !== 0) process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** With the addon's own hash, since turbo may put another one in its place and leave the stamp. */
function stampOf(sources) {
  return `${sources} ${createHash('sha256').update(readFileSync(addon)).digest('hex')}\n`
}

/** One number for all that decides what the addon is. */
function sourcesHash() {
  const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`)
  for (const file of [join(packageRoot, 'binding.gyp'), ...sources]) {
    const content = readFileSync(file)
    hash.update(`${relative(packageRoot, file)} ${content.byteLength}\n`).update(content)
  }
  return hash.digest('hex')
}

function refuseWithoutTools() {
  if (process.platform === 'win32') return // Visual Studio is not on the PATH; node-gyp finds it or says what to install
  const missing = TOOLS.filter(({ commands }) => !commands.some(isOnPath)).map(({ name }) => name)
  if (missing.length === 0) return
  const rows = INSTALL.map(([system, command]) => `  ${`${system}:`.padEnd(16)} ${command}`)
  fail(
    [`Building the addon needs ${missing.join(' and ')}, which this machine does not have. To install:`, ...rows].join(
      '\n',
    ),
  )
}

/** CXX may hold arguments, as in `ccache g++`: then its first word is the command. */
function isOnPath(command) {
  const [name] = (command ?? '').split(' ')
  if (name === undefined || name === '') return false
  if (name.includes('/')) return existsSync(name)
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))
}

/** A folder with include/node/node_api.h, or undefined: then node-gyp downloads the headers. */
function headers() {
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

function build(nodedir) {
  if (nodedir === undefined) console.log("Node's headers are not beside its binary: node-gyp downloads them.")
  const nodeGyp = createRequire(join(packageRoot, 'package.json')).resolve('node-gyp/bin/node-gyp.js')
  // Not `rebuild`: make knows what changed, and an addon that works stays in place until the new one is there.
  const args = [nodeGyp, 'configure', 'build', '--jobs=max', ...(nodedir === undefined ? [] : [`--nodedir=${nodedir}`])]
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  return { status, output: error === undefined ? `${stdout}${stderr}` : String(error) }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}

main()
