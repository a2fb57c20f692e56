import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { bytesOfFrames } from './support/bytes_of_frames.ts'
import { eventually } from './support/eventually.ts'
import { Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { makeSparse, seeded, temporaryFolder } from './support/temporary.ts'

const SEED = Number(process.env['MAPSCOPE_SEED'] ?? 2311)
const root = join(temporaryFolder(), 'root')
const BYTE_LENGTH = 4 * 1024 ** 2
const content = randomBytes(BYTE_LENGTH)
let serving: Serving
let ids: string[]

beforeAll(async () => {
  mkdirSync(root)
  writeFileSync(join(root, 'dense'), content)
  makeSparse(join(root, 'sparse'))
  serving = await Serving.start({ roots: [root], isWritable: true })
  ids = [(await serving.open('root/dense')).id, (await serving.open('root/sparse')).id, 'aaaaaaaaaaaaaaaa']
})

type Random = ReturnType<typeof seeded>

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)] as T
}

/** A number that is right, or nearly, or not at all. */
function numberOf(random: Random): unknown {
  const edges = [0, 1, -1, 0.5, 4096, BYTE_LENGTH, BYTE_LENGTH + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e308]
  return random(3) === 0 ? pick<unknown>(random, [...edges, null, '1', [], {}, true]) : random(BYTE_LENGTH)
}

/** Of every kind, right or nearly; some never end by themselves. */
function queryOf(random: Random): Record<string, unknown> {
  const kind = pick(random, ['hex', 'text', 'number', 'needles', 'regexp', 'constructor'])
  const texts = [
    'ab',
    '?? ab',
    '61 [2-8] 62',
    '10..20',
    '1e300',
    '(?:a+)+$',
    '(?<=\\0)[^]{3}',
    '(',
    '',
    '\ud800',
    'ab\ncd',
  ]
  return {
    kind,
    text: pick(random, texts),
    ...(kind === 'number' ? { type: pick(random, ['u8', 'f64', 'uleb128', 'u7']) } : {}),
    ...(kind === 'text' && random(2) === 0 ? { encoding: pick(random, ['utf-16le', 'shift_jis', 'none']) } : {}),
    ...(random(6) === 0 ? { maxMatchByteLength: numberOf(random) } : {}),
    ...(random(6) === 0 ? { isCaseInsensitive: random(2) === 0 } : {}),
  }
}

function messageOf(random: Random): Record<string, unknown> {
  const start = random(BYTE_LENGTH - 8192)
  const range =
    random(4) === 0 ? { start: numberOf(random), end: numberOf(random) } : { start, end: start + random(8192) }
  const type = pick(random, [
    'open',
    'close',
    'read',
    'read',
    'read',
    'credit',
    'watch',
    'unwatch',
    'cancel',
    'ping',
    'search',
    'x',
  ])
  const message: Record<string, unknown> = { type, id: random(8) === 0 ? numberOf(random) : 1 + random(40) }
  const members: Record<string, () => unknown> = {
    documentId: () => pick(random, ids),
    stream: () => (random(6) === 0 ? numberOf(random) : random(4)),
    ranges: () => Array.from({ length: random(5) }, () => range),
    priority: () => pick(random, ['viewport', 'bulk']),
    byteLength: () => numberOf(random),
    query: () => queryOf(random),
    from: () => numberOf(random),
    direction: () => pick(random, ['forward', 'backward', 'outwards']),
    hasPatches: () => true,
    revision: () => numberOf(random),
  }
  const wanted: Record<string, string[]> = {
    open: ['documentId', ...(random(2) === 0 ? ['revision'] : [])],
    close: ['documentId'],
    read: ['documentId', 'stream', 'ranges', 'priority'],
    credit: ['stream', 'byteLength'],
    watch: ['documentId', 'stream', 'ranges', 'hasPatches'],
    unwatch: ['documentId', 'stream'],
    search: ['documentId', 'query', 'from', 'direction'],
  }
  for (const name of wanted[type] ?? []) if (random(12) > 0) message[name] = members[name]?.()
  if (random(12) === 0) message[pick(random, Object.keys(members))] = numberOf(random)
  return message
}

/** Sends one piece of nonsense, or nearly sense. */
function attack(random: Random, socket: WebSocket): void {
  const text = JSON.stringify(messageOf(random))
  const attacks = [
    () => socket.send(randomBytes(random(300))),
    () => socket.send(text.slice(0, random(120))),
    () => {
      socket.send(text.slice(0, 10), { fin: false })
      socket.send(text.slice(10), { fin: true })
    },
    () => socket.ping(randomBytes(random(100))),
  ]
  const [broken, whole] = [attacks[random(10)], () => socket.send(text)]
  const one = broken ?? whole
  one()
}

/** Asks for known bytes, on a connection of its own. */
async function expectTruth(note: string): Promise<void> {
  const client = await SocketClient.connect(serving.port)
  const id = client.send({
    type: 'read',
    documentId: ids[0] as string,
    stream: 0,
    priority: 'viewport',
    ranges: [{ start: 1000, end: 9000 }],
  })
  const bytes = bytesOfFrames(await client.answer(id), { start: 1000, end: 9000 })
  expect(Buffer.from(Uint8Array.from(bytes)).equals(content.subarray(1000, 9000)), note).toBe(true)
  await client.close()
}

test('random messages, frames and fragments: whatever comes, the server lives and what it sends is true', async () => {
  const random = seeded(SEED)
  for (let round = 0; round < 25; round++) {
    const note = `seed ${SEED}, round ${round}`
    const client = await SocketClient.connect(serving.port)
    for (let n = 0; n < 150 && client.socket.readyState === WebSocket.OPEN; n++) attack(random, client.socket)
    if (random(2) === 0) await new Promise((resolve) => setTimeout(resolve, random(40)))
    if (random(3) > 0) client.socket.terminate()
    else client.socket.close()
    for (const { header, payload } of client.frames) {
      if (header.type !== 'data' || header.offset + header.length > BYTE_LENGTH) continue
      const isOfDense = content.compare(payload, 0, header.length, header.offset, header.offset + header.length) === 0
      // The marks of the sparse file are its only bytes that are not zero.
      expect(isOfDense || Buffer.from(payload).includes('mark at 0'), note).toBe(true)
    }
  }
  await expectTruth(`seed ${SEED}`)
})

test('floods of open, close, read and cancel, aborted at any moment', async () => {
  const random = seeded(SEED + 1)
  const clients = await Promise.all(Array.from({ length: 20 }, () => SocketClient.connect(serving.port)))
  for (const client of clients) {
    for (let n = 0; n < 300; n++) {
      const documentId = ids[random(2)] as string
      const kind = random(4)
      if (kind === 0) client.send({ type: 'open', documentId })
      else if (kind === 1) client.send({ type: 'close', documentId })
      else if (kind === 2) {
        const ranges = [{ start: 0, end: BYTE_LENGTH }]
        client.send({ type: 'read', documentId, stream: random(3), priority: 'bulk', ranges })
      } else client.socket.send(JSON.stringify({ type: 'cancel', id: 1 + random(n + 1) }))
    }
    setTimeout(() => client.socket.terminate(), random(150))
  }
  await eventually(() => expect(serving.app.websocketServer.clients.size).toBe(0))
  await expectTruth(`seed ${SEED}`)
})

test('bytes that break the protocol itself end that connection and no other', async () => {
  const random = seeded(SEED + 2)
  for (let round = 0; round < 30; round++) {
    const client = await SocketClient.connect(serving.port)
    const raw = (client.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket
    raw.write(randomBytes(20 + random(500)))
    await new Promise((resolve) => setTimeout(resolve, 5))
    client.socket.terminate()
  }
  await expectTruth(`seed ${SEED}`)
})
