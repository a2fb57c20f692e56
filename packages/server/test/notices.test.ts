import { appendFileSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
let serving: Serving
let client: SocketClient

beforeAll(async () => {
  mkdirSync(root)
  serving = await Serving.start({ roots: [root] })
  client = await SocketClient.connect(serving.port)
  afterAll(() => client.close())
})

/** A file, open and subscribed to. */
async function watched(name: string, content: string): Promise<{ id: string; path: string; revision: number }> {
  writeFileSync(join(root, name), content)
  const { id } = await serving.open(`root/${name}`)
  const { revision } = await client.open(id)
  return { id, path: join(root, name), revision }
}

/** The next notice: it must come within a second of the change, by the watch alone. */
async function noticeOf(change: () => void): Promise<Awaited<ReturnType<typeof client.next<'changed'>>>> {
  const startMs = performance.now()
  change()
  const notice = await client.next('changed')
  expect(performance.now() - startMs).toBeLessThan(5_000)
  return notice
}

test('modified', async () => {
  const { id, path, revision } = await watched('modified', 'before')
  const notice = await noticeOf(() => writeFileSync(path, 'after!'))
  expect(notice).toMatchObject({ cause: 'disk', ranges: [{ start: 0, end: 6 }], document: { id, disk: 'current' } })
  expect(notice.document.revision).toBeGreaterThan(revision)
  expect(notice).not.toHaveProperty('clientId')
})

test('grown, and again, and reloaded', async () => {
  const { id, path } = await watched('grown', '0123')
  const grown = await noticeOf(() => appendFileSync(path, '45'))
  expect(grown.document).toMatchObject({ disk: 'grown', byteLength: 4, presentByteLength: 6 })
  const more = await noticeOf(() => appendFileSync(path, '67'))
  expect(more.document).toMatchObject({
    disk: 'grown',
    byteLength: 4,
    presentByteLength: 8,
    revision: grown.document.revision + 1,
  })
  await serving.ask(`/api/v1/documents/${id}/reload`, { method: 'POST' })
  const reloaded = await client.next('changed')
  expect(reloaded).toMatchObject({
    cause: 'reload',
    ranges: [{ start: 0, end: 8 }],
    document: { byteLength: 8, disk: 'current' },
  })
})

test('truncated, past 4 GiB as well', async () => {
  const { path } = await watched('truncated', 'abcdef')
  expect((await noticeOf(() => truncateSync(path, 2))).document).toMatchObject({
    disk: 'truncated',
    presentByteLength: 2,
  })
  const large = join(root, 'large')
  writeFileSync(large, '')
  truncateSync(large, 15 * 1024 ** 4)
  const { id } = await serving.open('root/large')
  await client.open(id)
  const notice = await noticeOf(() => truncateSync(large, 5 * 1024 ** 3 + 1))
  expect(notice).toMatchObject({
    ranges: [{ start: 0, end: 15 * 1024 ** 4 }],
    document: { disk: 'truncated', byteLength: 15 * 1024 ** 4, presentByteLength: 5 * 1024 ** 3 + 1 },
  })
})

test('deleted, then another file in its place', async () => {
  const { path } = await watched('deleted', 'x')
  expect((await noticeOf(() => rmSync(path))).document.disk).toBe('deleted')
  expect((await noticeOf(() => writeFileSync(path, 'y'))).document.disk).toBe('replaced')
})

test('replaced by a rename over it', async () => {
  const { path } = await watched('replaced', 'x')
  writeFileSync(`${path}.new`, 'y')
  expect((await noticeOf(() => renameSync(`${path}.new`, path))).document.disk).toBe('replaced')
})

test('moved away and back', async () => {
  const { path } = await watched('moved', 'x')
  expect((await noticeOf(() => renameSync(path, `${path}.away`))).document.disk).toBe('deleted')
  expect((await noticeOf(() => renameSync(`${path}.away`, path))).document.disk).toBe('current')
})

test('after `close` there are no more notices; other subscribers still get theirs', async () => {
  const { id, path } = await watched('closed', 'x')
  const other = await SocketClient.connect(serving.port)
  await other.open(id)
  await client.next('closed', client.send({ type: 'close', documentId: id }))
  writeFileSync(path, 'yy')
  expect((await other.next('changed')).document.id).toBe(id)
  await client.next('pong', client.send({ type: 'ping' }))
  expect(client.received.filter((message) => message.type === 'changed')).toEqual([])
  await other.close()
})

test('nothing happens while nothing happens', async () => {
  await watched('still', 'x')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  expect(client.received.filter((message) => message.type === 'changed' && message.document.name === 'still')).toEqual(
    [],
  )
})
