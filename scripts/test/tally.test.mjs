// What a failed run tells: its counts, and each failed test by name with what it said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { failuresOf } from '../lib/failures.mjs'
import { closingLine, readTally, sum } from '../lib/tally.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'mapscope-tally-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function suiteOf(kind, report) {
  const file = path.join(folder, `${kind}-${Math.random()}.json`)
  writeFileSync(file, JSON.stringify(report))
  return { name: 'a suite', kind, report: file }
}

const unitReport = {
  numPassedTests: 1,
  numFailedTests: 1,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [
    {
      name: 'one.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { fullName: 'is right', status: 'passed', failureMessages: [] },
        { fullName: 'is wrong', status: 'failed', failureMessages: ['expected 1 to be 2\n  at one.test.ts:3'] },
      ],
    },
    { name: 'two.test.ts', status: 'failed', message: 'cannot find module', assertionResults: [] },
  ],
}

const browserTest = (status, message) => ({
  title: `is ${status}`,
  tests: [{ status, projectName: 'chromium', results: [{ errors: message === undefined ? [] : [{ message }] }] }],
})

const browserReport = {
  errors: [{ message: 'no browser' }],
  stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
  suites: [
    {
      specs: [browserTest('expected')],
      suites: [{ specs: [browserTest('unexpected', 'no such button'), browserTest('flaky', 'too late')] }],
    },
  ],
}

test('a failed unit test, and a file that could not be loaded', () => {
  const suite = suiteOf('vitest', unitReport)
  expect(closingLine(readTally(suite))).toBe('1 passed, 2 failed')
  expect(failuresOf(suite)).toEqual([
    'a suite: is wrong\n    expected 1 to be 2\n      at one.test.ts:3',
    'a suite: two.test.ts\n    cannot find module',
  ])
})

test('a failed and a flaky browser test, however deep, and an error outside of any', () => {
  const suite = suiteOf('playwright', browserReport)
  expect(closingLine(readTally(suite))).toBe('1 passed, 3 failed')
  expect(failuresOf(suite)).toEqual([
    'a suite: outside of any test\n    no browser',
    'a suite: is unexpected (chromium)\n    no such button',
    'a suite: is flaky (chromium)\n    too late',
  ])
})

test('a suite that left no report has failed', () => {
  const suite = { name: 'a suite', kind: 'vitest', report: path.join(folder, 'nothing.json') }
  expect(sum([readTally(suite)])).toEqual({ passed: 0, failed: 1, skipped: 0 })
  expect(failuresOf(suite)).toEqual([])
})
