import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const root = join(folder, 'root')
const OUTSIDE = 'nobody offered this'
mkdirSync(join(root, 'inner'), { recursive: true })
mkdirSync(join(folder, 'elsewhere'))
writeFileSync(join(root, 'inner', 'a.bin'), 'offered')
writeFileSync(join(folder, 'elsewhere', 'a.bin'), OUTSIDE)

/** Swaps a folder for a link out of the root, and a file for one, as fast as a process can, until it is killed. */
const SWAPPER = `
const { renameSync, symlinkSync, unlinkSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const [root, elsewhere] = process.argv.slice(1)
const at = (name) => join(root, name)
process.stdout.write('ready')
for (;;) {
  renameSync(at('inner'), at('kept'))
  symlinkSync(elsewhere, at('inner'))
  unlinkSync(at('inner'))
  renameSync(at('kept'), at('inner'))
  symlinkSync(join(elsewhere, 'a.bin'), at('link'))
  renameSync(at('link'), at('single.bin'))
  writeFileSync(at('new'), 'offered')
  renameSync(at('new'), at('single.bin'))
}`

test('a folder and a file swapped for links out of the root while they are asked for: never a byte from outside', async () => {
  writeFileSync(join(root, 'single.bin'), 'offered')
  const serving = await Serving.start({ roots: [root, join(root, 'single.bin')] })
  const swapper = spawn(process.execPath, ['-e', SWAPPER, root, join(folder, 'elsewhere')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  atEnd(() => swapper.kill('SIGKILL'))
  await new Promise((resolve) => swapper.stdout.once('data', resolve))
  const statuses = new Map<number, number>()
  const paths = ['/raw/root/inner/a.bin', '/raw/root/single.bin', '/raw/single.bin', '/api/v1/files?path=root/inner']
  for (let round = 0; round < 400; round++) {
    const path = paths[round % paths.length] ?? ''
    const answers = await Promise.all([serving.ask(path), serving.ask(path), openDocument(serving, 'root/inner/a.bin')])
    for (const { status, body } of answers) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      expect(String(body)).not.toContain(OUTSIDE)
      // A listing of the outside would show the length of what is there.
      expect(String(body)).not.toContain(`"byteLength":${OUTSIDE.length}`)
      // 409: the file that was opened was replaced each time before it was read.
      expect([200, 201, 403, 404, 409, 422, 429]).toContain(status)
    }
  }
  expect(swapper.exitCode).toBeNull()
  // Both ends of the race were met, or the test shows nothing.
  expect(statuses.get(200), JSON.stringify([...statuses])).toBeGreaterThan(0)
  expect((statuses.get(403) ?? 0) + (statuses.get(404) ?? 0), JSON.stringify([...statuses])).toBeGreaterThan(0)
}, 60_000)

async function openDocument(serving: Serving, path: string): Promise<{ status: number; body: Buffer }> {
  const opened = await serving.ask('/api/v1/documents', { method: 'POST', body: { path } })
  if (opened.status !== 200 && opened.status !== 201) return opened
  const { id } = JSON.parse(String(opened.body)) as { id: string }
  return await serving.ask(`/api/v1/documents/${id}/bytes`)
}

test('links that stay inside are followed, and those that lead out are refused, however they are written', async () => {
  const inside = join(folder, 'inside')
  mkdirSync(join(inside, 'sub'), { recursive: true })
  writeFileSync(join(inside, 'sub', 'a.bin'), 'offered')
  symlinkSync('sub/a.bin', join(inside, 'good'))
  const bad = {
    absolute: join(folder, 'elsewhere', 'a.bin'),
    relative: '../elsewhere/a.bin',
    winding: 'sub/../../elsewhere/a.bin',
    folder: '..',
    proc: '/proc/self/root/etc/passwd',
    loop: 'loop',
  }
  for (const [name, target] of Object.entries(bad)) symlinkSync(target, join(inside, name))
  const serving = await Serving.start({ roots: [inside] })
  expect(String((await serving.ask('/raw/inside/good')).body)).toBe('offered')
  for (const name of Object.keys(bad)) {
    const { status } = await serving.ask(`/raw/inside/${name}`)
    expect([name, status]).toEqual([name, 403])
  }
  expect((await serving.ask('/raw/inside/folder/elsewhere/a.bin')).status).toBe(403)
})
