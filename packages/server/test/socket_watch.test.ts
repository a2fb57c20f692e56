import { closeSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { SOCKET_LIMITS } from '@mapscope/protocol'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { bytesOfFrames } from './support/bytes_of_frames.ts'
import { eventually } from './support/eventually.ts'
import { ForeignMapping } from './support/foreign_mapping.ts'
import { Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const GIB = 1024 ** 3
let serving: Serving
let client: SocketClient

beforeAll(async () => {
  mkdirSync(root)
  serving = await Serving.start({ roots: [root], isWritable: true })
})

beforeEach(async () => {
  client = await SocketClient.connect(serving.port)
  return () => client.socket.terminate()
})

interface Watched {
  readonly id: string
  readonly path: string
  readonly watchId: number
}

async function watch(
  name: string,
  ranges: { start: number; end: number }[],
  options: { hasPatches?: boolean; content?: Uint8Array; byteLength?: number } = {},
): Promise<Watched> {
  const path = join(root, name)
  const { hasPatches = false, content = Buffer.alloc(100_000, 'abcdefg'), byteLength } = options
  writeFileSync(path, content)
  if (byteLength !== undefined) truncateSync(path, byteLength)
  const { id } = await serving.open(`root/${name}`)
  await client.open(id)
  const watchId = client.send({ type: 'watch', documentId: id, stream: 0, ranges, hasPatches })
  await client.next('watching', watchId)
  return { id, path, watchId }
}

/** A store that the file's clocks show, and its notice: what is stored to the same page next leaves no trace at all. */
async function dirty(foreign: ForeignMapping, offset: number, byte: number): Promise<void> {
  await foreign.store(offset, Uint8Array.of(byte))
  await client.next('changed')
  await new Promise((resolve) => setTimeout(resolve, 450))
  client.received.splice(0)
}

test('a store through another process, which the file does not show, is told with exactly its bytes', async () => {
  const { path } = await watch('stored', [{ start: 0, end: 50_000 }])
  const foreign = new ForeignMapping(path)
  await dirty(foreign, 20_000, 1)
  const before = statSync(path, { bigint: true })
  await foreign.store(20_010, Buffer.from('XYZ'))
  const { cause, ranges, watched } = await client.next('changed')
  const after = statSync(path, { bigint: true })
  // Should the system have written the page back in between, the clocks tell, and what is watched says which bytes.
  const isTraceless = before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs
  expect([cause, isTraceless ? ranges : (watched ?? ranges)]).toEqual(['disk', [{ start: 20_010, end: 20_013 }]])
})

test('past 4 GiB, with the bytes in a patch frame', async () => {
  const start = 5 * GIB
  const { path, watchId } = await watch('huge', [{ start, end: start + 8192 }], {
    hasPatches: true,
    byteLength: 6 * GIB,
  })
  await eventually(() => expect(client.frames.length).toBe(2))
  expect([...bytesOfFrames(client.takeFrames(watchId), { start, end: start + 8192 })].every((byte) => byte === 0)).toBe(
    true,
  )
  const foreign = new ForeignMapping(path)
  await foreign.store(start + 4095, Buffer.from('across'))
  await client.next('changed')
  await eventually(() => {
    const shown = bytesOfFrames(client.frames, { start: start + 4095, end: start + 4101 })
    expect(String.fromCharCode(...shown.map((byte) => Math.max(0, byte)))).toBe('across')
  })
  expect(client.frames[0]?.header).toMatchObject({ type: 'patch', id: watchId, stream: 0 })
})

test('what nobody watches is not told; after unwatch nothing is', async () => {
  const { path, id } = await watch('elsewhere', [{ start: 0, end: 100 }])
  const foreign = new ForeignMapping(path)
  await dirty(foreign, 90_000, 1)
  await foreign.store(90_001, Uint8Array.of(2))
  await new Promise((resolve) => setTimeout(resolve, 500))
  const exact = client.received.filter((message) => message.type === 'changed' && message.watched === undefined)
  expect(exact).toEqual([])
  await client.next('unwatched', client.send({ type: 'unwatch', documentId: id, stream: 0 }))
  await dirty(foreign, 10, 1).catch(() => undefined)
})

test('the revision rises, and a change is told once to each of two watchers', async () => {
  const { path, id } = await watch('two', [{ start: 0, end: 10_000 }])
  const other = await SocketClient.connect(serving.port)
  await other.open(id)
  await other.next(
    'watching',
    other.send({ type: 'watch', documentId: id, stream: 3, ranges: [{ start: 5_000, end: 6_000 }] }),
  )
  const foreign = new ForeignMapping(path)
  await dirty(foreign, 5_500, 1)
  other.received.splice(0)
  await foreign.store(5_501, Uint8Array.of(7))
  const [mine, theirs] = [await client.next('changed'), await other.next('changed')]
  expect(theirs).toEqual(mine)
  await new Promise((resolve) => setTimeout(resolve, 450))
  expect([...client.received, ...other.received].filter(({ type }) => type === 'changed')).toEqual([])
  expect(JSON.parse(String((await serving.ask(`/api/v1/documents/${id}`)).body))).toMatchObject({
    revision: mine.document.revision,
  })
  await other.close()
})

test('our own edits are told as edits, once, and patched', async () => {
  const { id, watchId } = await watch('edited', [{ start: 0, end: 10_000 }], { hasPatches: true })
  await eventually(() => expect(client.frames.length).toBe(3))
  client.takeFrames(watchId)
  await serving.edit(id, { offset: 4094, bytes: Buffer.from('EDIT') })
  expect(await client.next('changed')).toMatchObject({ cause: 'edit', ranges: [{ start: 4094, end: 4098 }] })
  await new Promise((resolve) => setTimeout(resolve, 450))
  expect(client.received.filter(({ type }) => type === 'changed')).toEqual([])
  expect(String.fromCharCode(...bytesOfFrames(client.takeFrames(watchId), { start: 4094, end: 4098 }))).toBe('EDIT')
})

test('a write to the file says which of the watched bytes differ', async () => {
  const { path } = await watch('written', [{ start: 0, end: 4096 }])
  const fd = openSync(path, 'r+')
  writeSync(fd, '!!', 700)
  closeSync(fd)
  expect(await client.next('changed')).toMatchObject({
    cause: 'disk',
    ranges: [{ start: 0, end: 100_000 }],
    watched: [{ start: 700, end: 702 }],
  })
})

test('cut and grown: lost bytes are told, and those that come back', async () => {
  const { path } = await watch('cut', [{ start: 0, end: 20_000 }])
  truncateSync(path, 10_000)
  expect((await client.next('changed')).document).toMatchObject({ disk: 'truncated', presentByteLength: 10_000 })
  const told = async (): Promise<{ start: number; end: number }[]> => {
    const message = await client.next('changed')
    return message.watched ?? message.ranges
  }
  const lost = await told()
  expect([Math.min(...lost.map(({ start }) => start)), Math.max(...lost.map(({ end }) => end))]).toEqual([
    10_000, 20_480,
  ])
  truncateSync(path, 100_000)
  expect((await client.next('changed')).document.disk).toBe('current')
})

test('a stream of stores at random places: what was patched is what the file has', async () => {
  const seed = Number(process.env['MAPSCOPE_SEED'] ?? 77)
  const random = seeded(seed)
  const range = { start: 0, end: 65_536 }
  const { path } = await watch('storm', [range], { hasPatches: true })
  const foreign = new ForeignMapping(path)
  for (let n = 0; n < 200; n++) {
    await foreign.store(
      random(65_000),
      Uint8Array.from({ length: 1 + random(64) }, () => random(256)),
    )
    if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, random(120)))
  }
  await eventually(() => {
    const shown = Buffer.from(Uint8Array.from(bytesOfFrames(client.frames, range)))
    expect(shown.equals(readFileSync(path).subarray(0, 65_536)), `seed ${seed}`).toBe(true)
  })
})

test('limits', async () => {
  const { id } = await watch('limits', [{ start: 0, end: 10 }], { byteLength: 100 * 1024 ** 2 })
  const refused = async (message: Parameters<SocketClient['send']>[0]): Promise<string> =>
    (await client.next('error', client.send(message))).problem.code
  type Request = Parameters<SocketClient['send']>[0]
  const watchOf = (documentId: string, stream: number, end: number): Request => ({
    type: 'watch',
    documentId,
    stream,
    ranges: [{ start: 0, end }],
  })
  expect(await refused(watchOf(id, 0, SOCKET_LIMITS.watchByteLength + 1))).toBe('ERR_TOO_LARGE')
  expect(await refused(watchOf(id, 0, 101 * 1024 ** 2))).toBe('ERR_RANGE')
  for (let stream = 1; stream < SOCKET_LIMITS.watchCount; stream++)
    await client.next('watching', client.send(watchOf(id, stream, 10)))
  expect(await refused(watchOf(id, 40, 10))).toBe('ERR_TOO_MANY')
  const { id: closed } = await serving.open('root/stored')
  expect(await refused(watchOf(closed, 0, 10))).toBe('ERR_REQUEST')
})

test('what one principal watches is bounded over all documents and connections; what was let go of is free again', async () => {
  const MIB = 1024 ** 2
  const clients: SocketClient[] = []
  const ids: string[] = []
  for (const name of ['much-0', 'much-1', 'much-2']) {
    writeFileSync(join(root, name), '')
    truncateSync(join(root, name), 16 * MIB)
    const next = await SocketClient.connect(serving.port)
    clients.push(next)
    const { id } = await serving.open(`root/${name}`)
    ids.push(id)
    await next.open(id)
  }
  const ask = async (at: number, stream: number, range: { start: number; end: number }): Promise<string> => {
    const [by, documentId] = [clients[at] as SocketClient, ids[at] as string]
    const id = by.send({ type: 'watch', documentId, stream, ranges: [range] })
    const answer = await eventually(() => {
      const found = by.received.find((message) => 'id' in message && message.id === id)
      if (found === undefined) throw new Error('no answer')
      return found
    })
    return answer.type === 'error' ? answer.problem.code : answer.type
  }
  const part = (stream: number): { start: number; end: number } => ({ start: stream * MIB, end: (stream + 1) * MIB })
  for (const at of [0, 1])
    for (let stream = 0; stream < 16; stream++) expect(await ask(at, stream, part(stream))).toBe('watching')
  expect(await ask(2, 0, { start: 0, end: 1 })).toBe('ERR_TOO_MANY')
  // In the place of one that is watched already there is room for as much.
  expect(await ask(1, 3, part(7))).toBe('watching')
  expect(await ask(2, 0, { start: 0, end: 1 })).toBe('ERR_TOO_MANY')
  clients[0]?.socket.terminate()
  await eventually(async () => expect(await ask(2, 0, part(0))).toBe('watching'))
  for (const each of clients) each.socket.terminate()
})
