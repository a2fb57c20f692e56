// The published packages in somebody else's project: as ES modules and as CommonJS, on every Node of the matrix.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { prebuildName } from '../../packages/native/dist/prebuild_name.js'
import { copyConsumer } from '../lib/consumer.mjs'
import { readmeExamples } from '../lib/readme_examples.mjs'
import { capture } from '../lib/run.mjs'

const matrix = (process.env.MAPSCOPE_NODES ?? '').split(path.delimiter).filter((node) => node !== '')
const nodes = matrix.length > 0 ? matrix : [process.execPath]

// Maps the running Node, a real file of 100 MB and more, and compares with what fs says of it.
const BODY = `
async function use({ core, shared, native, again }) {
  const expected = fs.readFileSync(process.execPath)
  const half = expected.length >> 1
  const needle = expected.subarray(half, half + 24)
  const map = core.Mmap.open(process.execPath, { access: 'read' })
  const source = core.openFile(process.execPath)
  assert.equal(map.length, expected.length)
  assert.equal(map.at(half), expected[half])
  assert.deepEqual(Buffer.from(map.slice(half, half + 100_000)), expected.subarray(half, half + 100_000))
  assert.deepEqual(Buffer.from(await map.readAt(7, 5000)), expected.subarray(7, 5007))
  assert.equal(map.find(needle, 0), expected.indexOf(needle))
  const found = await shared.find(source, needle, { from: 0, direction: 'forward' })
  assert.equal(found.offset, expected.indexOf(needle))
  const { sha256, xxh3 } = await core.hash(source, { algorithms: ['sha256', 'xxh3'] })
  assert.equal(sha256, createHash('sha256').update(expected).digest('hex'))
  assert.match(xxh3, /^[0-9a-f]{16}$/)
  assert.equal((await core.hash(source, { algorithms: ['xxh3'], range: { start: 7, end: 7 } })).xxh3, '2d06800538d394c2')
  assert.ok(native.binding.pageSize >= 4096)
  assert.ok(map instanceof again.Mmap)
  await source.close()
  map.close()
  assert.throws(() => map.at(0), (error) => error instanceof shared.MapscopeError && error instanceof again.MapscopeError)
  console.log('used on', process.version)
}
`

const PROGRAMS = {
  'import.mjs': `import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import * as core from '@mapscope/core'
import * as shared from '@mapscope/core/shared'
import * as native from '@mapscope/native'
${BODY}
await use({ core, shared, native, again: createRequire(import.meta.url)('@mapscope/core') })
`,
  'require.cjs': `const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
const core = require('@mapscope/core')
const shared = require('@mapscope/core/shared')
const native = require('@mapscope/native')
${BODY}
import('@mapscope/core').then((again) => use({ core, shared, native, again }))
`,
  'import.cjs': `const assert = require('node:assert/strict')
const { createHash } = require('node:crypto')
const fs = require('node:fs')
${BODY}
Promise.all([import('@mapscope/core'), import('@mapscope/core/shared'), import('@mapscope/native')]).then(
  ([core, shared, native]) => use({ core, shared, native, again: require('@mapscope/core') }),
)
`,
}

const consumer = copyConsumer(inject('consumer'))
afterAll(consumer.remove)
beforeAll(() => {
  for (const [name, program] of Object.entries(PROGRAMS)) writeFileSync(path.join(consumer.folder, name), program)
})

describe.each(nodes)('%s', (node) => {
  test.each(Object.keys(PROGRAMS))(
    '%s maps, reads, finds, and has one class for both kinds of module',
    async (name) => {
      const { output: version } = await capture(node, ['--version'])
      // Nothing else may be said: no warning of an experimental require, none of a deprecation.
      expect(await capture(node, [path.join(consumer.folder, name)])).toEqual({ code: 0, output: `used on ${version}` })
    },
  )

  test.each(['native', 'core'])('the README of %s shows what happens', async (name) => {
    const examples = readmeExamples(path.join(consumer.folder, 'node_modules/@mapscope', name, 'README.md'))
    expect(examples.length).toBeGreaterThan(0)
    for (const [index, { program, output }] of examples.entries()) {
      const file = path.join(consumer.folder, `${name}-${index}.mjs`)
      writeFileSync(file, program)
      expect(await capture(node, [file])).toEqual({ code: 0, output })
    }
  })
})

describe('a package without a binary for this system', () => {
  const system = prebuildName()

  /** What a program hears that requires the package after `spoil` was given its `prebuilds`. */
  async function heard(name, spoil) {
    const folder = consumer.copy(name)
    const prebuilds = path.join(folder, 'node_modules/@mapscope/native/prebuilds')
    spoil(prebuilds)
    const result = await capture(process.execPath, [path.join(folder, 'require.cjs')])
    return { ...result, prebuilds }
  }

  test('says what it looked for, what it holds, and how to build it', async () => {
    const { code, output, prebuilds } = await heard('foreign', (folder) => {
      const [own] = readdirSync(folder)
      cpSync(path.join(folder, own), path.join(folder, 'sunos-sparc'), { recursive: true })
      rmSync(path.join(folder, own), { recursive: true })
    })
    const native = path.dirname(prebuilds)
    expect(code).toBe(1)
    expect(output).toContain(`could not be loaded on ${system}`)
    expect(output).toContain(`Cannot find module '${path.join(prebuilds, system, 'mapscope.node')}'`)
    expect(output).toContain(`Cannot find module '${path.join(native, 'build/Release/mapscope.node')}'`)
    expect(output).toContain('holds binaries for: sunos-sparc.')
    expect(output).toContain(`cd ${native}\n  npx node-gyp@12 rebuild\n`)
  })

  test('gives the system’s reason for a binary of another processor in its place', async () => {
    const { code, output, prebuilds } = await heard('processor', (folder) => {
      const file = path.join(folder, system, 'mapscope.node')
      const binary = readFileSync(file)
      binary.writeUInt16LE(binary.readUInt16LE(18) === 183 ? 62 : 183, 18) // e_machine: AArch64, or x86-64 where that is ours
      rmSync(file)
      mkdirSync(path.dirname(file), { recursive: true })
      writeFileSync(file, binary)
    })
    expect(code).toBe(1)
    const reason = output.split('\n').find((line) => line.startsWith(`    ${prebuilds}`))
    expect(reason).toMatch(/cannot open shared object file|wrong ELF class|invalid ELF header/)
  })
})
