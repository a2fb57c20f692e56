// Whether the harness sees what it is for: an addon that is wrong on purpose, compiled and run as the real one is.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { nodeGypBuild } from '../lib/node_gyp.mjs'
import { asanRuntime, sanitizingFlags } from '../lib/sanitized_addon.mjs'
import { findings, runSanitized } from '../lib/sanitized_run.mjs'

const children = fileURLToPath(new URL('children', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'mapscope-wrong-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

copyFileSync(path.join(children, 'wrong.cc'), path.join(folder, 'wrong.cc'))
const target = { target_name: 'wrong', sources: ['wrong.cc'], 'cflags_cc!': ['-fno-exceptions'] }
writeFileSync(path.join(folder, 'binding.gyp'), JSON.stringify({ targets: [target] }))
const { status, output: log } = nodeGypBuild(folder, sanitizingFlags())
if (status !== 0) throw new Error(log)
const addon = path.join(folder, 'build/Release/wrong.node')

const run = (name) => runSanitized([path.join(children, 'wrong.mjs'), addon, name], { modules: ['wrong.node'] })

test.each([
  ['overflowHeap', /heap-buffer-overflow|insufficient space for an object/],
  ['useAfterFree', 'heap-use-after-free'],
  ['shiftTooFar', 'shift exponent 33 is too large'],
  ['overflowSum', 'signed integer overflow'],
])('%s ends the process and is reported with its function', async (name, words) => {
  const { code, output, reports } = await run(name)
  expect(output).not.toContain('survived')
  expect(code).not.toBe(0)
  expect(reports).toHaveLength(1)
  expect(reports[0]).toMatch(words)
  expect(reports[0]).toContain('wrong.cc')
})

test('a leak is reported when the process ends', async () => {
  const { output, reports } = await run('leak')
  expect(output).toContain('survived')
  expect(reports.join('\n')).toMatch(/Direct leak of .* byte/)
  expect(reports.join('\n')).toContain('wrong.cc')
})

test('what is right is not reported', async () => {
  expect(await run('nothing')).toMatchObject({ code: 0, reports: [] })
})

test("a leak of Node's own is none of ours, and one of ours beside it is", () => {
  const leak = (module) =>
    `Direct leak of 8 byte(s) in 1 object(s) allocated from:\n    #0 0x1 in f a.cc:1 (${module}+0x1)`
  const report = ['==1==ERROR: LeakSanitizer: detected memory leaks', leak('node'), leak('mapscope.node'), 'SUMMARY: x']
  expect(findings(report.join('\n\n'), ['mapscope.node'])).toEqual([leak('mapscope.node')])
})

test('without the runtime libraries it says what to install', () => {
  const compiler = path.join(folder, 'g++')
  writeFileSync(compiler, '#!/bin/sh\necho libasan.so\n', { mode: 0o755 })
  const before = process.env.PATH
  try {
    process.env.PATH = folder + path.delimiter + before
    expect(asanRuntime).toThrow('sudo apt-get install g++')
    process.env.PATH = path.join(folder, 'nothing')
    expect(asanRuntime).toThrow('sudo apt-get install g++')
  } finally {
    process.env.PATH = before
  }
})
