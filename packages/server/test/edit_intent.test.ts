import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEdits } from '../src/audit/open_edits.ts'
import { verifyTrail } from '../src/audit/verify.ts'
import { Child } from './support/child.ts'
import { linesOf, mapscope } from './support/command.ts'
import { eventually } from './support/eventually.ts'
import { type Answer, ask, problemOf, Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

interface Line {
  readonly kind: string
  readonly server: {
    readonly editId: string
    readonly range: { readonly start: number; readonly end: number }
    readonly sha256: string
    readonly replacedSha256: string
    readonly code: string
  }
}

function editLines(path: string): Line[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line) as Line).filter(({ kind }) => kind.startsWith('edit'))
}

test('an edit is written down before it is stored and after, with hashes of what is to be there and what was (past 4 GiB)', async () => {
  const [path, auditFile] = [join(folder, 'large.bin'), join(folder, 'large.jsonl')]
  writeFileSync(path, '')
  truncateSync(path, 5 * 1024 ** 3)
  const serving = await Serving.start({ roots: [path], auditFile, isWritable: true })
  const { id } = await serving.open('large.bin')
  const offset = 4 * 1024 ** 3 + 7
  const bytes = Buffer.from('new')
  expect((await serving.edit(id, { offset, bytes })).status).toBe(200)
  expect((await serving.edit(id, { offset, bytes, expected: Buffer.from('old') })).status).toBe(409)
  // Refused before anything is meant.
  expect((await serving.edit(id, { offset: 5 * 1024 ** 3, bytes })).status).toBe(422)
  const [meant, made, meantAgain, failed, ...more] = editLines(auditFile)
  expect(more).toEqual([])
  const range = { start: offset, end: offset + 3 }
  expect(meant).toMatchObject({ kind: 'editing', server: { range, sha256: sha256(bytes) } })
  const replacedSha256 = sha256(Buffer.alloc(3))
  expect(made).toMatchObject({ kind: 'edited', server: { range, replacedSha256, editId: meant?.server.editId } })
  expect(failed).toMatchObject({
    kind: 'editFailed',
    server: { code: 'ERR_CONFLICT', editId: meantAgain?.server.editId },
  })
  expect(meantAgain?.server.editId).not.toBe(meant?.server.editId)
  expect((await verifyTrail(auditFile)).unsettled).toEqual([])
})

test('kill -9 in the middle of edits: no byte has changed that is not meant in the trail, and the next start settles what has no end', async () => {
  const BLOCK = 64 * 1024
  const COUNT = 80
  const [path, auditFile] = [join(folder, 'edited.bin'), join(folder, 'edited.jsonl')]
  writeFileSync(path, Buffer.alloc(BLOCK * COUNT))
  const child = Child.run(['serve', '--port', '0', '--writable', '--audit', auditFile, path])
  const { port, token } = await child.link()
  const headers = { authorization: `Bearer ${token}` }
  const opened = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'edited.bin' } })
  const { id } = JSON.parse(String(opened.body)) as { id: string }
  const acknowledged: number[] = []
  const edits = Array.from({ length: COUNT }, async (_, at): Promise<void> => {
    const body = { offset: at * BLOCK, bytes: Buffer.alloc(BLOCK, at + 1).toString('base64') }
    const answer: Answer | undefined = await ask(port, `/api/v1/documents/${id}/edits`, {
      method: 'POST',
      headers,
      body,
    }).catch(() => undefined)
    if (answer?.status !== 200) return
    acknowledged.push(at)
    child.process.kill('SIGKILL')
  })
  await Promise.all(edits)
  await child.exited

  const cut = await openEdits(auditFile)
  const before = readFileSync(path)
  // A server takes the trail up, and so tells of a line that was cut, and of edits that were.
  const next = Child.run(['serve', '--port', '0', '--audit', auditFile, path])
  await next.link()
  next.process.kill('SIGTERM')
  await next.exited
  const lines = readFileSync(auditFile, 'utf8').split('\n')
  const isWhole = (line: string): boolean => line.startsWith('{') && line.endsWith('"}')
  const told = lines.filter(isWhole).map((line) => JSON.parse(line) as Line)
  const meant = new Map(told.filter(({ kind }) => kind === 'editing').map((line) => [line.server.range.start, line]))
  const made = new Set(told.filter(({ kind }) => kind === 'edited').map(({ server }) => server.editId))
  expect(acknowledged.length).toBeGreaterThan(0)
  for (const at of acknowledged) expect(made.has(meant.get(at * BLOCK)?.server.editId ?? '')).toBe(true)

  const bytes = readFileSync(path)
  let changedCount = 0
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const block = bytes.subarray(start, start + BLOCK)
    if (block.every((byte) => byte === 0)) continue
    changedCount++
    expect(meant.get(start)?.server.range, `block at ${start}`).toEqual({ start, end: start + BLOCK })
    // Of an edit that is said to be made, all of it is there.
    if (made.has(meant.get(start)?.server.editId ?? '')) expect(sha256(block)).toBe(meant.get(start)?.server.sha256)
  }
  expect(changedCount).toBeGreaterThan(0)
  expect(bytes.equals(before)).toBe(true)
  const { findings, unsettled, settled } = await verifyTrail(auditFile)
  expect([findings, unsettled]).toEqual([[], []])
  const open = [...meant.values()].filter(({ server }) => !made.has(server.editId)).map(({ server }) => server.range)
  expect(open.length).toBeGreaterThan(0)
  expect(cut.map(({ range }) => range)).toEqual(open)
  expect(settled.map(({ range }) => range)).toEqual(open)
  for (const { range, outcome } of settled) {
    const isStored = sha256(bytes.subarray(range.start, range.end)) === meant.get(range.start)?.server.sha256
    const isAsBefore = bytes.subarray(range.start, range.end).every((byte) => byte === 0)
    expect([range, outcome]).toEqual([range, isStored ? 'stored' : isAsBefore ? 'notStored' : expect.any(String)])
  }
  const ended = await mapscope('audit', 'verify', auditFile)
  expect(ended.status).toBe(0)
  expect(linesOf(ended).filter((line) => line.includes('  settled  '))).toHaveLength(open.length)
}, 60_000)

if (process.platform === 'linux') {
  test('what cannot be written down is not stored', async () => {
    const [path, auditFile] = [join(folder, 'kept.bin'), join(folder, 'kept.jsonl')]
    writeFileSync(path, 'as it was')
    const child = Child.run(['serve', '--port', '0', '--writable', '--audit', auditFile, path])
    const { port, token } = await child.link()
    const headers = { authorization: `Bearer ${token}` }
    const opened = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'kept.bin' } })
    const { id } = JSON.parse(String(opened.body)) as { id: string }
    const edit = (): Promise<Answer> =>
      ask(port, `/api/v1/documents/${id}/edits`, { method: 'POST', headers, body: { offset: 0, bytes: 'WFg=' } })
    const limit = (byteLength: string): void =>
      void execFileSync('prlimit', ['--pid', String(child.process.pid), `--fsize=${byteLength}:`])
    limit('100')
    const refused = await edit()
    expect([refused.status, problemOf(refused).code, refused.headers['retry-after']]).toEqual([503, 'ERR_AUDIT', '5'])
    expect(readFileSync(path, 'utf8')).toBe('as it was')
    limit('unlimited')
    await eventually(async () => expect((await edit()).status).toBe(200))
    expect(readFileSync(path, 'utf8')).toBe('XX it was')
    child.process.kill('SIGTERM')
    await child.exited
    // The one that was refused is settled, too: its intent was written once there was room.
    expect(await verifyTrail(auditFile)).toMatchObject({ findings: [], unsettled: [] })
  })
}
