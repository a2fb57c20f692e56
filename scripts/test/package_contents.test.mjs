// What is in the tarballs. That the addon builds from what is in them: scripts/sanitize/tarball.test.mjs.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { prebuildName } from '../../packages/native/dist/prebuild_name.js'
import { copyConsumer } from '../lib/consumer.mjs'
import { capture } from '../lib/run.mjs'

/** Packages of others that ours may bring along: kept, permissive, without scripts and dependencies of their own. */
const CHOSEN = ['@eslint-community/regexpp', 'hash-wasm']

const consumer = copyConsumer(inject('consumer'))
afterAll(consumer.remove)

/** The files of a tarball with their sizes. */
async function contents(tarball) {
  const { output } = await capture('tar', ['tvzf', tarball])
  const rows = output.trim().split('\n')
  return rows.map((row) => row.split(/\s+/)).map((row) => ({ byteLength: Number(row[2]), name: row[5] }))
}

const COMMON = String.raw`package\.json|README\.md|LICENSE|dist/.+\.(js|d\.ts)(\.map)?`

describe.each([
  {
    name: 'native',
    allows: new RegExp(
      String.raw`^package/(${COMMON}|binding\.gyp|lib/.+\.ts|src/.+\.(cc|h)|headers/[\w.-]+|prebuilds/[\w-]+/mapscope\.node)$`,
    ),
    mostBytes: 1_750_000,
  },
  {
    name: 'core',
    allows: new RegExp(String.raw`^package/(${COMMON}|src/.+\.(ts|json))$`),
    mostBytes: 2_500_000,
  },
])('$name', ({ name, allows, mostBytes }) => {
  const manifest = () =>
    JSON.parse(readFileSync(path.join(consumer.folder, `node_modules/@mapscope/${name}/package.json`), 'utf8'))

  test('holds what it needs and no more', async () => {
    const files = await contents(consumer.tarballs.find((tarball) => tarball.includes(`mapscope-${name}-`)))
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !allows.test(file.name))).toEqual([])
    expect(files.reduce((total, { byteLength }) => total + byteLength, 0)).toBeLessThan(mostBytes)
  })

  test('runs nothing at install, and needs nothing but our packages and those we chose', () => {
    const { scripts = {}, dependencies = {}, ...rest } = manifest()
    expect(Object.keys(scripts).filter((script) => /install|prepare/.test(script))).toEqual([])
    for (const [dependency, version] of Object.entries(dependencies)) {
      if (!CHOSEN.includes(dependency)) expect(dependency).toMatch(/^@mapscope\//)
      expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    }
    expect(rest.peerDependencies).toBeUndefined()
    expect(rest.optionalDependencies).toBeUndefined()
  })

  test('says what it is', () => {
    expect(manifest()).toMatchObject({
      description: expect.stringMatching(/\w+ \w+/),
      keywords: expect.arrayContaining(['mmap']),
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
    })
  })
})

describe('the addon of the tarball', () => {
  const packageIn = (folder) => path.join(folder, 'node_modules/@mapscope/native')

  test('is there for this system, without a symbol table, and npm does not take it for something to build', async () => {
    const { gypfile } = JSON.parse(readFileSync(path.join(packageIn(consumer.folder), 'package.json'), 'utf8'))
    expect(gypfile).toBe(false)
    const prebuild = path.join(packageIn(consumer.folder), 'prebuilds', prebuildName(), 'mapscope.node')
    const { output } = await capture('nm', [prebuild])
    expect(output).toContain('no symbols')
  })
})
