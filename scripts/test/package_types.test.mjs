// The published types in somebody else's project: an ES module and a CommonJS one, with and without Node's own types, nothing skipped.
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { copyConsumer } from '../lib/consumer.mjs'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

// An expected error that does not come is an error: types that had become `any` would not pass.
const USES = `
export const map: Mmap = core.Mmap.open('disk.img', { access: 'read' })
export const byte: number = map.at(0)
// @ts-expect-error
export const noByte: string = map.at(0)
// @ts-expect-error
core.Mmap.open('disk.img', { access: 'execute' })
export const found: Promise<FindResult> = shared.find(source(), new Uint8Array(4), { from: 0, direction: 'forward' })
export function source(): ByteSource {
  return core.openFile('disk.img')
}
export const pageSize: number = native.binding.pageSize
// @ts-expect-error
export const noSize: string = native.binding.pageSize
export function codeOf(error: unknown): string | undefined {
  return error instanceof core.MapscopeError ? error.code : undefined
}
`

const FILES = {
  'import.mts': `import * as core from '@mapscope/core'
import type { ByteSource, FindResult, Mmap } from '@mapscope/core'
import * as shared from '@mapscope/core/shared'
import * as native from '@mapscope/native'
${USES}`,
  'require.cts': `import core = require('@mapscope/core')
import shared = require('@mapscope/core/shared')
import native = require('@mapscope/native')
import type { ByteSource, FindResult, Mmap } from '@mapscope/core'
${USES}`,
  'using.mts': `import { Mmap } from '@mapscope/core'
export function firstByte(path: string): number {
  using map = Mmap.open(path, { access: 'read' })
  return map.at(0)
}
`,
}

const consumer = copyConsumer(inject('consumer'))
afterAll(consumer.remove)
beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(consumer.folder, name), text)
  const types = path.join(consumer.folder, 'node_modules/@types')
  mkdirSync(types, { recursive: true })
  symlinkSync(realpathSync(path.join(root, 'node_modules/@types/node')), path.join(types, 'node'))
})

function compile(compilerOptions, files) {
  const strictest = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
  const options = { ...strictest, noEmit: true, skipLibCheck: false, module: 'nodenext', target: 'es2022' }
  const config = path.join(consumer.folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...options, ...compilerOptions }, files }))
  return capture(path.join(root, 'node_modules/.bin/tsc'), ['-p', config])
}

const modules = ['import.mts', 'require.cts']

test.each([
  ['es2022 and nothing of Node', { lib: ['es2022'], types: [] }, modules],
  ['es2022 and Node', { lib: ['es2022'], types: ['node'] }, modules],
  ['`using`, and nothing of Node', { lib: ['es2022', 'esnext.disposable'], types: [] }, Object.keys(FILES)],
  ['`using`, and Node', { lib: ['es2022', 'esnext.disposable'], types: ['node'] }, Object.keys(FILES)],
  ['a browser', { lib: ['es2022', 'dom'], types: [] }, modules],
])('types hold with %s', async (_what, options, files) => {
  expect(await compile(options, files)).toEqual({ code: 0, output: '' })
})

test('a wrong use is refused', async () => {
  writeFileSync(path.join(consumer.folder, 'wrong.cts'), "import core = require('@mapscope/core')\ncore.Mmap.open(7)\n")
  const { code, output } = await compile({ lib: ['es2022'], types: [] }, ['wrong.cts'])
  expect(code).not.toBe(0)
  expect(output).toContain("Argument of type 'number' is not assignable to parameter of type 'string'")
})
