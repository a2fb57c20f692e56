// The package check sees an entry that CommonJS cannot reach, and does not mind that what it reaches is an ES module.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ATTW_OPTIONS } from '../lib/attw_options.mjs'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-attw-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function attw(name, exports) {
  const directory = path.join(folder, name)
  mkdirSync(directory)
  writeFileSync(path.join(directory, 'index.js'), 'export const one = 1\n')
  writeFileSync(path.join(directory, 'index.d.ts'), 'export declare const one: number\n')
  writeFileSync(
    path.join(directory, 'package.json'),
    JSON.stringify({ name, version: '1.0.0', type: 'module', exports }),
  )
  return capture(path.join(root, 'node_modules/.bin/attw'), ['--pack', directory, ...ATTW_OPTIONS])
}

test.each([
  ['for both', { '.': { types: './index.d.ts', default: './index.js' } }, 0, 'No problems found'],
  ['for `import` alone', { '.': { import: { types: './index.d.ts', default: './index.js' } } }, 1, 'Resolution failed'],
])('an entry %s', async (_what, exports, expected, said) => {
  const { code, output } = await attw(`entry-${expected}`, exports)
  expect(output).toContain(said)
  expect(code).toBe(expected)
})
