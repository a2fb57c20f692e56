import { join } from 'node:path'
import { expect, test } from 'vitest'
import { childAnswer, runChild } from './support/child.ts'
import { makeFile, makeSparseFile, TiB, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const huge = makeSparseFile(join(folder, 'huge'), 15 * TiB, [])

test('a worker that ends with a live mapping leaves none behind', async () => {
  const path = makeFile(join(folder, 'worker'), 'x'.repeat(5000))
  expect(await childAnswer('worker_exit.mjs', [path, 'returns'])).toEqual({ during: true, after: false })
})

test('a worker that is terminated while a search of 15 TiB runs ends at once, and leaves no mapping behind', async () => {
  expect(await childAnswer('worker_exit.mjs', [huge, 'searches'])).toEqual({ during: true, after: false })
})

// Nothing but a running slice is waited for: without slices, the search would hold the process for hours.
test.each(['process.exit', 'an uncaught error'])(
  '%s with a search of 15 TiB and 100 reads in flight ends the process at once',
  async (way) => {
    const result = await runChild('exit.mjs', [huge, way])
    expect({ code: result.code, signal: result.signal }).toEqual({ code: way === 'process.exit' ? 7 : 1, signal: null })
  },
)

test('a process that does nothing more ends once its jobs are done', async () => {
  const result = await runChild('exit.mjs', [makeFile(join(folder, 'small'), 'x'.repeat(5000)), 'nothing'])
  expect(result).toMatchObject({ code: 0, signal: null, stdout: 'done\n' })
})
