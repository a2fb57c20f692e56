// The build's lock: held by a live process it is waited for, left behind by anybody it is not.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

const build = path.join(root, 'packages/native/build')
const lock = path.join(build, 'lock')
const stamp = path.join(build, 'Release/mapscope.node.sources')
const buildAddon = () => capture(process.execPath, [path.join(root, 'scripts/build_native.mjs')])

/** Without its stamp the addon counts as stale, so that the script has to take the lock; make then finds nothing to do. */
function leaveLock(content, ageMs = 0) {
  mkdirSync(build, { recursive: true })
  rmSync(stamp, { force: true })
  writeFileSync(lock, content)
  const then = (Date.now() - ageMs) / 1000
  utimesSync(lock, then, then)
}

afterEach(() => rmSync(lock, { force: true }))

test.each([
  ['whose process is gone', '4194303', 0],
  ['that nobody signed', '', 10_000],
  ["older than any build, though its number is somebody else's now", String(process.pid), 10 * 60_000],
])('a lock %s does not hold the build up', async (_name, content, ageMs) => {
  leaveLock(content, ageMs)
  const { code, output } = await buildAddon()
  expect(output).not.toContain('Waiting')
  expect(code).toBe(0)
  expect(existsSync(lock)).toBe(false)
  expect(existsSync(stamp)).toBe(true)
})

test('a lock of a process at work is waited for, and the wait is said', async () => {
  const holder = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 1500)'])
  leaveLock(String(holder.pid))
  const { code, output } = await buildAddon()
  expect(output).toContain(`Waiting for another build of the addon (process ${holder.pid})`)
  expect(code).toBe(0)
})
