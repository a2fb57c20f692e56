import { rmSync } from 'node:fs'
import { freemem } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { GiB, temporaryFolder } from './support/files.ts'
import { nodes } from './support/nodes.ts'

const folder = temporaryFolder()
const timeoutMs = 120_000

/** What has no offset and no length, and what is tried with 5 GiB in core's test/mmap/set_name.test.ts. */
const elsewhere = [
  'byteLength',
  'closed',
  'close',
  'exports',
  'releaseExport',
  'takeViewFault',
  'tellsResidency',
  'constructor',
  'setName',
]

interface Answer {
  readonly outcome: Readonly<Record<string, string>>
  readonly methods: readonly string[]
}

async function longestBuffer(node: string): Promise<number> {
  return (await childAnswer('longest_buffer.mjs', [], { node })) as number
}

test.each(nodes)(
  'every operation is right at offsets past 4 GiB, and over more than 4 GiB (%s)',
  async (node) => {
    const path = join(folder, 'sparse')
    const answer = await childAnswer('past_4_gib.mjs', [path, String(await longestBuffer(node))], { node, timeoutMs })
    rmSync(path)
    const { outcome, methods } = answer as Answer
    expect(Object.entries(outcome).filter(([, result]) => result !== 'right')).toEqual([])
    const tried = Object.keys(outcome).flatMap((name) => name.split(' and '))
    expect(methods.filter((method) => !tried.includes(method) && !elsewhere.includes(method))).toEqual([])
  },
  timeoutMs,
)

// Node 20 could not be given an array as long; and under one Node, for it takes 4 GiB of memory and is about C++.
const able: string[] = []
for (const node of nodes) if ((await longestBuffer(node)) > 4 * GiB) able.push(node)

test.each(able.slice(-1))(
  'copies of more than 4 GiB at once are whole (%s)',
  async (node) => {
    if (freemem() < 5 * GiB) throw new Error('This test needs 5 GiB of free memory')
    const answer = await childAnswer('copies_past_4_gib.mjs', [], { node, timeoutMs })
    expect(answer).toEqual({ copyIn: true, copyOut: true, unreadable: [], readIntoAsync: true, move: true })
  },
  timeoutMs,
)
