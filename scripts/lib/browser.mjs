import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { root } from './root.mjs'
import { capture } from './run.mjs'
import { fail, say } from './say.mjs'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

/**
 * The path of a Chromium that was seen to start: Playwright's own, the system's, Playwright's after its download, or Debian's by
 * apt; in that order. Starting it is the test, because a download can be complete and lack a library.
 */
export async function ensureBrowser() {
  for (const find of [playwrightBrowser, systemBrowser, downloadedBrowser, aptBrowser]) {
    const executable = await find()
    if (executable !== undefined && (await canStart(executable))) return executable
  }
  return fail(
    'no browser for the end-to-end tests. Install Chromium (Debian: `apt-get install chromium`) and run again.',
  )
}

async function playwrightBrowser() {
  const { chromium } = createRequire(path.join(root, 'package.json'))('@playwright/test')
  const executable = chromium.executablePath()
  return existsSync(executable) ? executable : undefined
}

async function systemBrowser() {
  const directories = (process.env.PATH ?? '').split(path.delimiter)
  const candidates = SYSTEM_NAMES.flatMap((name) => directories.map((directory) => path.join(directory, name)))
  return candidates.find((candidate) => existsSync(candidate))
}

async function downloadedBrowser() {
  say("no browser here: trying Playwright's download")
  const cli = path.join(root, 'node_modules/@playwright/test/cli.js')
  const { code } = await capture(process.execPath, [cli, 'install', 'chromium'], { timeout: 180_000 })
  return code === 0 ? playwrightBrowser() : undefined
}

async function aptBrowser() {
  if (!existsSync('/usr/bin/apt-get')) return undefined
  say('installing chromium with apt-get')
  const apt = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await capture(apt[0], [...apt.slice(1), 'update'], { env }).catch(() => undefined)
  // A font as well: a machine without one paints every digit as the same box.
  const packages = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']
  const result = await capture(apt[0], [...apt.slice(1), ...packages], { env }).catch((error) => ({
    output: String(error),
  }))
  if (result.code !== 0) say(`apt-get could not install chromium:\n${result.output.split('\n').slice(-6).join('\n')}`)
  return systemBrowser()
}

async function canStart(executable) {
  const profile = await mkdtemp(path.join(os.tmpdir(), 'mapscope-browser-'))
  try {
    const args = [...FLAGS, `--user-data-dir=${profile}`, '--dump-dom', 'data:text/html,<p>ready</p>']
    const { code, output } = await capture(executable, args, { timeout: 60_000 })
    return code === 0 && output.includes('ready')
  } catch {
    return false
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
