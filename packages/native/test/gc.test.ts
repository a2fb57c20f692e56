import { join } from 'node:path'
import { expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()

test('a mapping that nobody holds any more is unmapped when it is collected', async () => {
  const path = makeFile(join(folder, 'collected'), 'x'.repeat(5000))
  const answer = await childAnswer('gc.mjs', [path], { execArgv: ['--expose-gc'] })
  expect(answer).toEqual({ before: true, after: false })
})
