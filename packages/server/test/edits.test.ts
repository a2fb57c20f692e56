import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EditResult } from '@mapscope/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { type Answer, ask, problemOf, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const root = join(folder, 'root')
let serving: Serving
let readOnly: Serving

beforeAll(async () => {
  execFileSync('mkdir', [root])
  writeFileSync(join(root, 'file'), 'The quick brown fox')
  makeSparse(join(root, 'sparse'))
  serving = await Serving.start({ roots: [root], isWritable: true })
  readOnly = await Serving.start({ roots: [root] })
})

const text = (bytes: string): Uint8Array => Buffer.from(bytes)
const resultOf = (answer: Answer): EditResult => JSON.parse(String(answer.body)) as EditResult

/** What another program sees in the file. */
function onDisk(path: string, offset: number, length: number): string {
  return String(
    execFileSync('dd', [
      `if=${path}`,
      'iflag=skip_bytes,count_bytes',
      `skip=${offset}`,
      `count=${length}`,
      'status=none',
    ]),
  )
}

test('an edit is on disk when it is acknowledged, told to every tab, and undone by what it replaced', async () => {
  const path = join(root, 'file')
  const { id, mode } = await serving.open('root/file')
  expect(mode).toBe('write-through')
  const [one, two] = [await SocketClient.connect(serving.port), await SocketClient.connect(serving.port)]
  const { clientId } = await one.next('hello')
  await one.open(id)
  await two.open(id)

  const done = await serving.edit(id, { offset: 4, bytes: text('QUICK'), clientId })
  expect(done.status).toBe(200)
  expect(onDisk(path, 0, 19)).toBe('The QUICK brown fox')
  const { revision, replaced, offset } = resultOf(done)
  expect([offset, Buffer.from(replaced, 'base64').toString()]).toEqual([4, 'quick'])
  for (const client of [one, two]) {
    const changed = await client.next('changed')
    expect(changed).toMatchObject({
      cause: 'edit',
      clientId,
      ranges: [{ start: 4, end: 9 }],
      document: { id, revision, disk: 'current' },
    })
  }
  const read = await serving.read(id, 0, 19)
  expect([String(read.body), read.headers['mapscope-revision']]).toEqual(['The QUICK brown fox', String(revision)])

  const undone = await serving.edit(id, { offset: 4, bytes: Buffer.from(replaced, 'base64'), expected: text('QUICK') })
  expect(undone.status).toBe(200)
  expect(onDisk(path, 0, 19)).toBe('The quick brown fox')
  expect((await two.next('changed')).document.revision).toBe(revision + 1)

  // Our own stores are never told as somebody else's: longer than the watch takes, nothing but edits has come.
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(
    [...one.received, ...two.received].filter((message) => message.type === 'changed' && message.cause !== 'edit'),
  ).toEqual([])
  await one.close()
  await two.close()
})

test('what is there instead of the expected is told, and nothing is stored', async () => {
  const { id, revision } = await serving.open('root/file')
  const answer = await serving.edit(id, { offset: 0, bytes: text('XXX'), expected: text('the') })
  expect([answer.status, problemOf(answer)]).toMatchObject([
    409,
    { code: 'ERR_CONFLICT', present: Buffer.from('The').toString('base64') },
  ])
  expect(onDisk(join(root, 'file'), 0, 3)).toBe('The')
  expect((await serving.open('root/file')).revision).toBe(revision)
})

test('a change on disk just before an edit is told first, and as what it is', async () => {
  writeFileSync(join(root, 'raced'), 'aaaa')
  const { id } = await serving.open('root/raced')
  const client = await SocketClient.connect(serving.port)
  await client.open(id)
  writeFileSync(join(root, 'raced'), 'bbbb')
  expect((await serving.edit(id, { offset: 0, bytes: text('c') })).status).toBe(200)
  const causes = [await client.next('changed'), await client.next('changed')].map((message) => message.cause)
  expect(causes).toEqual(['disk', 'edit'])
  expect(onDisk(join(root, 'raced'), 0, 4)).toBe('cbbb')
  await client.close()
})

test('each edit gives /raw another tag, on every file system', async () => {
  // tmpfs does not date a store through a mapping, and is where /tmp is on many a machine.
  const folders = [root, ...(existsSync('/dev/shm') ? [mkdtempSync('/dev/shm/mapscope-server-')] : [])]
  for (const place of folders) {
    writeFileSync(join(place, 'dated'), 'x')
    const dated = await Serving.start({ roots: [join(place, 'dated')], isWritable: true })
    const { id } = await dated.open('dated')
    const client = await SocketClient.connect(dated.port)
    await client.open(id)
    const tags = new Set<string | undefined>()
    for (let n = 0; n < 20; n++) {
      await dated.edit(id, { offset: 0, bytes: Buffer.from([n]) })
      tags.add((await dated.ask('/raw/dated')).headers.etag)
    }
    expect(tags.size, place).toBe(20)
    // Dating it is no change on disk.
    await new Promise((resolve) => setTimeout(resolve, 600))
    const causes = client.received.flatMap((message) => (message.type === 'changed' ? [message.cause] : []))
    expect(causes, place).toEqual(Array.from({ length: 20 }, () => 'edit'))
    await client.close()
    if (place !== root) rmSync(place, { recursive: true })
  }
})

describe('past 4 GiB', () => {
  test.each([5 * 1024 ** 3, 4 * 1024 ** 4 - 2, SPARSE_BYTE_LENGTH - 4])('at %d', async (offset) => {
    const { id } = await serving.open('root/sparse')
    const before = onDisk(join(root, 'sparse'), offset, 4)
    const answer = await serving.edit(id, { offset, bytes: text('EDIT') })
    expect(answer.status).toBe(200)
    expect(Buffer.from(resultOf(answer).replaced, 'base64').toString()).toBe(before)
    expect(onDisk(join(root, 'sparse'), offset, 4)).toBe('EDIT')
    await serving.edit(id, { offset, bytes: text(before) })
  })
})

describe('refusals', () => {
  test('without --writable, saying how', async () => {
    const { id, mode } = await readOnly.open('root/file')
    expect(mode).toBe('read-only')
    const answer = await readOnly.edit(id, { offset: 0, bytes: text('X') })
    expect([answer.status, problemOf(answer).code]).toEqual([403, 'ERR_READ_ONLY'])
    expect(problemOf(answer)['detail']).toContain('--writable')
    expect(onDisk(join(root, 'file'), 0, 1)).toBe('T')
  })

  test.each([
    [{ offset: 19, bytes: 'AA==' }, 422, 'ERR_RANGE'],
    [{ offset: 18, bytes: 'AAA=' }, 422, 'ERR_RANGE'],
    [{ offset: Number.MAX_SAFE_INTEGER, bytes: 'AA==' }, 422, 'ERR_RANGE'],
    [{ offset: 2 ** 53, bytes: 'AA==' }, 400, 'ERR_REQUEST'],
    [{ offset: -1, bytes: 'AA==' }, 400, 'ERR_REQUEST'],
    [{ offset: 0.5, bytes: 'AA==' }, 400, 'ERR_REQUEST'],
    [{ offset: '0', bytes: 'AA==' }, 400, 'ERR_REQUEST'],
    [{ offset: 0, bytes: '' }, 400, 'ERR_REQUEST'],
    [{ offset: 0, bytes: 'A' }, 400, 'ERR_REQUEST'],
    [{ offset: 0, bytes: '****' }, 400, 'ERR_REQUEST'],
    [{ offset: 0, bytes: 'AA==', expected: 'AAA=' }, 400, 'ERR_REQUEST'],
    [{ offset: 0, bytes: 'AA==', more: 1 }, 400, 'ERR_REQUEST'],
    [{ bytes: 'AA==' }, 400, 'ERR_REQUEST'],
  ])('%j: %d %s', async (body, status, code) => {
    const { id } = await serving.open('root/file')
    const answer = await serving.ask(`/api/v1/documents/${id}/edits`, { method: 'POST', body })
    expect([answer.status, problemOf(answer).code]).toEqual([status, code])
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('The quick brown fox')
  })

  test('1 MiB is taken, one byte more is 413', async () => {
    const { id } = await serving.open('root/sparse')
    const offset = 6 * 1024 ** 3
    const bytes = Buffer.alloc(1024 ** 2, 0xa5)
    expect((await serving.edit(id, { offset, bytes, expected: Buffer.alloc(1024 ** 2) })).status).toBe(200)
    expect((await serving.edit(id, { offset, bytes: Buffer.alloc(1024 ** 2), expected: bytes })).status).toBe(200)
    for (const length of [1024 ** 2 + 1, 8 * 1024 ** 2]) {
      const answer = await serving.edit(id, { offset, bytes: Buffer.alloc(length) })
      expect([answer.status, problemOf(answer).code]).toEqual([413, 'ERR_TOO_LARGE'])
    }
  })

  test('bytes that are gone, a file that is another one now', async () => {
    writeFileSync(join(root, 'cut'), 'x'.repeat(10_000))
    writeFileSync(join(root, 'lost'), 'lost')
    const [cut, lost] = [await serving.open('root/cut'), await serving.open('root/lost')]
    truncateSync(join(root, 'cut'), 5_000)
    const gone = await serving.edit(cut.id, { offset: 4_999, bytes: text('ab') })
    expect([gone.status, problemOf(gone)]).toMatchObject([
      410,
      { code: 'ERR_UNREADABLE', presentByteLength: 5_000, unreadable: [{ start: 5_000, end: 5_001 }] },
    ])
    expect((await serving.edit(cut.id, { offset: 4_999, bytes: text('a') })).status).toBe(200)
    rmSync(join(root, 'lost'))
    const orphan = await serving.edit(lost.id, { offset: 0, bytes: text('a') })
    expect([orphan.status, problemOf(orphan).code]).toEqual([409, 'ERR_CONFLICT'])
  })
})

test('edits of one document happen one after another: 120 compare-and-swaps at once lose none', async () => {
  writeFileSync(join(root, 'counter'), Buffer.alloc(8))
  const { id, revision } = await serving.open('root/counter')
  const increment = async (): Promise<number> => {
    for (;;) {
      const { body } = await serving.read(id, 0, 4)
      const next = Buffer.alloc(4)
      next.writeUInt32LE(body.readUInt32LE() + 1)
      const { status, body: result } = await serving.edit(id, { offset: 0, bytes: next, expected: body })
      if (status === 200) return (JSON.parse(String(result)) as EditResult).revision
      expect(status).toBe(409)
    }
  }
  const workers = Array.from({ length: 6 }, async () => {
    const revisions: number[] = []
    for (let n = 0; n < 20; n++) revisions.push(await increment())
    return revisions
  })
  const revisions = (await Promise.all(workers)).flat()
  expect(readFileSync(join(root, 'counter')).readUInt32LE()).toBe(120)
  expect(new Set(revisions).size).toBe(120)
  expect(Math.max(...revisions)).toBe(revision + 120)
})

test('a tag never goes out with another state: readers beside a writer see one value per revision', async () => {
  const seed = 7
  const next = seeded(seed)
  writeFileSync(join(root, 'stamped'), Buffer.alloc(200_000))
  const { id } = await serving.open('root/stamped')
  const seen = new Map<string, number>()
  let isWriting = true
  const reader = async (): Promise<void> => {
    while (isWriting) {
      const { status, headers, body } = await serving.read(id, 0, 200_000)
      if (status !== 206) continue
      const values = new Set(body)
      expect(values.size, `seed ${seed}: a mixture under revision ${headers['mapscope-revision']}`).toBe(1)
      const tag = String(headers.etag)
      expect(seen.get(tag) ?? body[0], `seed ${seed}: two states under one tag`).toBe(body[0])
      seen.set(tag, body[0] ?? -1)
    }
  }
  const readers = [reader(), reader(), reader()]
  for (let round = 0; round < 60; round++) {
    expect((await serving.edit(id, { offset: 0, bytes: Buffer.alloc(200_000, 1 + next(255)) })).status).toBe(200)
  }
  isWriting = false
  await Promise.all(readers)
  expect(seen.size).toBeGreaterThan(1)
})

describe('what the process holds', () => {
  test('read-only: the mapping and the descriptors are, not only the route', async () => {
    const child = Child.run(['serve', join(root, 'file'), '--port', '0'])
    const { port, token } = await child.link()
    const { id } = await openIn(port, token)
    await ask(port, `/api/v1/documents/${id}/bytes`, { headers: { authorization: `Bearer ${token}` } })
    expect(child.mappings(join(root, 'file'))).toEqual(['r--s'])
    const flags = child.descriptorFlags(join(root, 'file'))
    expect(flags.length).toBeGreaterThan(0)
    // O_WRONLY and O_RDWR are the two lowest bits.
    expect(flags.every((flag) => (flag & 0o3) === 0)).toBe(true)
  })

  test('writable: the file is mapped for writing', async () => {
    const child = Child.run(['serve', join(root, 'file'), '--port', '0', '--writable'])
    const { port, token } = await child.link()
    await openIn(port, token)
    expect(child.mappings(join(root, 'file'))).toEqual(['rw-s'])
  })

  test('a file that may not be written is read, and says why it is read-only', async () => {
    writeFileSync(join(root, 'protected'), 'x')
    chmodSync(join(root, 'protected'), 0o444)
    chmodSync(folder, 0o755)
    const child = Child.run(
      ['serve', join(root, 'protected'), '--port', '0', '--writable'],
      process.getuid?.() === 0 ? { uid: 65_534 } : {},
    )
    const { port, token } = await child.link()
    const info = await openIn(port, token, 'protected')
    expect(info).toMatchObject({ mode: 'read-only', readOnlyReason: expect.stringContaining('may not write') })
    expect(child.mappings(join(root, 'protected'))).toEqual(['r--s'])
  })
})

async function openIn(port: number, token: string, path = 'file'): Promise<{ id: string }> {
  const headers = { authorization: `Bearer ${token}` }
  const { body } = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path } })
  return JSON.parse(String(body)) as { id: string }
}
