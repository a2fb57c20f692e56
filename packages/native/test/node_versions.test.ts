import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()

// The root's test script names the Node binaries of the matrix, separated by colons; alone, the test runs under its own.
const nodes = (process.env['MAPSCOPE_NODES'] ?? '').split(':').filter((node) => node !== '')

describe.each(nodes.length > 0 ? nodes : [process.execPath])('one binary for every Node: %s', (node) => {
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
})
