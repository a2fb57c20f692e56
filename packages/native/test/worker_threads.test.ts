import { join } from 'node:path'
import { expect, test } from 'vitest'
import { childAnswer, runChild } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const path = makeFile(join(folder, 'shared'), 'x'.repeat(20_000))

test('the addon works in the main thread and in four workers at once, faults in each of them included', async () => {
  expect(await childAnswer('workers.mjs', [path, 'together'])).toEqual({
    main: [20_000, 'FAULT'],
    workers: Array.from({ length: 4 }, () => [20_000, 'FAULT']),
  })
})

test('loaded only in a worker which has ended, the process can still be killed by SIGBUS', async () => {
  const result = await runChild('workers.mjs', [path, 'only-in-a-worker'])
  expect({ stdout: result.stdout, signal: result.signal }).toEqual({
    stdout: 'worker ended with 0\n',
    signal: 'SIGBUS',
  })
})

test('loaded in a worker that ended, it loads and guards again in the next one', async () => {
  expect(await childAnswer('workers.mjs', [path, 'one-after-the-other'])).toEqual([
    [20_000, 'FAULT'],
    [20_000, 'FAULT'],
    [20_000, 'FAULT'],
  ])
})
