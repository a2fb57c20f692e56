// What is shipped of TypeBox is one file that needs no other, and nothing of ours goes past it: its own 683 modules took over a quarter of a server's start.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

const built = (name, ...parts) => path.join(root, 'packages', name, 'dist', ...parts)
const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-typebox-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PROGRAM = `
import { Compile, Type, Value } from '${pathToFileURL(path.join(folder, 'typebox.mjs'))}'
const range = Type.Object({ start: Type.Integer({ minimum: 0 }) })
const answers = [{ start: 2 ** 33 }, { start: -1 }].flatMap((value) => [Compile(range).Check(value), Value.Check(range, value)])
console.log(answers.join(' '))
`

test('it runs where no package is', async () => {
  cpSync(built('protocol', 'typebox.js'), path.join(folder, 'typebox.mjs'))
  const answer = await capture(process.execPath, ['--input-type=module', '--eval', PROGRAM], { cwd: folder })
  expect(answer).toEqual({ code: 0, output: 'true true false false\n' })
})

test('its licence is beside it', () => {
  const own = readFileSync(path.join(root, 'packages/protocol/node_modules/typebox/license'), 'utf8')
  expect(own).toContain('MIT')
  expect(readFileSync(built('protocol', 'typebox.LICENSE'), 'utf8')).toBe(own)
})

test.each(['protocol', 'server'])('no module of %s loads the package', (name) => {
  const modules = readdirSync(built(name), { recursive: true }).filter((file) => file.endsWith('.js'))
  expect(modules.length).toBeGreaterThan(10)
  const loads = (file) => /(?:from|import\()\s*['"]typebox/.test(readFileSync(built(name, file), 'utf8'))
  expect(modules.filter(loads)).toEqual([])
})
