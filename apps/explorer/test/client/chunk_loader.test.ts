import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ChunkCache } from '../../src/client/chunk_cache.ts'
import { ChunkLoader } from '../../src/client/chunk_loader.ts'
import { isClientError } from '../../src/client/client_error.ts'
import { createHttpClient } from '../../src/client/http.ts'
import { cellBuffer, showCells } from '../support/cells.ts'
import { seeded } from '../support/random.ts'
import { type Misbehaviour, RangeServer } from '../support/range_server.ts'
import { until } from '../support/until.ts'

const CHUNK = 16
const bytes = seeded(7).bytes(400)

let server: RangeServer
let known: { revision: number; byteLength: number }
let failures: unknown[]
let stale: number
let cache: ChunkCache
let loader: ChunkLoader

beforeEach(async () => {
  server = await new RangeServer(bytes).listen()
  known = { revision: 1, byteLength: bytes.length }
  failures = []
  stale = 0
  cache = new ChunkCache({ byteLength: bytes.length, chunkByteLength: CHUNK })
  const http = createHttpClient({ baseUrl: server.url })
  loader = new ChunkLoader({
    cache,
    present: () => known,
    fetchBytes: (range, revision, signal) =>
      http.readBytes({ documentId: 'document1', revision, byteLength: known.byteLength, range }, { signal }),
    onFilled: () => {},
    onFailure: (error) => failures.push(error),
    onStale: () => stale++,
    retry: { baseMs: 5, maxMs: 20 },
    staleWaitMs: 30,
  })
})

afterEach(async () => {
  loader.dispose()
  await server.close()
})

function shown(start: number, end: number): string {
  const cells = cellBuffer(end - start)
  cache.read(start, end - start, cells)
  return showCells(cells)
}

function truth(start: number, end: number): string {
  return Buffer.from(bytes.subarray(start, end))
    .toString('hex')
    .toUpperCase()
    .replace(/..(?!$)/g, '$& ')
}

async function untilKnown(start: number, end: number): Promise<void> {
  await until(() => shown(start, end) === truth(start, end), `bytes ${start}-${end}, have ${shown(start, end)}`)
}

describe('chunk loader', () => {
  it('fetches what is visible first, then ahead', async () => {
    loader.want({ start: 40, end: 70 }, 'forward')
    await untilKnown(40, 70)
    expect(server.asked.slice(0, 3).map(({ start }) => start / CHUNK)).toEqual([2, 3, 4])
    await until(() => server.asked.length === 5, 'the two chunks ahead')
    expect(server.asked[0]).toEqual({ start: 32, end: 48, revision: 1 })
  })

  it('fetches backwards when scrolling backwards, and further the longer it goes on', async () => {
    for (let step = 0; step < 40; step++) loader.want({ start: 320 - step, end: 330 - step }, 'backward')
    await untilKnown(290, 300)
    await until(() => loader.inFlightCount === 0, 'the prefetch')
    const lowest = Math.min(...server.asked.map(({ start }) => start / CHUNK))
    expect(lowest).toBe(17 - 8)
  })

  it('has at most six requests under way, and aborts what is no longer wanted', async () => {
    let open = () => {}
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    loader.want({ start: 0, end: 300 }, 'none')
    await until(() => server.asked.length === 6, 'six requests')
    expect(loader.inFlightCount).toBe(6)
    loader.want({ start: 384, end: 400 }, 'none')
    await until(() => server.aborted === 6, 'the six to be aborted')
    open()
    await untilKnown(384, 400)
    expect(server.mostAtOnce).toBeLessThanOrEqual(12)
    expect(failures).toEqual([])
    expect(shown(0, 4)).toBe('.. .. .. ..')
  })

  it('lets what is on screen take the place of prefetching', async () => {
    let open = () => {}
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    for (let step = 0; step < 30; step++) loader.want({ start: step, end: step + 1 }, 'forward')
    await until(() => server.asked.length >= 6, 'the prefetch to fill the slots')
    loader.want({ start: 30, end: 130 }, 'forward')
    expect(loader.inFlightCount).toBe(6)
    open()
    await untilKnown(30, 130)
  })

  const faults: Misbehaviour[] = [
    'wrong-range',
    'whole-file',
    'wrong-revision',
    'no-revision',
    'cut-connection',
    'server-error',
  ]
  for (const fault of faults) {
    it(`shows nothing of an answer with ${fault}, says so, and asks again`, async () => {
      let isBroken = true
      server.misbehave = () => (isBroken ? fault : undefined)
      loader.want({ start: 16, end: 32 }, 'forward')
      await until(() => failures.length >= 2, 'two failures')
      expect(shown(16, 32)).toBe(Array(16).fill('..').join(' '))
      const expected =
        fault === 'cut-connection' ? 'ERR_NETWORK' : fault === 'server-error' ? 'ERR_INTERNAL' : 'ERR_PROTOCOL'
      expect(failures.every((error) => isClientError(error, expected))).toBe(true)
      isBroken = false
      await untilKnown(16, 32)
    })
  }

  it('takes a whole file as 200 only when it is what was asked for', async () => {
    const small = await new RangeServer(bytes.subarray(0, 10)).listen()
    small.misbehave = () => 'whole-file'
    const http = createHttpClient({ baseUrl: small.url })
    const request = { documentId: 'document1', revision: 1, byteLength: 10 }
    const reply = await http.readBytes({ ...request, range: { start: 0, end: 10 } })
    expect(reply.bytes).toEqual(bytes.subarray(0, 10))
    await expect(http.readBytes({ ...request, range: { start: 0, end: 9 } })).rejects.toMatchObject({
      code: 'ERR_PROTOCOL',
    })
    await small.close()
  })

  it('fills unreadable ranges and asks for what lies beyond them', async () => {
    server.unreadable = [
      { start: 20, end: 23 },
      { start: 30, end: 40 },
    ]
    loader.want({ start: 16, end: 48 }, 'none')
    await until(() => !shown(16, 48).includes('..'), 'all cells to be settled')
    expect(shown(16, 24)).toBe(`${truth(16, 20)} ?? ?? ?? ${truth(23, 24)}`)
    expect(shown(29, 42)).toBe(`${truth(29, 30)} ${Array(10).fill('??').join(' ')} ${truth(40, 42)}`)
    expect(failures).toEqual([])
  })

  it('waits for the new revision when its own is refused', async () => {
    server.revision = 2
    loader.want({ start: 0, end: 16 }, 'none')
    await until(() => server.asked.length > 0, 'a request')
    await new Promise((resolve) => setTimeout(resolve, 10))
    const askedBefore = server.asked.length
    known = { ...known, revision: 2 }
    loader.wake()
    await untilKnown(0, 16)
    expect(askedBefore).toBeLessThanOrEqual(2)
    expect(stale).toBe(0)
    expect(failures).toEqual([])
  })

  it('asks for the state when nobody tells it of the new revision', async () => {
    server.revision = 2
    loader.want({ start: 0, end: 16 }, 'none')
    await until(() => stale === 1, 'the state to be asked for')
    expect(shown(0, 4)).toBe('.. .. .. ..')
  })

  it('drops an answer whose bytes changed while it was on its way', async () => {
    let open = () => {}
    server.gate = new Promise((resolve) => {
      open = resolve
    })
    loader.want({ start: 0, end: 16 }, 'none')
    await until(() => server.asked.length > 0, 'a request')
    known = { ...known, revision: 2 }
    server.revision = 2
    loader.invalidate([{ start: 3, end: 4 }])
    open()
    await untilKnown(0, 16)
    expect(server.asked.filter(({ start }) => start === 0).map(({ revision }) => revision)).toEqual([1, 2])
  })

  it('asks for offsets past 4 GiB exactly', async () => {
    const byteLength = 15 * 2 ** 40
    cache.reset(byteLength)
    known = { revision: 1, byteLength }
    loader.want({ start: byteLength - 3, end: byteLength }, 'none')
    await until(() => server.asked.length > 0, 'a request')
    expect(server.asked[0]).toEqual({ start: byteLength - CHUNK, end: byteLength, revision: 1 })
  })
})
