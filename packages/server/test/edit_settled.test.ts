import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AuditFile } from '../src/audit/audit_file.ts'
import { openEdits } from '../src/audit/open_edits.ts'
import { verifyTrail } from '../src/audit/verify.ts'
import { editHashes, PIECE_BYTE_LENGTH } from '../src/documents/edit_hashes.ts'
import { mapscope } from './support/command.ts'
import { Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const GIB = 1024 ** 3
const START = 4 * GIB + 7
const folder = temporaryFolder()
let folderCount = 0
const MEANT = Buffer.alloc(3 * PIECE_BYTE_LENGTH + 100, 'new')
const BEFORE = Buffer.alloc(MEANT.length, 'old')
const RANGE = { start: START, end: START + MEANT.length }

/** A file with bytes past 4 GiB, in a folder of its own. */
function fileWith(name: string, bytes: Uint8Array): { path: string; inode: string } {
  const path = join(folder, name, 'disk.img')
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(path, '')
  truncateSync(path, 5 * GIB)
  const fd = openSync(path, 'r+')
  writeSync(fd, bytes, 0, bytes.length, START)
  closeSync(fd)
  return { path, inode: String(statSync(path, { bigint: true }).ino) }
}

interface Dead {
  readonly path: string
  readonly auditFile: string
}

/** What a server leaves that was killed between the beginning of an edit and its end: the file, and the trail up to the intent. */
async function killedServer(name: string, found: Uint8Array, present: Uint8Array | null = BEFORE): Promise<Dead> {
  const { path, inode } = fileWith(name, found)
  const auditFile = join(folder, `${name}.jsonl`)
  const trail = AuditFile.open(auditFile)
  trail.append({ kind: 'start', who: 'server', server: { unsettledCount: 0 } })
  const facts = { path: `${name}/disk.img`, documentId: 'd', editId: `edit-of-${name}`, range: RANGE }
  const file = { directoryPath: join(folder, name), inode }
  trail.append({ kind: 'editing', who: 'vera', server: { ...facts, file, ...editHashes(MEANT, present ?? undefined) } })
  await trail.close()
  return { path, auditFile }
}

interface Line {
  readonly kind: string
  readonly server: Record<string, unknown>
}

function linesOf(auditFile: string, kind: string): Line[] {
  const lines = readFileSync(auditFile, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Line).filter((line) => line.kind === kind)
}

/** Starts a server and ends it. Read-only, as one that only looks is enough. */
async function startAndStop(root: string, auditFile: string): Promise<void> {
  const { app } = await Serving.start({ roots: [root], auditFile })
  await app.close()
}

const prefix = (byteLength: number): Buffer =>
  Buffer.concat([MEANT.subarray(0, byteLength), BEFORE.subarray(byteLength)])

describe('an edit that a crash cut, past 4 GiB', () => {
  test.each<[string, string, Uint8Array, Uint8Array | null]>([
    ['stored', 'all', MEANT, BEFORE],
    ['notStored', 'nothing', BEFORE, BEFORE],
    ['partly', 'two-pieces', prefix(2 * PIECE_BYTE_LENGTH), BEFORE],
    ['partly', 'inside-a-piece', prefix(PIECE_BYTE_LENGTH + 17), BEFORE],
    ['otherBytes', 'somebody-else', Buffer.alloc(MEANT.length, 'x'), BEFORE],
    ['stored', 'all-unknown-before', MEANT, null],
    ['otherBytes', 'nothing-unknown-before', BEFORE, null],
  ])('is %s: %s', async (outcome, name, found, present) => {
    const { path, auditFile } = await killedServer(name, found, present)
    const before = statSync(path, { bigint: true })
    await startAndStop(join(folder, name), auditFile)
    const [start] = linesOf(auditFile, 'start').slice(-1)
    expect(start?.server['unsettledCount']).toBe(1)
    const editId = `edit-of-${name}`
    expect(linesOf(auditFile, 'settled')).toMatchObject([
      { who: 'server', server: { editId, who: 'vera', path: `${name}/disk.img`, range: RANGE, outcome } },
    ])
    const after = statSync(path, { bigint: true })
    expect([after.mtimeNs, after.ctimeNs]).toEqual([before.mtimeNs, before.ctimeNs])
    // Told once.
    await startAndStop(join(folder, name), auditFile)
    expect(linesOf(auditFile, 'settled')).toHaveLength(1)
    expect(linesOf(auditFile, 'start').at(-1)?.server['unsettledCount']).toBe(0)
    expect(await verifyTrail(auditFile)).toMatchObject({
      findings: [],
      unsettled: [],
      settled: [{ outcome, who: 'vera' }],
    })
  })

  test.each<[string, (path: string) => void]>([
    ['gone', (path) => rmSync(path)],
    ['cut', (path) => truncateSync(path, START + 5)],
    [
      'replaced',
      (path) => {
        // The former one is kept, or its number would be given again.
        renameSync(path, `${path}.old`)
        writeFileSync(path, 'another')
      },
    ],
    [
      'replaced',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
  ])('is %s with its file', async (outcome, change) => {
    const name = `file-${outcome}-${++folderCount}`
    const { path, auditFile } = await killedServer(name, MEANT)
    change(path)
    await startAndStop(join(folder, name), auditFile)
    expect(linesOf(auditFile, 'settled').map(({ server }) => server['outcome'])).toEqual([outcome])
    expect((await verifyTrail(auditFile)).unsettled).toEqual([])
  })

  test('stays unsettled as long as its file is not served, also when another folder has the name', async () => {
    const { auditFile } = await killedServer('away', MEANT)
    const namesake = join(folder, 'other', 'away')
    mkdirSync(namesake, { recursive: true })
    writeFileSync(join(namesake, 'disk.img'), 'of somebody else')
    for (const root of [namesake, fileWith('elsewhere', MEANT).path]) {
      await startAndStop(root, auditFile)
      expect(linesOf(auditFile, 'settled')).toEqual([])
      expect(linesOf(auditFile, 'stop').at(-1)?.server['unsettledCount']).toBe(1)
    }
    await startAndStop(join(folder, 'away'), auditFile)
    expect(linesOf(auditFile, 'settled').map(({ server }) => server['outcome'])).toEqual(['stored'])
    const { output: told } = await mapscope('audit', 'verify', auditFile)
    expect(told).toContain(`vera was storing bytes ${RANGE.start} to ${RANGE.end} of "away/disk.img"`)
    expect(told).toContain('found: stored')
    expect(told).not.toContain('unsettled')
  })

  test('is settled by the next start when one died before it could say so', async () => {
    const { auditFile } = await killedServer('twice', MEANT)
    const trail = AuditFile.open(auditFile)
    trail.append({ kind: 'start', who: 'server', server: { unsettledCount: 1 } })
    await trail.close()
    await startAndStop(join(folder, 'twice'), auditFile)
    expect(linesOf(auditFile, 'settled')).toHaveLength(1)
  })
})

test('edits without an end are found through files that were put away, and as far back as needed', async () => {
  const auditFile = join(folder, 'rotated.jsonl')
  const rotation = { maxByteLength: 400, onFailure: (error: unknown) => expect.fail(String(error)) }
  const trail = AuditFile.open(auditFile, rotation)
  const server = (editId: string): Record<string, unknown> => ({
    editId,
    path: 'a',
    range: RANGE,
    ...editHashes(MEANT, BEFORE),
  })
  const tell = async (kind: string, editId: string): Promise<void> => {
    trail.append({ kind, who: 'vera', server: server(editId) })
    await trail.flush()
  }
  await tell('editing', 'first')
  await tell('editing', 'second')
  await tell('edited', 'first')
  await tell('editing', 'third')
  await tell('editFailed', 'third')
  expect(trail.openEditCount).toBe(1)
  await trail.close()
  const open = await openEdits(auditFile)
  expect(open.map(({ editId, at }) => [editId, basename(at.file)])).toEqual([['second', 'rotated.jsonl.000002']])

  const next = AuditFile.open(auditFile, rotation)
  next.adopt(['second'])
  next.append({ kind: 'settled', who: 'server', server: { ...server('second'), outcome: 'stored' } })
  await next.flush()
  // From here on nothing before is looked at.
  expect(next.openEditCount).toBe(0)
  next.append({ kind: 'editing', who: 'vera', server: server('fourth') })
  await next.close()
  rmSync(`${auditFile}.000002`)
  expect((await openEdits(auditFile)).map(({ editId }) => editId)).toEqual(['fourth'])
})
