import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Document, type DocumentChange } from '../src/documents/document.ts'
import { mapPlace } from '../src/documents/open.ts'
import { resolvePlace } from '../src/roots/open.ts'
import { closeRoots, openRoots } from '../src/roots/root.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { atEnd } from './support/at_end.ts'
import { temporaryFolder } from './support/temporary.ts'

const folders = [temporaryFolder(), ...(existsSync('/dev/shm') ? [mkdtempSync('/dev/shm/mapscope-server-')] : [])]
afterAll(() => {
  for (const folder of folders.slice(1)) rmSync(folder, { recursive: true })
})

interface Opened {
  readonly document: Document
  readonly changes: DocumentChange[]
}

/** A document of 64 KiB; `duringFlush` runs when its store is in the file and the document does not know yet. */
async function openDocument(folder: string, duringFlush: (fd: number) => void): Promise<Opened> {
  const root = mkdtempSync(join(folder, 'root-'))
  writeFileSync(join(root, 'file'), Buffer.alloc(65_536))
  const roots = await openRoots([join(root, 'file')])
  const place = resolvePlace(roots, parseWirePath('file'))
  const mapped = mapPlace(place, true)
  const fd = openSync(join(root, 'file'), 'r+')
  const write = mapped.source.write.bind(mapped.source)
  mapped.source.write = async (...request) => {
    const result = await write(...request)
    duringFlush(fd)
    return result
  }
  const document = new Document({ place, path: 'file', name: 'file', isWritable: true, ...mapped })
  const changes: DocumentChange[] = []
  document.subscribe((change) => changes.push(change))
  atEnd(async () => {
    await document.close()
    closeRoots(roots)
    closeSync(fd)
  })
  return { document, changes }
}

const edit = (offset: number) => ({ offset, bytes: Buffer.from('e'), expected: undefined, clientId: 'me' })

test.each(folders)('what others write while an edit is flushed is told as theirs: %s', async (folder) => {
  const { document, changes } = await openDocument(folder, (fd) => writeSync(fd, 'x', 40_000))
  for (let n = 0; n < 20; n++) {
    changes.length = 0
    const { revision } = await document.edit(edit(n))
    expect(changes.map(({ cause, ranges, clientId }) => [cause, ranges, clientId])).toEqual([
      ['edit', [{ start: n, end: n + 1 }], 'me'],
      ['disk', [{ start: 0, end: 65_536 }], undefined],
    ])
    expect([revision, document.revision]).toEqual([changes[0]?.document.revision, revision + 1])
  }
})

test.each(folders)('an edit that nobody overtakes is told as itself, once: %s', async (folder) => {
  const { document, changes } = await openDocument(folder, () => undefined)
  for (let n = 0; n < 40; n++) await document.edit(edit((n % 2) * 4_096))
  await new Promise((resolve) => setTimeout(resolve, 50))
  document.checkDisk()
  expect(changes.map(({ cause }) => cause)).toEqual(Array.from({ length: 40 }, () => 'edit'))
})
