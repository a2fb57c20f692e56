import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Frame, SOCKET_LIMITS } from '@mapscope/protocol'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bytesOfFrames } from './support/bytes_of_frames.ts'
import { eventually } from './support/eventually.ts'
import { Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const MIB = 1024 ** 2
const DENSE_BYTE_LENGTH = 24 * MIB
let dense: Buffer
let serving: Serving
let client: SocketClient
let denseId: string
let sparseId: string

beforeAll(async () => {
  mkdirSync(root)
  dense = randomBytes(DENSE_BYTE_LENGTH)
  // Zeros within, aligned to nothing.
  dense.fill(0, 1_000_001, 1_100_003)
  dense.fill(0, 5 * MIB, 6 * MIB)
  writeFileSync(join(root, 'dense'), dense)
  makeSparse(join(root, 'sparse'))
  serving = await Serving.start({ roots: [root] })
  denseId = (await serving.open('root/dense')).id
  sparseId = (await serving.open('root/sparse')).id
})

beforeEach(async () => {
  client = await SocketClient.connect(serving.port)
  return () => client.socket.terminate()
})

interface Range {
  start: number
  end: number
}

function read(
  ranges: Range[],
  options: { stream?: number; priority?: 'viewport' | 'bulk'; documentId?: string } = {},
): number {
  const { stream = 0, priority = 'viewport', documentId = denseId } = options
  return client.send({ type: 'read', documentId, stream, priority, ranges })
}

function expectDense(frames: readonly Frame[], range: Range, note?: string): void {
  const bytes = bytesOfFrames(frames, range)
  expect(Buffer.from(Uint8Array.from(bytes)).equals(dense.subarray(range.start, range.end)), note).toBe(true)
  expect(bytes.includes(-1), note).toBe(false)
}

const payloadOf = (frames: readonly Frame[]): number => frames.reduce((sum, { payload }) => sum + payload.length, 0)

test('a viewport is one frame, with all that a client needs to place it', async () => {
  const id = read([{ start: 4096, end: 8192 }], { stream: 7 })
  const frames = await client.answer(id)
  expect(frames.map(({ header }) => header)).toEqual([
    {
      type: 'data',
      isLast: true,
      isStale: false,
      stream: 7,
      id,
      offset: 4096,
      length: 4096,
      generation: 1,
    },
  ])
  expectDense(frames, { start: 4096, end: 8192 })
})

test('random ranges of every length, against the file', async () => {
  const seed = Number(process.env['MAPSCOPE_SEED'] ?? 51)
  const random = seeded(seed)
  for (let n = 0; n < 150; n++) {
    const count = 1 + random(4)
    const ranges = Array.from({ length: count }, () => {
      const start = random(DENSE_BYTE_LENGTH)
      return { start, end: Math.min(DENSE_BYTE_LENGTH, start + random(2 ** random(18))) }
    })
    const frames = await client.answer(read(ranges, { stream: random(8), priority: n % 2 === 0 ? 'viewport' : 'bulk' }))
    client.socket.send(JSON.stringify({ type: 'credit', id: 1, stream: frames[0]?.header.stream, byteLength: MIB }))
    for (const range of ranges) expectDense(frames, range, `seed ${seed}, case ${n}: ${JSON.stringify(ranges)}`)
    expect(frames.filter(({ header }) => header.isLast)).toEqual([frames.at(-1)])
  }
})

describe('15 TiB', () => {
  test.each(MARKS)('the mark at $offset', async ({ offset, text }) => {
    const start = Math.max(0, offset - 100)
    const frames = await client.answer(
      read([{ start, end: offset + text.length }], { documentId: sparseId, priority: 'bulk' }),
    )
    const bytes = bytesOfFrames(frames, { start: offset, end: offset + text.length })
    expect(String.fromCharCode(...bytes)).toBe(text)
  })

  test('the whole of it: a few frames, in order, without a gap, and no byte of a hole is read', async () => {
    const frames = await client.answer(
      read([{ start: 0, end: SPARSE_BYTE_LENGTH }], { documentId: sparseId, priority: 'bulk' }),
    )
    let at = 0
    for (const { header } of frames) {
      expect(header.offset).toBe(at)
      at += header.length
    }
    expect(at).toBe(SPARSE_BYTE_LENGTH)
    expect(payloadOf(frames)).toBeLessThan(MIB)
    for (const { offset, text } of MARKS) {
      const frame = frames.find(({ header }) => header.offset <= offset && offset < header.offset + header.length)
      expect(Buffer.from(frame?.payload ?? []).includes(text)).toBe(true)
    }
  })
})

test('zeros that are stored do not travel', async () => {
  const frames = await client.answer(read([{ start: 5 * MIB, end: 6 * MIB }]))
  expect(new Set(frames.map(({ header }) => header.type))).toEqual(new Set(['zero-run']))
  expectDense(frames, { start: 5 * MIB, end: 6 * MIB })
})

describe('credit', () => {
  test('a bulk read stops at it, goes on with more, and a viewport on another stream is not held up', async () => {
    const range = { start: 8 * MIB, end: 8 * MIB + SOCKET_LIMITS.initialCredit + MIB }
    const id = read([range], { priority: 'bulk' })
    const have = (): Frame[] => client.frames.filter(({ header }) => header.id === id)
    await eventually(() => expect(payloadOf(have())).toBe(SOCKET_LIMITS.initialCredit))
    const viewport = await client.answer(read([{ start: 0, end: 4096 }], { stream: 1 }))
    expectDense(viewport, { start: 0, end: 4096 })
    expect(payloadOf(have())).toBe(SOCKET_LIMITS.initialCredit)
    client.send({ type: 'credit', stream: 0, byteLength: 1000 })
    await eventually(() => expect(payloadOf(have())).toBe(SOCKET_LIMITS.initialCredit + 1000))
    client.send({ type: 'credit', stream: 0, byteLength: MIB - 1000 })
    expectDense(await client.answer(id), range)
  })

  test('a viewport read that waits for credit is superseded by a newer one of its stream, and only of its stream', async () => {
    const bulk = read([{ start: 8 * MIB, end: 16 * MIB }], { priority: 'bulk' })
    await eventually(() => expect(payloadOf(client.frames)).toBe(SOCKET_LIMITS.initialCredit))
    const older = read([{ start: 0, end: 4096 }])
    const newer = read([{ start: 4096, end: 8192 }])
    const [end] = await client.answer(older)
    expect(end?.header).toMatchObject({ type: 'end', isLast: true, isStale: true, length: 0 })
    client.send({ type: 'credit', stream: 0, byteLength: 4096 })
    expectDense(await client.answer(newer), { start: 4096, end: 8192 })
    client.socket.send(JSON.stringify({ type: 'cancel', id: bulk }))
    expect((await client.answer(bulk)).at(-1)?.header).toMatchObject({ type: 'end', isStale: true })
    // Finished: a second cancel is nobody's business.
    client.socket.send(JSON.stringify({ type: 'cancel', id: bulk }))
    await client.next('pong', client.send({ type: 'ping' }))
    expect(client.frames).toEqual([])
  })
})

test('bytes that a cut file has lost are told, and those before them come', async () => {
  const path = join(root, 'cut')
  writeFileSync(path, dense.subarray(0, MIB))
  const { id: documentId } = await serving.open('root/cut')
  truncateSync(path, 500_000)
  for (const priority of ['viewport', 'bulk'] as const) {
    const id = read(
      [
        { start: 499_000, end: 501_000 },
        { start: 600_000, end: 600_001 },
      ],
      { documentId, priority },
    )
    const frames = await client.answer(id)
    expect(frames.at(-1)?.header).toMatchObject({ type: 'end', isLast: true, isStale: false })
    expectDense(frames, { start: 499_000, end: 500_000 })
    expect(payloadOf(frames)).toBe(1_000)
    expect((await client.next('unreadable', id)).ranges).toEqual([{ start: 500_000, end: 501_000 }])
    expect((await client.next('unreadable', id)).ranges).toEqual([{ start: 600_000, end: 600_001 }])
  }
})

describe('refused', () => {
  test.each([
    ['outside the document', [{ start: 0, end: DENSE_BYTE_LENGTH + 1 }], 'ERR_RANGE'],
    ['backwards', [{ start: 2, end: 1 }], 'ERR_RANGE'],
    ['too much for a viewport', [{ start: 0, end: SOCKET_LIMITS.viewportByteLength + 1 }], 'ERR_TOO_LARGE'],
  ])('%s', async (_what, ranges, code) => {
    expect((await client.next('error', read(ranges))).problem.code).toBe(code)
  })

  test('too many streams', async () => {
    for (let stream = 0; stream < SOCKET_LIMITS.streamCount; stream++)
      await client.answer(read([{ start: 0, end: 1 }], { stream }))
    expect((await client.next('error', read([{ start: 0, end: 1 }], { stream: 999 }))).problem.code).toBe(
      'ERR_TOO_MANY',
    )
  })

  test('too many reads under way, and an id that is in use', async () => {
    const bulk = read([{ start: 8 * MIB, end: 16 * MIB }], { priority: 'bulk' })
    await eventually(() => expect(payloadOf(client.frames)).toBe(SOCKET_LIMITS.initialCredit))
    for (let count = 1; count < SOCKET_LIMITS.readCount; count++) read([{ start: 0, end: 9 }], { priority: 'bulk' })
    expect((await client.next('error', read([{ start: 0, end: 9 }]))).problem.code).toBe('ERR_TOO_MANY')
    const again = {
      type: 'read',
      id: bulk,
      documentId: denseId,
      stream: 1,
      priority: 'bulk',
      ranges: [{ start: 0, end: 1 }],
    }
    client.socket.send(JSON.stringify(again))
    const { problem, ...rest } = await client.next('error')
    expect([problem.code, rest]).toEqual(['ERR_REQUEST', { type: 'error' }])
  })

  test('a document that is not open', async () => {
    const id = read([{ start: 0, end: 1 }], { documentId: 'aaaaaaaaaaaaaaaa' })
    expect((await client.next('error', id)).problem.code).toBe('ERR_NOT_FOUND')
  })
})

test('a client that does not read holds a megabyte or so, whatever its credit', async () => {
  const big = join(root, 'big')
  writeFileSync(big, '')
  truncateSync(big, 0)
  writeFileSync(big, Buffer.alloc(96 * MIB, 'not zeros '))
  const { id: documentId } = await serving.open('root/big')
  client.send({ type: 'credit', stream: 0, byteLength: 200 * MIB })
  client.socket.pause()
  const id = read([{ start: 0, end: 96 * MIB }], { documentId, priority: 'bulk' })
  await new Promise((resolve) => setTimeout(resolve, 500))
  const held = [...serving.app.websocketServer.clients].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)
  expect(held).toBeLessThan(2 * MIB)
  client.socket.resume()
  const frames = await client.answer(id)
  expect(payloadOf(frames)).toBe(96 * MIB)
  expect(Buffer.concat(frames.map(({ payload }) => payload)).equals(readFileSync(big))).toBe(true)
})
