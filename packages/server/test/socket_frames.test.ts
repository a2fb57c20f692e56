// Frames of all connections are made in one piece of memory, which is used again as soon as the system has taken them. What a client gets must be its own
// bytes all the same, however slow it and the others are.
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { API_PREFIX, type DocumentInfo, type Frame } from '@mapscope/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { selfSigned } from '../src/guard/self_signed.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const root = join(temporaryFolder(), 'root')
const MIB = 1024 ** 2
const GIB = 1024 ** 3
const CLIENT_COUNT = 4
const STREAM_COUNT = 64
const ROUND_COUNT = 16
const bytes = randomBytes(8 * MIB)
bytes.fill(0, 3 * MIB, 3 * MIB + 50_000)
const far = randomBytes(64 * 1024)

beforeAll(() => {
  mkdirSync(root)
  writeFileSync(join(root, 'dense'), bytes)
  writeFileSync(join(root, 'huge'), '')
  truncateSync(join(root, 'huge'), 6 * GIB)
  const fd = openSync(join(root, 'huge'), 'r+')
  writeSync(fd, far, 0, far.length, 5 * GIB)
  closeSync(fd)
})

async function openDocument({ app }: Serving, path: string): Promise<string> {
  const headers = { host: 'localhost', authorization: `Bearer ${TOKEN}` }
  const answer = await app.inject({ method: 'POST', url: `${API_PREFIX}/documents`, headers, payload: { path } })
  return answer.json<DocumentInfo>().id
}

/** What came for one read: every byte is the file's, and there are no others; all of them, unless it was given up. */
function assertTrue(frames: readonly Frame[], { start, end }: { start: number; end: number }, note: string): void {
  let next = start
  for (const { header, payload } of frames) {
    const { type, offset, length } = header
    if (type === 'end') continue
    const present = bytes.subarray(offset, offset + length)
    const isTrue = type === 'zero-run' ? present.every((byte) => byte === 0) : present.equals(payload)
    expect([offset, isTrue], note).toEqual([next, true])
    next += length
  }
  const last = frames.at(-1)?.header
  expect(last?.isLast, note).toBe(true)
  if (last?.isStale !== true) expect(next, note).toBe(end)
}

for (const scheme of ['ws', 'wss'] as const) {
  describe(scheme, () => {
    let serving: Serving

    beforeAll(async () => {
      const tls = scheme === 'wss' ? { tls: selfSigned(['localhost']) } : {}
      serving = await Serving.start({ roots: [root], ...tls })
    })

    test('clients that stop reading for a while, and go on, have their own bytes', async () => {
      const seed = Math.floor(Math.random() * 1e6)
      const random = seeded(seed)
      const isOneOf = (count: number): boolean => random(count) === 0
      const documentId = await openDocument(serving, 'root/dense')
      const connecting = Array.from({ length: CLIENT_COUNT }, () => SocketClient.connect(serving.port, { scheme }))
      const clients = await Promise.all(connecting)
      const asked = clients.map(() => new Map<number, { start: number; end: number }>())
      for (let round = 0; round < ROUND_COUNT; round++) {
        for (const [index, client] of clients.entries()) {
          // The first one never stops, the others do for several rounds: more than the system holds for them.
          if (index > 0 && isOneOf(3)) client.socket.pause()
          if (isOneOf(12)) client.socket.resume()
          for (let stream = 0; stream < STREAM_COUNT; stream++) {
            const start = random(bytes.length - 100_000)
            const isBulk = isOneOf(50)
            const range = { start, end: start + 1 + random(isBulk ? 100_000 : 16_384) }
            const priority = isBulk ? 'bulk' : 'viewport'
            const id = client.send({ type: 'read', documentId, stream, priority, ranges: [range] })
            asked[index]?.set(id, range)
            if (isOneOf(20)) client.send({ type: 'ping' })
          }
        }
        await new Promise((resolve) => setTimeout(resolve, random(20)))
      }
      for (const client of clients) client.socket.resume()
      for (const [index, client] of clients.entries()) {
        for (const [id, range] of asked[index] ?? [])
          if (!client.received.some((message) => message.type === 'error' && message.id === id))
            assertTrue(await client.answer(id), range, `seed ${seed}, client ${index}, read ${id}`)
        expect(client.frames, `seed ${seed}`).toEqual([])
        client.socket.terminate()
      }
    })

    test('past 4 GiB, and of every length at which a header has another size', async () => {
      const client = await SocketClient.connect(serving.port, { scheme })
      const documentId = await openDocument(serving, 'root/huge')
      for (const byteLength of [1, 100, 101, 102, 4096, 16_384, 16_385, 65_511, 65_512, 65_536]) {
        const ranges = [{ start: 5 * GIB, end: 5 * GIB + byteLength }]
        const id = client.send({ type: 'read', documentId, stream: 0, priority: 'viewport', ranges })
        const frames = await client.answer(id)
        expect(frames[0]?.header, `${byteLength}`).toMatchObject({ type: 'data', offset: 5 * GIB, id, generation: 1 })
        const payload = Buffer.concat(frames.map((frame) => frame.payload))
        expect(payload.equals(far.subarray(0, byteLength)), `${byteLength}`).toBe(true)
      }
      client.socket.terminate()
    })
  })
}
