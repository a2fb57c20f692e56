import { truncateSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { ByteShares } from '../src/guard/byte_shares.ts'
import { eventually } from './support/eventually.ts'
import { type Answer, ask, problemOf, Serving } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const MIB = 1024 ** 2
const folder = temporaryFolder()
const path = join(folder, 'large.bin')
const tokenOf = (name: string): string => `${name}-token-`.padEnd(40, 'x')
const bearer = (name: string): Record<string, string> => ({ authorization: `Bearer ${tokenOf(name)}` })
let serving: Serving

beforeAll(async () => {
  writeFileSync(path, 'evidence')
  truncateSync(path, 5 * 1024 ** 3)
  const tokensFile = join(folder, 'tokens')
  writeFileSync(tokensFile, ['vera', 'anna'].map((name) => `${name} view ${tokenOf(name)}\n`).join(''), { mode: 0o600 })
  // A long download holds 4 MiB at most.
  const byteLimits = { ownByteLength: 12 * MIB, totalByteLength: 16 * MIB }
  serving = await Serving.start({ roots: [path], tokensFile, byteLimits })
})

async function stalledDownload(name: string): Promise<IncomingMessage> {
  const options = { host: '127.0.0.1', port: serving.port, path: '/raw/large.bin', headers: bearer(name), agent: false }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(options, resolve).once('error', reject)
  })
  response.on('error', () => undefined).pause()
  expect(response.statusCode).toBe(200)
  return response
}

const head = (name: string, range: string): Promise<Answer> =>
  ask(serving.port, '/raw/large.bin', { headers: { ...bearer(name), range } })

test('bytes under way are bounded for each and for all: 429 and 503 say so, and when to come again; short ranges go on', async () => {
  const long = 'bytes=4294967296-4311744511'
  const stalled = [await stalledDownload('vera'), await stalledDownload('vera'), await stalledDownload('vera')]
  const own = await head('vera', long)
  expect([own.status, problemOf(own).code, own.headers['retry-after']]).toEqual([429, 'ERR_TOO_MANY', '1'])
  stalled.push(await stalledDownload('anna'))
  const all = await head('anna', long)
  expect([all.status, problemOf(all).code, all.headers['retry-after']]).toEqual([503, 'ERR_TOO_MANY', '1'])
  for (const name of ['vera', 'anna']) expect(String((await head(name, 'bytes=1-3')).body)).toBe('vid')
  expect(serving.app.bytesUnderWay.totalByteLength).toBe(16 * MIB)
  for (const download of stalled) download.destroy()
  await eventually(() => expect(serving.app.bytesUnderWay.totalByteLength).toBe(0))
  expect((await head('vera', long)).body.length).toBe(16 * MIB)
  await eventually(() => expect(serving.app.bytesUnderWay.totalByteLength).toBe(0))
})

test('what a socket reads off the thread waits for room, and comes', async () => {
  const { id: documentId } = await serving.open('large.bin')
  const client = await SocketClient.connect(serving.port)
  const release = serving.app.bytesUnderWay.take('link', 12 * MIB)
  // Never read before: a hole is not in memory.
  const range = { start: 5 * 1024 ** 3 - 8192, end: 5 * 1024 ** 3 - 4096 }
  const read = client.send({ type: 'read', documentId, stream: 0, priority: 'bulk', ranges: [range] })
  await client.next('pong', client.send({ type: 'ping' }))
  expect(client.takeFrames(read)).toEqual([])
  release()
  const [frame] = await client.answer(read)
  expect(frame?.header).toMatchObject({ type: 'zero-run', offset: range.start, length: 4096, isLast: true })
  await client.close()
  await eventually(() => expect(serving.app.bytesUnderWay.totalByteLength).toBe(0))
})

test('the books agree with sums, whatever is taken and given back (seeded)', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seeded(seed)
    const limits = { ownByteLength: 100, totalByteLength: 250 }
    const shares = new ByteShares(limits)
    const held: { name: string; length: number; release: () => void }[] = []
    const sum = (name?: string): number =>
      held.filter((one) => name === undefined || one.name === name).reduce((total, { length }) => total + length, 0)
    for (let step = 0; step < 300; step++) {
      const name = `p${random(4)}`
      const length = random(60)
      const isRoom = sum(name) + length <= limits.ownByteLength && sum() + length <= limits.totalByteLength
      const release = shares.tryTake(name, length)
      expect(release !== undefined, `seed ${seed}, step ${step}`).toBe(isRoom)
      if (release !== undefined) held.push({ name, length, release })
      if (random(2) === 0 && held.length > 0) {
        const [one] = held.splice(random(held.length), 1)
        one?.release()
        one?.release()
      }
      expect(shares.totalByteLength, `seed ${seed}, step ${step}`).toBe(sum())
    }
  }
})
