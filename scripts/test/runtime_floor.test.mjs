// The addon loads wherever Node does: it takes no name from a newer glibc or libstdc++.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { root } from '../lib/root.mjs'
import { capture } from '../lib/run.mjs'
import { aboveFloor } from '../lib/runtime_floor.mjs'

const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-floor-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const isLinux = process.platform === 'linux'

test.runIf(isLinux)('the addon needs nothing above the floor', async () => {
  expect(await aboveFloor(path.join(root, 'packages/native/build/Release/mapscope.node'))).toEqual([])
})

test.runIf(isLinux)('a name from above the floor is found and named, one at the floor is not', async () => {
  const file = (name, text) => {
    writeFileSync(path.join(folder, name), text)
    return name
  }
  // A library that poses as a glibc of three versions: linking against it is how a real one gets its versions in.
  const map = file('glibc.map', 'GLIBC_2.28 { last_old; };\nGLIBC_2.29 { first_new; };\nGLIBC_9.1 { far_off; };\n')
  const library = file('glibc.c', 'void last_old(void) {}\nvoid first_new(void) {}\nvoid far_off(void) {}\n')
  const user = file(
    'user.c',
    'void last_old(void), first_new(void), far_off(void);\nvoid run(void) { last_old(); first_new(); far_off(); }\n',
  )
  const compile = async (args) =>
    expect(await capture('gcc', ['-shared', '-fPIC', ...args], { cwd: folder })).toEqual({ code: 0, output: '' })
  await compile([library, '-o', 'libposing.so', `-Wl,--version-script=${map}`])
  await compile([user, '-o', 'user.so', './libposing.so'])
  expect((await aboveFloor(path.join(folder, 'user.so'))).toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))).toEqual([
    { symbol: 'far_off', version: 'GLIBC_9.1' },
    { symbol: 'first_new', version: 'GLIBC_2.29' },
  ])
})
