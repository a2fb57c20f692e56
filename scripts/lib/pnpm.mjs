import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { manifest, root, toolsDirectory } from './root.mjs'
import { capture } from './run.mjs'
import { fail, say } from './say.mjs'

const [, version] = manifest.packageManager.split('@')
const pnpmHome = path.join(toolsDirectory, `pnpm-${version}`)
const binDirectory = path.join(pnpmHome, 'node_modules', '.bin')
const installStamp = path.join(root, 'node_modules', '.mapscope-installed')

/** The environment in which `pnpm` is the pinned one, also for turbo, which starts it by name. */
export const environment = {
  ...process.env,
  PATH: [binDirectory, path.join(root, 'node_modules', '.bin'), process.env.PATH].join(path.delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/**
 * Fetches the pinned pnpm into `.tools` with npm, which every Node brings. Not corepack: Node 25 and later come without it, and it
 * does not read npm's registry settings.
 */
async function ensurePnpm() {
  if (existsSync(path.join(binDirectory, 'pnpm'))) return
  say(`fetching pnpm ${version} (the package manager this repository is pinned to)`)
  mkdirSync(pnpmHome, { recursive: true })
  writeFileSync(path.join(pnpmHome, 'package.json'), '{ "private": true }\n')
  const { code, output } = await capture('npm', ['install', '--no-audit', '--no-fund', `pnpm@${version}`], {
    cwd: pnpmHome,
  }).catch((error) => ({ code: 1, output: `${error.message}: npm comes with Node and must be on the PATH` }))
  if (code !== 0) fail(`npm could not fetch pnpm ${version}; is the registry reachable?\n${output}`)
}

/** Installs dependencies when the lockfile or a manifest changed since the last time. */
export async function ensureInstalled() {
  await ensurePnpm()
  const wanted = fingerprint()
  if (existsSync(installStamp) && readFileSync(installStamp, 'utf8') === wanted) return
  say('installing dependencies')
  const started = Date.now()
  const { code, output } = await capture(
    'pnpm',
    ['install', '--frozen-lockfile', '--ignore-scripts', '--reporter=append-only'],
    {
      env: environment,
    },
  )
  if (code !== 0) fail(`the dependencies could not be installed:\n${output}`)
  writeFileSync(installStamp, wanted)
  say(`dependencies are in place (${seconds(started)})`)
}

/** Builds what is missing; turbo skips what it has built from the same sources before. */
export async function build(...packages) {
  say('building what is missing')
  const started = Date.now()
  const filters = packages.map((name) => `--filter=${name}`)
  const quiet = ['--output-logs=errors-only', '--log-prefix=none', '--no-update-notifier']
  const { code, output } = await capture('turbo', ['run', 'build', ...quiet, ...filters], { env: environment })
  if (code !== 0) fail(`the build failed:\n${output}`)
  say(`built (${seconds(started)})`)
}

export function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`
}

function fingerprint() {
  const hash = createHash('sha256').update(process.arch + process.platform)
  const manifests = ['native', 'core', 'protocol', 'server'].map((name) => `packages/${name}/package.json`)
  const files = [
    'package.json',
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'apps/explorer/package.json',
    'bench/package.json',
  ]
  for (const file of [...files, ...manifests]) hash.update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}
