// The addon builds from native's tarball alone where there is none for the system, and core uses it: that build is the sanitized one, so that
// there are two builds of the addon in a run and not three.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeConsumer } from '../lib/consumer.mjs'
import { buildSanitized } from '../lib/sanitized_addon.mjs'
import { runSanitized } from '../lib/sanitized_run.mjs'

let consumer
let built
beforeAll(async () => {
  consumer = await makeConsumer('native', 'core')
  built = await buildSanitized()
}, 1_200_000)
afterAll(() => consumer?.remove())

test('it is built with the headers that the tarball brings, and no other', () => {
  const makefile = readFileSync(path.join(built.folder, 'build/mapscope.target.mk'), 'utf8')
  expect(makefile).toMatch(/-I\S*\bheaders\b/)
  expect(makefile).not.toContain('node-addon-api')
  expect(existsSync(path.join(built.folder, 'prebuilds'))).toBe(false)
})

test('a project whose package has no binary maps with the one that was built', async () => {
  const native = path.join(consumer.folder, 'node_modules/@mapscope/native')
  rmSync(path.join(native, 'prebuilds'), { recursive: true })
  cpSync(built.addon, path.join(native, 'build/Release/mapscope.node'))
  const program = path.join(consumer.folder, 'first_byte.cjs')
  writeFileSync(
    program,
    `const { Mmap } = require('@mapscope/core')\nconsole.log(Mmap.open(process.execPath, { access: 'read' }).at(1))\n`,
  )
  const { output, reports } = await runSanitized([program], { modules: ['mapscope.node'] })
  expect(reports).toEqual([])
  expect(output).toBe('69\n')
})
