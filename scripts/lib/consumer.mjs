import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { environment } from './pnpm.mjs'
import { root } from './root.mjs'
import { capture } from './run.mjs'

/**
 * Somebody else's project, that has installed our packages from what would be published: `pnpm pack` of each, then npm, with scripts off
 * (npm 12 runs none) and with neither network nor cache, so that a tarball which needs more than the tarballs fails here. What the packages
 * depend on besides each other is packed from where it is installed, as the registry would give it.
 */
export async function makeConsumer(...names) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-consumer-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const project = path.join(folder, 'project')
    mkdirSync(project)
    writeFileSync(path.join(project, 'package.json'), '{ "name": "consumer", "private": true }\n')
    const tarballs = []
    for (const name of names) tarballs.push(await pack(name, folder))
    const others = []
    for (const name of names) others.push(...(await packDependencies(name, folder)))
    const install = ['install', ...NPM_OPTIONS, '--cache', path.join(folder, 'cache')]
    await ran('npm', [...install, ...tarballs, ...others], { cwd: project })
    return { folder: project, tarballs, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** One for a test file alone, which may put files into it; `copy` makes another of that, for a test that spoils the packages. */
export function copyConsumer({ folder, tarballs }) {
  const own = mkdtempSync(path.join(os.tmpdir(), 'mapscope-consumer-'))
  const project = copyOf(folder, path.join(own, 'project'))
  const remove = () => rmSync(own, { recursive: true, force: true })
  return { folder: project, tarballs, copy: (name) => copyOf(project, path.join(own, name)), remove }
}

function copyOf(project, to) {
  cpSync(project, to, { recursive: true })
  return to
}

const NPM_OPTIONS = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock']

/** The path of a package's tarball, made in `destination`. */
export async function pack(name, destination) {
  const cwd = path.join(root, 'packages', name)
  const output = await ran('pnpm', ['pack', '--json', '--pack-destination', destination], { cwd, env: environment })
  return JSON.parse(output.slice(output.indexOf('{'))).filename
}

/** Tarballs of what is not ours. */
async function packDependencies(name, destination) {
  const cwd = path.join(root, 'packages', name)
  const { dependencies = {} } = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'))
  const tarballs = []
  for (const dependency of Object.keys(dependencies).filter((one) => !one.startsWith('@mapscope/'))) {
    const installed = realpathSync(path.join(cwd, 'node_modules', dependency))
    const args = ['pack', installed, '--json', '--ignore-scripts', '--pack-destination', destination]
    const output = await ran('npm', args, { cwd: destination })
    tarballs.push(path.join(destination, JSON.parse(output.slice(output.indexOf('[')))[0].filename))
  }
  return tarballs
}

/** Runs a program that has to succeed; resolves with what it printed. */
async function ran(program, args, options) {
  const { code, output } = await capture(program, args, options)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`)
  return output
}
