// The addon under AddressSanitizer and UndefinedBehaviorSanitizer: what native's tarball holds, unpacked and built in build/sanitized, as somebody does
// who has no binary for their system. So the loader finds it as it finds any, nothing that is shipped knows of any of this, and a source
// that is not in the tarball fails here. Not below packages/native, where the build would find headers that a tarball's user has not.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, sep } from 'node:path'
import { isStamped, removeStamp, sourcesHash, stamp } from './addon_stamp.mjs'
import { lockBuild } from './build_lock.mjs'
import { pack } from './consumer.mjs'
import { missingTools, nodeGypBuild } from './node_gyp.mjs'
import { root } from './root.mjs'
import { capture } from './run.mjs'

const stage = join(root, 'build', 'sanitized')
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

let built

/** Builds it unless it is there, once for a process, and tells its package's folder and its file. Rejects with an error that says what to do. */
export function buildSanitized() {
  built ??= build()
  return built
}

async function build() {
  asanRuntime()
  const missing = missingTools()
  if (missing !== undefined) throw new Error(missing)
  const unlock = lockBuild(join(stage, 'lock'))
  try {
    await layOut()
    const sources = sourcesHash([SANITIZING, ...packedSources().sort()].join(' '))
    if (!isStamped(addon, sources)) make(sources)
  } finally {
    unlock()
  }
  return { folder: stage, addon }
}

/** What is there already and is the same is left alone: make sees what changed, and another storm may be about to load it. */
async function layOut() {
  const folder = mkdtempSync(join(tmpdir(), 'mapscope-tarball-'))
  try {
    const { code, output } = await capture('tar', ['xzf', await pack('native', folder), '-C', folder])
    if (code !== 0) throw new Error(output)
    const packed = join(folder, 'package')
    rmSync(join(packed, 'prebuilds'), { recursive: true, force: true })
    removeOthers(packed)
    cpSync(packed, stage, { recursive: true, filter: isNew })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the tarball has of the sources, so that one which has lost a file is built, and fails. */
function packedSources() {
  const files = readdirSync(stage, { recursive: true }).map((file) => file.split(sep))
  return files.filter(([first]) => first === 'src' || first === 'headers').map((parts) => parts.join('/'))
}

/** A file of an earlier tarball would hide that this one lacks it. */
function removeOthers(packed) {
  const kept = ['build', 'lock']
  for (const file of readdirSync(stage, { recursive: true })) {
    const isOther = !kept.includes(file.split(sep)[0]) && !existsSync(join(packed, file))
    if (isOther) rmSync(join(stage, file), { recursive: true, force: true })
  }
}

function isNew(from, to) {
  if (lstatSync(from).isDirectory() || !existsSync(to)) return true
  return !readFileSync(from).equals(readFileSync(to))
}

function make(sources) {
  removeStamp(addon)
  // A program that pnpm's `.bin` starts, as Vitest is, has all packages of the repository in NODE_PATH: the build would find other headers than the tarball's.
  const { status, output } = nodeGypBuild(stage, { ...sanitizingFlags(), NODE_PATH: '' })
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
