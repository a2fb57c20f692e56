import { closeSync, openSync, writeSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type ByteSource,
  count,
  findNext,
  findPrevious,
  type Hit,
  type HitBatch,
  type MappedSource,
  openFile,
  type Searchable,
  search,
  searchOutwards,
} from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2
const opened: MappedSource[] = []
afterAll(() => Promise.all(opened.map((source) => source.close())))

function open(path: string): MappedSource {
  const source = openFile(path)
  opened.push(source)
  return source
}

async function hitsOf(batches: AsyncIterable<HitBatch>): Promise<Hit[]> {
  const hits: Hit[] = []
  for await (const batch of batches) hits.push(...batch)
  return hits
}

const offsets = (hits: readonly Hit[]): number[] => hits.map(({ offset }) => offset)

describe('a mapped file', () => {
  const marks = [0, 16 * MIB - 2, 32 * MIB - 4, 48 * MIB - 1, 5 * GIB - 3, 5 * GIB - 4 + MIB].map((offset) => ({
    offset,
    text: 'mark',
  }))
  const path = folder.sparse(5 * GIB + MIB, marks)

  test('hits across window and job edges, at the first and the last byte, past 4 GiB', async () => {
    const source = open(path)
    const query = new TextEncoder().encode('mark')
    const expected = marks.map(({ offset }) => ({ offset, byteLength: 4 }))
    expect(await hitsOf(search(source, query))).toEqual(expected)
    expect(await hitsOf(search(source, query, { direction: 'backward' }))).toEqual(expected.toReversed())
    expect(await count(source, query)).toBe(6)
    expect(offsets(await hitsOf(search(source, query, { limit: 2 })))).toEqual(offsets(expected).slice(0, 2))
    expect(offsets(await hitsOf(search(source, query, { limit: 2, direction: 'backward' })))).toEqual(
      offsets(expected).toReversed().slice(0, 2),
    )
    const range = { start: 1, end: 48 * MIB + 3 }
    expect(offsets(await hitsOf(search(source, query, { range })))).toEqual(offsets(expected).slice(1, 4))
    const shorter = { start: 1, end: 48 * MIB + 2 }
    expect(offsets(await hitsOf(search(source, query, { range: shorter })))).toEqual(offsets(expected).slice(1, 3))
    expect(offsets(await hitsOf(search(source, query, { alignment: 4 })))).toEqual([0, 32 * MIB - 4, 5 * GIB + MIB - 4])
  })

  test('next and previous, from between, from on a hit, from the ends', async () => {
    const source = open(path)
    const query: Searchable = { kind: 'text', text: 'MARK', isCaseInsensitive: true }
    const next = async (from: number) => (await findNext(source, query, { from })).hit?.offset
    const previous = async (from: number) => (await findPrevious(source, query, { from })).hit?.offset
    expect(await next(0)).toBe(0)
    expect(await next(1)).toBe(16 * MIB - 2)
    expect(await next(5 * GIB - 2)).toBe(5 * GIB + MIB - 4)
    expect(await next(source.byteLength)).toBeUndefined()
    expect(await previous(source.byteLength)).toBe(5 * GIB + MIB - 4)
    expect(await previous(5 * GIB - 2)).toBe(5 * GIB - 3)
    expect(await previous(5 * GIB - 3)).toBe(48 * MIB - 1)
    expect(await previous(1)).toBe(0)
    expect(await previous(0)).toBeUndefined()
  })

  test('from the caret outwards, nearest first', async () => {
    const source = open(path)
    const found = await hitsOf(searchOutwards(source, { kind: 'text', text: 'mark' }, { from: 30 * MIB }))
    expect(offsets(found)).toEqual([32 * MIB - 4, 16 * MIB - 2, 48 * MIB - 1, 0, 5 * GIB - 3, 5 * GIB + MIB - 4])
    const nearest = searchOutwards(source, { kind: 'text', text: 'mark' }, { from: 40 * MIB, limit: 3 })
    expect(offsets(await hitsOf(nearest))).toEqual([48 * MIB - 1, 32 * MIB - 4, 16 * MIB - 2])
  })

  test('regular expressions by the same door', async () => {
    const source = open(path)
    const range = { start: 0, end: 33 * MIB }
    expect(await hitsOf(search(source, /m[a-z]{2}k/g, { range }))).toEqual(
      marks.slice(0, 3).map(({ offset }) => ({ offset, byteLength: 4 })),
    )
    expect(
      offsets(await hitsOf(search(source, { kind: 'hex', text: '6D [1-3] 6B' }, { range, direction: 'backward' }))),
    ).toEqual([32 * MIB - 4, 16 * MIB - 2, 0])
    expect(await count(source, { kind: 'regexp', text: 'MARK', isCaseInsensitive: true }, { range })).toBe(3)
    expect((await findNext(source, /mark/, { from: 3, range })).hit?.offset).toBe(16 * MIB - 2)
    expect((await findPrevious(source, /mark/, { from: 16 * MIB, range })).hit?.offset).toBe(16 * MIB - 2)
    expect(offsets(await hitsOf(searchOutwards(source, /mark/, { from: 15 * MIB, range })))).toEqual([
      16 * MIB - 2,
      0,
      32 * MIB - 4,
    ])
    await expect(hitsOf(search(source, /mark/, { isOverlapping: true }))).rejects.toMatchObject({
      code: 'ERR_ARGUMENT',
    })
  })
})

test('a sparse file of 15 TiB with three marks is searched in no time', { timeout: 60_000 }, async () => {
  const places = [3 * TIB + 5, 7 * TIB - 3, 15 * TIB - 4]
  const source = open(
    folder.sparse(
      15 * TIB,
      places.map((offset) => ({ offset, text: 'mark' })),
    ),
  )
  const query: Searchable = { kind: 'text', text: 'mark' }
  expect(offsets(await hitsOf(search(source, query)))).toEqual(places)
  expect(offsets(await hitsOf(search(source, query, { direction: 'backward' })))).toEqual(places.toReversed())
  expect(offsets(await hitsOf(searchOutwards(source, query, { from: 8 * TIB })))).toEqual([
    places[1],
    places[0],
    places[2],
  ])
  // Zeros in holes are computed: trillions of them are counted at once, and given as long as somebody takes them.
  expect(await count(source, { kind: 'hex', text: '00 00' }, { isOverlapping: true })).toBe(15 * TIB - 1 - 5 - 5 - 4)
  expect(await count(source, { kind: 'number', text: '0', type: 'u64' }, { alignment: 4096 })).toBe(
    (15 * TIB) / 4096 - 2,
  )
  const [, second, third] = places as [number, number, number]
  // From the end of one mark on, three by three; what is left before the next is too short.
  const last = third - ((third - (second + 4)) % 3) - 3
  const zeros = search(source, Uint8Array.of(0, 0, 0), { limit: 3, direction: 'backward' })
  expect(offsets(await hitsOf(zeros))).toEqual([last, last - 3, last - 6])
})

test(`many small extents are few jobs (seed ${SEED})`, { timeout: 60_000 }, async () => {
  const random = new Random(SEED)
  const path = folder.sparse(2000 * 65_536)
  const fd = openSync(path, 'r+')
  const expected: number[] = []
  for (let index = 0; index < 2000; index += random.between(1, 4)) {
    const offset = index * 65_536 + random.between(0, 4000)
    writeSync(fd, 'needle', offset)
    expected.push(offset)
  }
  closeSync(fd)
  const source = open(path)
  expect(offsets(await hitsOf(search(source, Buffer.from('needle'))))).toEqual(expected)
  expect(offsets(await hitsOf(search(source, Buffer.from('needle'), { direction: 'backward' })))).toEqual(
    expected.toReversed(),
  )
})

describe('bytes that cannot be read', () => {
  const bytes = new Uint8Array(1000).fill(7)
  const unreadable = [
    { start: 100, end: 200 },
    { start: 400, end: 500 },
  ]

  test('are stepped over, and end the search with what it gave', async () => {
    const source = new MemorySource(bytes, { unreadable })
    const hits: Hit[] = []
    const run = async () => {
      for await (const batch of search(source, Uint8Array.of(7, 7))) hits.push(...batch)
    }
    await expect(run()).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 100, hitCount: 400 })
    expect(hits.length).toBe(400)
    await expect(count(source, Uint8Array.of(7, 7))).rejects.toMatchObject({ code: 'ERR_FAULT', hitCount: 400 })
  })

  test('are no error for whoever asks to be told', async () => {
    const told: unknown[] = []
    const source = new MemorySource(bytes, { unreadable, hasMatchIn: true })
    const options = { onUnreadable: (range: unknown) => told.push(range), range: { start: 0, end: 450 } }
    expect((await hitsOf(search(source, Uint8Array.of(7), options))).length).toBe(300)
    expect(told).toEqual([
      { start: 100, end: 200 },
      { start: 400, end: 450 },
    ])
    expect(await findNext(source, Uint8Array.of(7), { from: 100 })).toEqual({
      hit: { offset: 200, byteLength: 1 },
      isWrapped: false,
      unreadable,
    })
  })

  test('a source that fails midway tells how many hits it gave', async () => {
    const fault = Object.assign(new Error('gone'), {})
    const failing: ByteSource = {
      byteLength: 8 * MIB,
      read: async (offset, length) => {
        if (offset > 3 * MIB) throw fault
        return { offset, bytes: new Uint8Array(length).fill(1), unreadable: [] }
      },
      close: async () => undefined,
    }
    const hits: Hit[] = []
    const run = async () => {
      for await (const batch of search(failing, Uint8Array.of(1), { alignment: 65_536 })) hits.push(...batch)
    }
    await expect(run()).rejects.toBe(fault)
    expect(hits.length).toBeGreaterThan(0)
  })
})

describe('stopping', () => {
  test('an abort ends it with the reason, before, between and while it waits', async () => {
    const source = open(folder.file(new Uint8Array(64 * MIB)))
    const reason = new Error('no longer wanted')
    await expect(hitsOf(search(source, Buffer.from('x'), { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason)
    const stop = new AbortController()
    const run = async () => {
      for await (const _ of search(source, new Uint8Array(1), { signal: stop.signal })) stop.abort(reason)
    }
    await expect(run()).rejects.toBe(reason)
    const late = new AbortController()
    const never: ByteSource = {
      byteLength: MIB,
      read: (_offset, _length, options) =>
        new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))),
      close: async () => undefined,
    }
    const waiting = hitsOf(search(never, Buffer.from('x'), { signal: late.signal }))
    setImmediate(() => late.abort(reason))
    await expect(waiting).rejects.toBe(reason)
  })

  test('whoever takes no more stops the reading', async () => {
    const source = new MemorySource(new Uint8Array(64 * MIB))
    for await (const _ of search(source, new Uint8Array(1))) break
    const read = source.scanned.length
    await new Promise((resume) => setTimeout(resume, 50))
    expect(source.scanned.length).toBe(read)
    expect(read).toBeLessThan(10)
  })

  test('a mapping can be closed right after', async () => {
    const source = openFile(folder.file(new Uint8Array(32 * MIB)))
    for await (const _ of search(source, new Uint8Array(4))) break
    await source.close()
  })
})

test('progress goes from nothing to all, and holes count', async () => {
  const source = open(folder.sparse(TIB, [{ offset: 0, text: 'x'.repeat(3 * MIB) }]))
  for (const direction of ['forward', 'backward'] as const) {
    const seen: number[] = []
    await hitsOf(
      search(source, Buffer.from('yy'), { direction, onProgress: ({ scanned, total }) => seen.push(scanned / total) }),
    )
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
    expect(seen.length).toBeGreaterThan(1)
  }
})

test('what is refused at once', () => {
  const source = new MemorySource(new Uint8Array(10))
  const x = Buffer.from('x')
  const refused: readonly [string, () => unknown][] = [
    ['ERR_ARGUMENT', () => search(source, new Uint8Array(0))],
    ['ERR_ARGUMENT', () => search(source, { kind: 'hex', text: '4' })],
    ['ERR_ARGUMENT', () => search(source, /x/u)],
    ['ERR_ARGUMENT', () => search(source, x, { alignment: 0 })],
    ['ERR_ARGUMENT', () => search(source, x, { limit: -1 })],
    ['ERR_RANGE', () => search(source, x, { range: { start: 0, end: 11 } })],
    ['ERR_RANGE', () => search(source, x, { range: { start: 5, end: 4 } })],
    ['ERR_RANGE', () => searchOutwards(source, x, { from: 11 })],
  ]
  for (const [code, call] of refused) expect(call).toThrow(expect.objectContaining({ code }))
})

test('the caller may reuse its bytes at once', async () => {
  const bytes = new Uint8Array(64)
  bytes[50] = 7
  const reused = Buffer.from([7])
  const batches = search(new MemorySource(bytes), reused)
  reused[0] = 8
  expect(offsets(await hitsOf(batches))).toEqual([50])
})

test('an empty file, and a range without room', async () => {
  const empty = open(folder.file(''))
  const source = open(folder.file('abc'))
  for (const direction of ['forward', 'backward'] as const) {
    expect(await hitsOf(search(empty, Buffer.from('a'), { direction }))).toEqual([])
    expect(await hitsOf(search(source, Buffer.from('abcd'), { direction }))).toEqual([])
    expect(await hitsOf(search(source, Buffer.from('b'), { direction, range: { start: 1, end: 1 } }))).toEqual([])
    expect(await hitsOf(search(source, Buffer.from('b'), { direction, limit: 0 }))).toEqual([])
  }
  expect(await count(empty, Buffer.from('a'))).toBe(0)
})
