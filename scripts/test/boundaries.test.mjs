// Each boundary of the house (DESIGN 1) is given a violation here and must refuse it; beside it stands a neighbour it must accept,
// for a check that refuses everything has not been seen to work either.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nativeViolations } from '../lib/native_rules.mjs'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'

const bin = (name) => path.join(root, 'node_modules/.bin', name)

describe('imports (biome)', () => {
  // A copy of the configuration over a tree of its own, so that no violation ever lies in the real one.
  let tree
  beforeAll(() => {
    tree = mkdtempSync(path.join(os.tmpdir(), 'mapscope-boundaries-'))
    const configuration = JSON.parse(readFileSync(path.join(root, 'biome.json'), 'utf8'))
    const standalone = { ...configuration, vcs: { enabled: false } }
    writeFileSync(path.join(tree, 'biome.json'), JSON.stringify(standalone))
    for (const directory of [
      'packages/native',
      'packages/core',
      'packages/protocol',
      'packages/server',
      'apps/explorer',
    ]) {
      mkdirSync(path.join(tree, directory), { recursive: true })
      cpSync(path.join(root, directory, 'package.json'), path.join(tree, directory, 'package.json'))
    }
  })
  afterAll(() => rmSync(tree, { recursive: true, force: true }))

  async function rulesBroken(file, imported) {
    const target = path.join(tree, file)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, `import * as taken from '${imported}'\n\nexport const kept: unknown = taken\n`)
    const { output } = await capture(bin('biome'), ['lint', '--only=style/noRestrictedImports', target], { cwd: tree })
    rmSync(target)
    expect(output).toContain('Checked 1 file')
    return output.includes('lint/style/noRestrictedImports')
  }

  test.each([
    ['packages/native/lib/x.ts', '@mapscope/core'],
    ['packages/protocol/src/x.ts', '@mapscope/core/shared'],
    ['packages/protocol/src/x.ts', 'node:fs'],
    ['packages/protocol/src/x.ts', 'typebox'],
    ['packages/protocol/src/x.ts', 'typebox/value'],
    ['packages/core/src/x.ts', '@mapscope/native'],
    ['packages/core/src/shared/x.ts', 'node:fs'],
    ['packages/core/src/shared/x.ts', '@mapscope/native'],
    ['packages/core/src/mmap/x.ts', '@mapscope/protocol'],
    ['packages/server/src/x.ts', '@mapscope/native'],
    ['packages/server/src/x.ts', 'typebox/compile'],
    ['packages/server/src/http/x.ts', 'fastify'],
    ['packages/server/src/http/x.ts', '@mapscope/core'],
    ['apps/explorer/src/x.tsx', '@mapscope/core'],
    ['apps/explorer/src/x.tsx', '@mapscope/native'],
    ['apps/explorer/src/x.tsx', '@mapscope/server'],
    ['apps/explorer/src/client/x.ts', 'react'],
  ])('%s may not import %s', async (file, imported) => {
    expect(await rulesBroken(file, imported)).toBe(true)
  })

  test.each([
    ['packages/core/src/mmap/x.ts', '@mapscope/native'],
    ['packages/protocol/src/x.ts', './typebox.ts'],
    ['packages/protocol/src/typebox.ts', 'typebox'],
    ['packages/server/src/x.ts', '@mapscope/core'],
    ['packages/server/src/x.ts', '@mapscope/protocol/typebox'],
    ['packages/server/src/routes/x.ts', 'fastify'],
    ['apps/explorer/src/x.tsx', '@mapscope/core/shared'],
    ['apps/explorer/src/x.tsx', 'react'],
    ['apps/explorer/src/hexview/useThing.ts', 'react'],
    ['apps/explorer/src/client/x.ts', '@mapscope/protocol'],
  ])('%s may import %s', async (file, imported) => {
    expect(await rulesBroken(file, imported)).toBe(false)
  })
})

describe('layers (the compiler)', () => {
  /** Compiles one extra file under a package's own settings and returns what tsc says. */
  async function compile(packageDirectory, source) {
    const folder = path.join(root, packageDirectory)
    const own = mkdtempSync(path.join(folder, '.boundary-'))
    try {
      writeFileSync(path.join(own, 'probe.ts'), source)
      const settings = {
        noEmit: true,
        composite: false,
        rootDir: own,
        tsBuildInfoFile: null,
        isolatedDeclarations: false,
      }
      const configuration = {
        extends: '../tsconfig.json',
        compilerOptions: settings,
        include: ['probe.ts'],
        exclude: [],
        references: [],
      }
      writeFileSync(path.join(own, 'tsconfig.json'), JSON.stringify(configuration))
      return await capture(bin('tsc'), ['-p', own])
    } finally {
      rmSync(own, { recursive: true, force: true })
    }
  }

  test.each([
    ['packages/core/src/shared', 'export const seen = window.location', "Cannot find name 'window'"],
    ['packages/core/src/shared', 'export const seen = Buffer.alloc(1)', "Cannot find name 'Buffer'"],
    ['packages/core/src/shared', "export const seen = fetch('/')", "Cannot find name 'fetch'"],
    ['packages/protocol', 'export const seen = process.pid', "Cannot find name 'process'"],
    ['packages/protocol', 'export const seen = document.title', "Cannot find name 'document'"],
    ['packages/server', 'export const seen = window.location', "Cannot find name 'window'"],
    ['apps/explorer', 'export const seen = process.pid', "Cannot find name 'process'"],
  ])('%s refuses `%s`', async (directory, source, complaint) => {
    const { code, output } = await compile(directory, source)
    expect(output).toContain(complaint)
    expect(code).not.toBe(0)
  })

  test.each([
    ['packages/core/src/shared', 'export const seen = new Uint8Array(1)'],
    ['packages/protocol', 'export const seen = JSON.stringify(1)'],
    ['packages/server', 'export const seen = process.pid'],
    ['apps/explorer', 'export const seen = document.title'],
  ])('%s accepts `%s`', async (directory, source) => {
    const { code, output } = await compile(directory, source)
    expect(output).toBe('')
    expect(code).toBe(0)
  })

  test('a relative import out of core/shared is refused (rootDir)', async () => {
    const probe = path.join(root, 'packages/core/src/shared/.probe-upward.ts')
    const settings = path.join(root, 'packages/core/src/shared/.probe-tsconfig.json')
    try {
      writeFileSync(probe, "export * from '../index.ts'\n")
      const compilerOptions = {
        noEmit: true,
        composite: true,
        tsBuildInfoFile: path.join(os.tmpdir(), 'mapscope-probe.tsbuildinfo'),
      }
      writeFileSync(
        settings,
        JSON.stringify({ extends: './tsconfig.json', compilerOptions, include: ['.probe-upward.ts'] }),
      )
      const { code, output } = await capture(bin('tsc'), ['-p', settings])
      expect(output).toMatch(/TS6059|TS6307/)
      expect(code).not.toBe(0)
    } finally {
      rmSync(probe, { force: true })
      rmSync(settings, { force: true })
    }
  })
})

describe('inside the addon (scripts/lib/native_rules.mjs)', () => {
  test.each([
    ['src/os/mapping_posix.cc', '#include <napi.h>'],
    ['src/kernels/find.cc', '#include <node_api.h>'],
    ['src/kernels/find.cc', '#include <sys/mman.h>'],
    ['src/mapping_wrap.cc', '#include <sys/mman.h>'],
    ['src/jobs/read_job.cc', '#include <unistd.h>'],
    ['src/addon.cc', '#ifdef __linux__'],
    ['src/addon.cc', '#include <v8.h>'],
  ])('%s may not say %s', (file, line) => {
    expect(nativeViolations(file, `// a line above\n${line}\n`).map((violation) => violation.line)).toEqual([2])
  })

  test.each([
    ['src/os/mapping_posix.cc', '#include <sys/mman.h>'],
    ['src/kernels/find.cc', '#include <cstring>'],
    ['src/mapping_wrap.cc', '#include <napi.h>'],
  ])('%s may say %s', (file, line) => {
    expect(nativeViolations(file, line)).toEqual([])
  })
})

test('the explorer as built asks for no Node module', async () => {
  const assets = path.join(root, 'apps/explorer/dist/assets')
  const { readdirSync } = await import('node:fs')
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
  expect(scripts.length).toBeGreaterThan(0)
  for (const script of scripts) {
    expect(readFileSync(path.join(assets, script), 'utf8')).not.toMatch(/["'`]node:[a-z]/)
  }
})
