import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'
import { nodes } from './support/nodes.ts'

const folder = temporaryFolder()

describe.each(nodes)('one binary for every Node: %s', (node) => {
  test('maps, reads, stores, searches, survives truncation and closes', async () => {
    const path = makeFile(join(folder, `smoke-${nodes.indexOf(node)}`), Buffer.alloc(20_000, 'abcdefgh'))
    expect(await childAnswer('smoke.mjs', [path], { node })).toEqual({
      read: 'defg',
      stored: 'NODE',
      found: [10_000, 10_000, 10_000],
      unreadable: [5000, 20_000],
      fault: { code: 'FAULT', offset: 8192, fileByteLength: 5000 },
      closed: 'CLOSED',
    })
  })

  test('moves, advises, populates, locks, asks, reads into, resizes and remaps', async () => {
    const path = join(folder, `paging-${nodes.indexOf(node)}`)
    expect(await childAnswer('paging.mjs', [path], { node })).toEqual({
      moved: 'abcabcdefghdefgh',
      unreadable: [],
      resident: 64,
      guard: ['OS', 'EINVAL'],
      busy: ['BUSY', null],
      size: 100,
      end: '\0end',
      remapped: 'efgh',
      granularity: 0,
    })
  })
})
