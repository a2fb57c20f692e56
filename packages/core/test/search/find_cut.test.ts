import { afterAll, expect, test } from 'vitest'
import {
  type ByteRange,
  type ByteSource,
  findCut,
  type Hit,
  openFile,
  type Searchable,
  search,
} from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { naiveHits } from '../support/naive_hits.ts'
import { Random, SEED } from '../support/random.ts'
import { randomQuery } from '../support/random_query.ts'
import { sparseContent } from '../support/sparse_content.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const closing: (() => Promise<void>)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

const KIB = 1024

function open(path: string): ByteSource {
  const source = openFile(path)
  closing.push(() => source.close())
  return source
}

async function hitsOf(source: ByteSource, query: Searchable, options: Parameters<typeof search>[2]): Promise<Hit[]> {
  const hits: Hit[] = []
  for await (const batch of search(source, query, { ...options, onUnreadable: () => undefined })) hits.push(...batch)
  return hits
}

function randomStarts(random: Random, { start, end }: ByteRange): ByteRange {
  const from = random.between(start, end)
  return { start: from, end: random.between(from, end) }
}

test(`from the place on are the same hits, however the search came there (seed ${SEED})`, async () => {
  const random = new Random(SEED)
  const seen = { found: 0, moved: 0, none: 0 }
  for (let round = 0; round < 2_000; round++) {
    const alphabet = random.pick([1, 2, 3])
    const { bytes, extents, unreadable } = sparseContent(random, alphabet, 150)
    const source = new MemorySource(bytes, { extents, unreadable, hasMatchIn: random.chance(0.5) })
    const query = randomQuery(random, alphabet)
    if (query.kind === 'needles' || query.kind === 'number') continue
    const range = { start: random.between(0, bytes.length), end: bytes.length }
    const starts = randomStarts(random, range)
    const place = await findCut(source, query, { range, starts })
    const context = JSON.stringify({ round, bytes: [...bytes], unreadable, query, range, starts, place })
    if (place === undefined) {
      seen.none++
      continue
    }
    expect(place, context).toBeGreaterThanOrEqual(starts.start)
    expect(place, context).toBeLessThanOrEqual(starts.end)
    for (const alignment of [1, 3]) {
      const whole = naiveHits(bytes, query, { range, alignment, unreadable })
      const behind = naiveHits(bytes, query, { range: { start: place, end: range.end }, alignment, unreadable })
      expect(behind, context).toEqual(whole.filter(({ offset }) => offset >= place))
    }
    seen.found++
    if (place > starts.start) seen.moved++
  }
  for (const kind of Object.keys(seen) as (keyof typeof seen)[]) expect(seen[kind], kind).toBeGreaterThan(100)
}, 60_000)

test(`of expressions: forward and backward, parts are those of the whole (seed ${SEED})`, async () => {
  const random = new Random(SEED)
  let found = 0
  for (const pattern of ['aa', '(?<=b)a{2}[^]', 'a[^]{0,5}b', 'ab?a', '\\b[ab]{1,4}', '[^\\0]{3}']) {
    for (let round = 0; round < 10; round++) {
      const bytes = Uint8Array.from({ length: 300 }, () => random.pick([0x61, 0x62, 0x62, 0x63, 0, 0]))
      const source = random.chance(0.5) ? new MemorySource(bytes) : open(folder.file(bytes))
      const range = { start: random.between(0, 20), end: bytes.length }
      const query = new RegExp(pattern)
      const place = await findCut(source, query, { range, starts: randomStarts(random, range) })
      if (place === undefined) continue
      found++
      const text = latin1(bytes.subarray(range.start))
      const whole = [...text.matchAll(new RegExp(pattern, 'g'))].map(({ index, 0: match }) => ({
        offset: range.start + index,
        byteLength: match.length,
      }))
      const context = JSON.stringify({ pattern, round, bytes: [...bytes], range, place })
      for (const direction of ['forward', 'backward'] as const) {
        const parts = [
          await hitsOf(source, query, { range, direction, starts: { start: range.start, end: place } }),
          await hitsOf(source, query, { range, direction, starts: { start: place, end: range.end } }),
        ]
        const told = direction === 'forward' ? parts.flat() : parts.reverse().flat().reverse()
        expect(told, `${direction} ${context}`).toEqual(whole)
      }
    }
  }
  expect(found).toBeGreaterThan(25)
})

test('where there is none for long, and where hits do not depend on one another', async () => {
  const bytes = new Uint8Array(900 * KIB).fill(0x61)
  bytes[700 * KIB] = 0x62
  const source = new MemorySource(bytes, { hasMatchIn: true })
  const starts = { start: 5, end: 800 * KIB }
  expect(await findCut(source, Buffer.from('aa'), { starts: { ...starts, end: 700 * KIB } })).toBeUndefined()
  const place = (await findCut(source, Buffer.from('aab'), { starts })) as number
  expect(place).toBe(5)
  expect(await findCut(source, { kind: 'needles', text: '61 61\n61 61 61' }, { starts })).toBe(5)
  // Pairs from 5 on end a byte before the other one.
  expect(await findCut(source, Buffer.from('aa'), { starts })).toBe(700 * KIB + 1)
  bytes.fill(0x62, 700 * KIB, 700 * KIB + 9)
  const other = new MemorySource(bytes, { hasMatchIn: true })
  expect(await findCut(other, Buffer.from('aa'), { starts })).toBe(700 * KIB + 1)
  // Across the windows that are looked at one after the other.
  expect(await findCut(other, Buffer.from('aaa'), { starts: { ...starts, start: 0 } })).toBe(700 * KIB - 1 + 3)
  // 1 MiB without a match would do for an expression without a bound.
  expect(await findCut(other, /a+/, { starts })).toBeUndefined()
})

test('past 4 GiB, between hits and in holes', async () => {
  const marks = [5 * GIB, 5 * GIB + 3, 5 * GIB + 6].map((offset) => ({ offset, text: 'aba' }))
  const source = open(folder.sparse(6 * GIB, marks))
  const starts = { start: 5 * GIB + 1, end: 6 * GIB }
  expect(await findCut(source, Buffer.from('aba'), { starts })).toBe(5 * GIB + 9 + 3)
  expect(await findCut(source, /(?:aba){1,2}?/, { starts })).toBe(5 * GIB + 9 + 6)
  expect(await findCut(source, Buffer.from('aba'), { starts: { ...starts, end: 5 * GIB + 9 } })).toBeUndefined()
  expect(
    await findCut(source, new Uint8Array(2), { starts: { start: 4 * GIB, end: 4 * GIB + KIB ** 2 } }),
  ).toBeUndefined()
})

test('an abort ends it with its reason; a place outside is refused', async () => {
  const source = new MemorySource(new Uint8Array(10))
  const reason = new Error('no longer wanted')
  const starts = { start: 0, end: 10 }
  await expect(findCut(source, new Uint8Array(2), { starts, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  await expect(findCut(source, new Uint8Array(2), { starts: { start: 3, end: 11 } })).rejects.toMatchObject({
    code: 'ERR_RANGE',
  })
  await expect(findCut(source, new Uint8Array(2), {} as never)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
})
