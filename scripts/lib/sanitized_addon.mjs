// The addon under AddressSanitizer and UndefinedBehaviorSanitizer: a copy of the package, in build/sanitized, that is built there. So the
// loader finds it as it finds any, and nothing that is shipped knows of any of this.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { isStamped, removeStamp, sourcesHash, stamp } from './addon_stamp.mjs'
import { lockBuild } from './build_lock.mjs'
import { missingTools, nodeGypBuild } from './node_gyp.mjs'
import { root } from './root.mjs'

const packageRoot = join(root, 'packages', 'native')
const stage = join(packageRoot, 'build', 'sanitized')
const addon = join(stage, 'build', 'Release', 'mapscope.node')

/** No recovery: the first undefined step ends the process. */
const SANITIZING = [
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=undefined',
  '-fno-omit-frame-pointer',
  '-g',
  '-O1',
].join(' ')

/**
 * For `nodeGypBuild`, whose makefile puts these flags after the ordinary ones. g++ whatever CXX says: the runtime that is preloaded must
 * be the compiler's own.
 */
export function sanitizingFlags() {
  return { CXX: 'g++', CXXFLAGS: SANITIZING, LDFLAGS: SANITIZING }
}

/** Builds it unless it is there, and returns its package's folder and its file. Throws an error that says what to do. */
export function buildSanitized() {
  asanRuntime()
  const missing = missingTools()
  if (missing !== undefined) throw new Error(missing)
  const sources = sourcesHash(SANITIZING)
  const unlock = lockBuild(join(stage, 'lock'))
  try {
    layOut()
    if (!isStamped(addon, sources)) make(sources)
  } finally {
    unlock()
  }
  return { folder: stage, addon }
}

/**
 * The sources by link, so that make sees what changed; the compiled TypeScript by copy, since Node follows links to the real package. What
 * is there already is left alone: another storm may be about to load it.
 */
function layOut() {
  for (const name of ['src', 'node_modules']) {
    if (lstatSync(join(stage, name), { throwIfNoEntry: false }) === undefined)
      symlinkSync(join(packageRoot, name), join(stage, name))
  }
  for (const name of ['dist', 'package.json', 'binding.gyp'])
    cpSync(join(packageRoot, name), join(stage, name), { recursive: true, preserveTimestamps: true, filter: isNew })
}

function isNew(from, to) {
  const wanted = lstatSync(from)
  const there = lstatSync(to, { throwIfNoEntry: false })
  if (wanted.isDirectory() || there === undefined || wanted.size !== there.size) return true
  return Math.abs(wanted.mtimeMs - there.mtimeMs) >= 1 // copies keep whole milliseconds
}

function make(sources) {
  removeStamp(addon)
  const { status, output } = nodeGypBuild(stage, sanitizingFlags())
  if (status !== 0) throw new Error(`${output}\nThe sanitized addon did not build; the log is above.`)
  stamp(addon, sources)
}

const INSTALL = `The sanitizers' runtime libraries, libasan and libubsan, are missing: they come with g++. To install:
  Debian, Ubuntu:  sudo apt-get install g++
  Fedora:          sudo dnf install gcc-c++ libasan libubsan`

/** The shared object to preload: Node itself is not sanitized, so the runtime has to be in the process before it. */
export function asanRuntime() {
  if (process.platform !== 'linux') throw new Error('The sanitized addon runs on Linux only.')
  const named = runtimeFile('libasan.so')
  const isThere = named !== undefined && runtimeFile('libubsan.so') !== undefined
  if (!isThere) throw new Error(INSTALL)
  return named
}

/** g++ answers with the bare name when it has no such file. Fedora's is a linker script that names the real one. */
function runtimeFile(name) {
  const found = printFileName(name)
  if (!isAbsolute(found) || !existsSync(found)) return undefined
  const content = readFileSync(found)
  if (content.subarray(1, 4).toString() === 'ELF') return found
  return /\/[^\s()]+/.exec(content.toString('latin1').replace(/\/\*.*?\*\//gs, ''))?.[0]
}

function printFileName(name) {
  try {
    return execFileSync('g++', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim()
  } catch (cause) {
    throw new Error(INSTALL, { cause })
  }
}
