// Puts into packages/native what its tarball carries besides sources: the built addon without its symbol table, in
// prebuilds/<platform>-<arch>[-musl]/, and the headers it compiles against, in headers/, so that neither using the package nor building it
// from source asks a registry for anything. Part of `build`, because pnpm runs no `prepack` in a workspace that ignores scripts.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, renameSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { prebuildName } from '../packages/native/dist/prebuild_name.js'
import { root } from './lib/root.mjs'

const native = path.join(root, 'packages/native')

const HEADERS = ['napi.h', 'napi-inl.h', 'LICENSE.md']
const { include_dir: headers } = createRequire(path.join(native, 'package.json'))('node-addon-api')
for (const name of HEADERS) put(path.join(headers, name), path.join(native, 'headers', name))
const addon = path.join(native, 'build/Release/mapscope.node')
put(addon, path.join(native, 'prebuilds', prebuildName(), 'mapscope.node'), strip)

/** Copies by renaming into place: a process that has the old file open, or reads it now, keeps a whole one. */
function put(from, to, change = () => {}) {
  mkdirSync(path.dirname(to), { recursive: true })
  const unfinished = `${to}.${process.pid}`
  copyFileSync(from, unfinished)
  change(unfinished)
  renameSync(unfinished, to)
}

/** A fifth smaller; what a debugger wants is in build/. Windows keeps symbols in a file of their own. */
function strip(file) {
  if (process.platform === 'win32') return
  execFileSync('strip', process.platform === 'darwin' ? ['-x', file] : ['--strip-unneeded', file])
}
