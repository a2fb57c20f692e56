import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ChangeLog } from '../src/documents/change_log.ts'
import { Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const BYTE_LENGTH = 4_096
let serving: Serving

beforeAll(async () => {
  mkdirSync(root)
  serving = await Serving.start({ roots: [root], isWritable: true })
})

test('a client that leaves at random moments under a stream of edits loses none and sees none twice', async () => {
  const seed = Number(process.env['MAPSCOPE_SEED'] ?? 913)
  const random = seeded(seed)
  const path = join(root, 'file')
  writeFileSync(path, Buffer.alloc(BYTE_LENGTH))
  const { id, revision: first } = await serving.open('root/file')
  const made = new Map<number, number>()
  let isDone = false
  const editing = (async () => {
    for (let n = 0; n < 150; n++) {
      const offset = random(BYTE_LENGTH)
      const answer = await serving.edit(id, { offset, bytes: Uint8Array.of(1 + random(255)) })
      made.set((JSON.parse(String(answer.body)) as { revision: number }).revision, offset)
    }
    isDone = true
  })()

  // What the client believes: which revision it is at, and which byte each revision touched.
  let seen = first
  const told = new Map<number, number>()
  const take = (revision: number, ranges: { start: number; end: number }[]): void => {
    expect(revision, `seed ${seed}`).toBe(seen + 1)
    seen = revision
    told.set(revision, ranges[0]?.start ?? -1)
  }
  let connections = 0
  for (let isOver = false; !isOver; ) {
    isOver = isDone
    const client = await SocketClient.connect(serving.port)
    connections++
    const { document, missed } = await client.next(
      'opened',
      client.send({ type: 'open', documentId: id, revision: seen }),
    )
    expect(missed, `seed ${seed}`).toBeDefined()
    for (const change of missed ?? []) take(change.revision, change.ranges)
    expect(seen).toBe(document.revision)
    await new Promise((resolve) => setTimeout(resolve, random(25)))
    client.socket.terminate()
    for (const message of client.received)
      if (message.type === 'changed') take(message.document.revision, message.ranges)
  }
  await editing
  expect(connections).toBeGreaterThan(3)
  expect([...told], `seed ${seed}`).toEqual([...made].sort(([a], [b]) => a - b))
  // The model: whoever reads what was told, and nothing else, has the file.
  const model = Buffer.alloc(BYTE_LENGTH)
  for (const offset of told.values()) (await serving.read(id, offset, offset + 1)).body.copy(model, offset)
  expect(model.equals(readFileSync(path)), `seed ${seed}`).toBe(true)
})

test('a revision that never was, or is long gone, is answered without a list', async () => {
  writeFileSync(join(root, 'other'), 'x')
  const { id } = await serving.open('root/other')
  const client = await SocketClient.connect(serving.port)
  const future = await client.next('opened', client.send({ type: 'open', documentId: id, revision: 99 }))
  expect(future).not.toHaveProperty('missed')
  const present = await client.next('opened', client.send({ type: 'open', documentId: id, revision: 1 }))
  expect(present.missed).toEqual([])
  expect(await client.next('opened', client.send({ type: 'open', documentId: id }))).not.toHaveProperty('missed')
  await client.close()
})

test('the log is bounded in changes and in ranges', () => {
  const log = new ChangeLog()
  for (let revision = 2; revision <= 3_001; revision++)
    log.push({ revision, cause: 'edit', ranges: [{ start: revision, end: revision + 1 }] })
  expect(log.since(3_000, 3_001)?.map(({ revision }) => revision)).toEqual([3_001])
  expect(log.since(3_001 - 1_024, 3_001)).toHaveLength(1_024)
  expect(log.since(3_001 - 1_025, 3_001)).toBeUndefined()
  const ranges = Array.from({ length: 256 }, (_, n) => ({ start: 2 * n, end: 2 * n + 1 }))
  for (let revision = 3_002; revision <= 3_101; revision++) log.push({ revision, cause: 'disk', ranges })
  expect(log.since(3_101 - 32, 3_101)).toHaveLength(32)
  expect(log.since(3_101 - 33, 3_101)).toBeUndefined()
})
