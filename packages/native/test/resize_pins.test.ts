import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { childAnswer } from './support/child.ts'
import { temporaryFolder } from './support/files.ts'
import { nodes } from './support/nodes.ts'

const folder = temporaryFolder()
const page = binding.pageSize

// In a child, since a pointer to memory that is gone ends the process.
describe.each(nodes)('resize while something still points to the old pages: %s', (node) => {
  test('keeps the bytes; what points to the old pages shows zeros, also when the file is cut after that', async () => {
    const answer = await childAnswer('resize.mjs', [join(folder, `file-${nodes.indexOf(node)}`)], { node })
    const step = [true, 'kept', 'first']
    const moved = {
      before: 'f'.charCodeAt(0),
      steps: [step, step],
      seen: 'fI',
      pins: [0, 0, [0, 0]],
      afterCut: [0, [0, 0]],
    }
    expect(answer).toEqual({
      sharedFile: moved,
      sharedFileFurther: moved,
      privateFile: moved,
      privateMemory: moved,
      splitFile: moved,
      splitMemory: moved,
      sharedMemory: { ...moved, steps: [step] },
      refusals: {
        exported: { code: 'BUSY', exports: 1, jobs: 0, otherThreads: 0 },
        shared: { code: 'BUSY', exports: 0, jobs: 0, otherThreads: 1 },
        untouched: [4 * page, 4 * page],
        after: page,
      },
      afterFault: { zero: 0, told: { code: 'FAULT', isInView: true, offset: 3 * page }, size: 7 * page },
    })
  })
})
