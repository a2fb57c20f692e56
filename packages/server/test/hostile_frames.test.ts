import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bytesOfFrames } from './support/bytes_of_frames.ts'
import { Child } from './support/child.ts'
import { encodeFrame, MASK, type RawFrame, RawSocket } from './support/raw_socket.ts'
import { ask } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const SEED = Number(process.env['MAPSCOPE_SEED'] ?? 2311)
const ROUND_COUNT = 150
const path = join(temporaryFolder(), 'a.bin')
const content = randomBytes(300_000)
writeFileSync(path, content)
let child: Child
let port: number
let token: string
let documentId: string

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10]

beforeAll(async () => {
  child = Child.run(['serve', '--port', '0', '--state', 'none', path])
  ;({ port, token } = await child.link())
  const headers = { authorization: `Bearer ${token}` }
  const opened = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'a.bin' } })
  documentId = (JSON.parse(String(opened.body)) as { id: string }).id
})

/** Whatever was done to it: it lives, has said nothing of a failure, and gives everybody else the right bytes. */
async function assertWell(where: string): Promise<void> {
  expect(child.isAlive, where).toBe(true)
  const headers = { authorization: `Bearer ${token}` }
  const { body } = await ask(port, '/raw/a.bin', { headers: { ...headers, range: 'bytes=100-199' } })
  expect(body.equals(content.subarray(100, 200)), where).toBe(true)
  const client = await SocketClient.connect(port, { headers })
  const range = { start: 1_000, end: 201_000 }
  const read = client.send({ type: 'read', documentId, stream: 0, priority: 'bulk', ranges: [range] })
  const seen = bytesOfFrames(await client.answer(read), range)
  const wrong = seen.findIndex((byte, at) => byte !== content[range.start + at])
  expect(wrong, `${where}: a wrong byte`).toBe(-1)
  await client.close()
  expect(child.errors, where).not.toMatch(/ at .*\.js/)
}

afterEach(() => assertWell('afterwards'))

const text = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const ping = text({ type: 'ping', id: 1 })
const frame = (more: Partial<RawFrame> & { opcode: number }): Buffer =>
  encodeFrame({ payload: ping, mask: MASK, ...more })

describe('a frame that may not be', () => {
  test.each<[string, number, Buffer]>([
    ['no mask', 1002, frame({ opcode: TEXT, mask: undefined })],
    ['RSV1, compressed though nothing was agreed', 1002, frame({ opcode: TEXT, reserved: 4 })],
    ['RSV2', 1002, frame({ opcode: TEXT, reserved: 2 })],
    ['RSV3', 1002, frame({ opcode: BINARY, reserved: 1 })],
    ['an unknown kind', 1002, frame({ opcode: 3 })],
    ['an unknown kind of control', 1002, frame({ opcode: 0xb })],
    ['a continuation of nothing', 1002, frame({ opcode: CONTINUATION })],
    [
      'a new message within one',
      1002,
      Buffer.concat([frame({ opcode: TEXT, isFinal: false }), frame({ opcode: TEXT })]),
    ],
    ['a control in fragments', 1002, frame({ opcode: PING, isFinal: false })],
    ['a control of 126 bytes', 1002, frame({ opcode: PING, payload: Buffer.alloc(126) })],
    ['a close of one byte', 1002, frame({ opcode: CLOSE, payload: Buffer.alloc(1) })],
    ['a close with a code that there is not', 1002, frame({ opcode: CLOSE, payload: Buffer.from([0x03, 0xed]) })],
    ['text that is none', 1007, frame({ opcode: TEXT, payload: Buffer.from([0xff, 0xfe, 0xc0, 0xaf]) })],
    ['a message of 513 KiB', 1009, frame({ opcode: TEXT, payload: Buffer.alloc(513 * 1024, 0x20) })],
    ['a length of 2^63', 1009, frame({ opcode: TEXT, declaredLength: 2n ** 63n, isLengthLong: true })],
    ['a length of 2^53', 1009, frame({ opcode: TEXT, declaredLength: 2n ** 53n, isLengthLong: true })],
    [
      'a length of 1 GiB, and none of it',
      1009,
      frame({ opcode: TEXT, declaredLength: 2n ** 30n, payload: Buffer.alloc(0) }),
    ],
    [
      'a message of fragments that are too large together',
      1009,
      Buffer.concat([
        frame({ opcode: TEXT, isFinal: false, payload: Buffer.alloc(400 * 1024, 0x20) }),
        frame({ opcode: CONTINUATION, payload: Buffer.alloc(400 * 1024, 0x20) }),
      ]),
    ],
    [
      'a message of 100 fragments',
      1008,
      Buffer.concat([
        frame({ opcode: TEXT, isFinal: false, payload: Buffer.from(' ') }),
        ...Array.from({ length: 99 }, () => frame({ opcode: CONTINUATION, isFinal: false, payload: Buffer.from(' ') })),
      ]),
    ],
  ])('%s ends the connection with %i', async (_what, code, bytes) => {
    const raw = await RawSocket.connect(port, token)
    raw.send(bytes)
    expect(await raw.closeCode()).toBe(code)
    raw.socket.destroy()
  })
})

test('a frame that may be: fragments around controls, bytes one by one, a length written long', async () => {
  const raw = await RawSocket.connect(port, token)
  expect(JSON.parse(String((await raw.next())?.payload))).toMatchObject({ type: 'hello' })
  const whole = Buffer.concat([
    frame({ opcode: TEXT, isFinal: false, payload: ping.subarray(0, 3) }),
    frame({ opcode: PING, payload: Buffer.from('still there?') }),
    frame({ opcode: CONTINUATION, isFinal: false, payload: Buffer.alloc(0) }),
    frame({ opcode: PONG, payload: Buffer.from('unasked') }),
    frame({ opcode: CONTINUATION, payload: ping.subarray(3), isLengthLong: true }),
  ])
  for (const byte of whole) {
    raw.send(Buffer.from([byte]))
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await raw.next()).toEqual({ opcode: PONG, payload: Buffer.from('still there?') })
  expect(JSON.parse(String((await raw.next())?.payload))).toEqual({ type: 'pong', id: 1 })
  raw.send(frame({ opcode: BINARY }))
  expect(JSON.parse(String((await raw.next())?.payload))).toMatchObject({
    type: 'error',
    problem: { code: 'ERR_REQUEST' },
  })
  raw.send(frame({ opcode: CLOSE, payload: Buffer.from([0x03, 0xe8]) }))
  expect(await raw.closeCode()).toBe(1000)
})

type Random = ReturnType<typeof seeded>

function randomPayload(random: Random): Buffer {
  const start = random(content.length)
  const read = {
    type: 'read',
    id: 1 + random(9),
    documentId,
    stream: random(3),
    priority: 'bulk',
    ranges: [{ start, end: content.length }],
  }
  const payloads = [
    () => ping,
    () => text(read),
    () => text({ ...read, priority: 'viewport', ranges: [{ start: 0, end: random(9_000) }] }),
    () => text({ type: 'cancel', id: 1 + random(9) }),
    () => text({ type: 'credit', id: 1, stream: random(3), byteLength: 1 + random(9_999_999) }),
    () => randomOf(random, random(200)),
    () => randomOf(random, random(70_000)),
    () => Buffer.alloc(0),
  ]
  return payloads[random(payloads.length)]?.() ?? ping
}

function randomOf(random: Random, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random(256)))
}

/** Mostly right in all but one thing, or the connection would always end at once. */
function randomFrame(random: Random): Buffer {
  const opcodes = [TEXT, TEXT, TEXT, TEXT, CONTINUATION, BINARY, PING, PONG, CLOSE, random(16)]
  const bytes = encodeFrame({
    opcode: opcodes[random(random(3) === 0 ? opcodes.length : 4)] ?? TEXT,
    payload: randomPayload(random),
    isFinal: random(8) > 0,
    reserved: random(20) === 0 ? random(8) : 0,
    mask: random(30) === 0 ? undefined : randomOf(random, 4),
    isLengthLong: random(10) === 0,
    ...(random(30) === 0 ? { declaredLength: BigInt(random(2 ** 31)) * BigInt(random(2 ** 31)) } : {}),
  })
  if (random(25) === 0) return bytes.subarray(0, random(bytes.length))
  const at = random(Math.min(20, bytes.length))
  if (random(25) === 0) bytes[at] = random(256)
  return bytes
}

/** Sends in pieces that know nothing of frames, and leaves, or waits for the end, or just breaks off. */
async function round(seed: number): Promise<void> {
  const random = seeded(seed)
  const raw = await RawSocket.connect(port, token)
  const isGarbage = random(5) === 0
  const all = isGarbage
    ? randomOf(random, random(50_000))
    : Buffer.concat(Array.from({ length: 1 + random(30) }, () => randomFrame(random)))
  for (let at = 0; at < all.length; ) {
    const length = 1 + random(random(2) === 0 ? 64 : 60_000)
    raw.send(all.subarray(at, at + length))
    at += length
    if (random(3) === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  if (random(3) === 0) raw.socket.resetAndDestroy()
  else raw.socket.end()
  await raw.closed
}

test(`any bytes behind the handshake (seeds from ${SEED}): the server lives and serves right bytes`, async () => {
  for (let first = SEED; first < SEED + ROUND_COUNT; first += 10) {
    const seeds = Array.from({ length: 10 }, (_, at) => first + at)
    await Promise.all(seeds.map(round))
    await assertWell(`seeds ${first} to ${first + 9}`)
  }
}, 120_000)
