import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { type CompiledQuery, compileQuery, type SearchQuery } from '@mapscope/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Document } from '../src/documents/document.ts'
import { DocumentStore } from '../src/documents/store.ts'
import { closeRoots, openRoots } from '../src/roots/root.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { findPresent } from '../src/socket/find_present.ts'
import { temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const NEEDLE = compiled({ kind: 'regexp', text: '\\bneedle\\b' })
const LITERAL = compiled({ kind: 'text', text: 'needle' })
/** Past 4 GiB, in a sparse file. */
const FIRST = 5 * 1024 ** 3
const SECOND = FIRST + 100
const BYTE_LENGTH = 6 * 1024 ** 3
let documents: DocumentStore
let document: Document

beforeAll(async () => {
  mkdirSync(root)
  writeFileSync(join(root, 'file'), '')
  truncateSync(join(root, 'file'), BYTE_LENGTH)
  const roots = await openRoots([root])
  documents = new DocumentStore({ roots, isWritable: false })
  document = documents.open(parseWirePath('root/file')).document
  afterAll(async () => {
    await documents.close()
    closeRoots(roots)
  })
})

function compiled(query: SearchQuery): CompiledQuery {
  const result = compileQuery(query)
  if ('problem' in result) throw new Error(result.problem)
  return result.query
}

function put(text: string, offset: number): void {
  const fd = openSync(join(root, 'file'), 'r+')
  writeSync(fd, text, offset)
  closeSync(fd)
}

/** The document, with `change` done to its file at every second look: between a hit and the look at it. */
function changing(change: () => void): Pick<Document, 'snapshot' | 'snapshotInTurn'> {
  let lookCount = 0
  return {
    snapshot: () => {
      if (++lookCount % 2 === 0) change()
      return document.snapshot()
    },
    snapshotInTurn: () => document.snapshotInTurn(),
  }
}

test.each([
  { direction: 'forward', gone: FIRST, left: SECOND, from: 0, isWrapped: false },
  { direction: 'forward', gone: SECOND, left: FIRST, from: SECOND, isWrapped: true },
  { direction: 'backward', gone: SECOND, left: FIRST, from: BYTE_LENGTH, isWrapped: false },
  { direction: 'backward', gone: FIRST, left: SECOND, from: SECOND, isWrapped: true },
] as const)('$direction from $from: a hit that is gone by then is passed over', async (row) => {
  put('needle', FIRST)
  put('needle', SECOND)
  for (const query of [LITERAL, NEEDLE]) {
    put('needle', row.gone)
    const found = await findPresent(
      changing(() => put('noodle', row.gone)),
      query,
      row,
    )
    expect(found).toMatchObject({ hit: { offset: row.left, byteLength: 6 }, isWrapped: row.isWrapped })
  }
})

test('gone for good is absent', async () => {
  put('needle', FIRST)
  put('noodle', SECOND)
  const found = await findPresent(
    changing(() => put('noodle', FIRST)),
    LITERAL,
    { from: 0, direction: 'forward' },
  )
  expect(found.hit).toBeUndefined()
})

test('a file that always has it elsewhere by then ends the search, which does not run for ever', async () => {
  let at = FIRST
  put('needle', at)
  const flee = (): void => {
    put('noodle', at)
    at += 16
    put('needle', at)
  }
  const search = findPresent(changing(flee), LITERAL, { from: 0, direction: 'forward' })
  await expect(search).rejects.toMatchObject({ code: 'ERR_REVISION' })
})
