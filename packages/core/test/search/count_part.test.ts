import { closeSync, openSync, writeSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type ByteRange,
  type ByteSource,
  type CountOptions,
  count,
  countPart,
  openFile,
  type Searchable,
} from '../../src/index.ts'
import type { CompiledQuery } from '../../src/shared/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { naiveHits } from '../support/naive_hits.ts'
import { Random, SEED } from '../support/random.ts'
import { randomQuery } from '../support/random_query.ts'
import { sparseContent } from '../support/sparse_content.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const closing: (() => Promise<void>)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

const MIB = 1024 ** 2

function open(path: string): ByteSource {
  const source = openFile(path)
  closing.push(() => source.close())
  return source
}

interface Parts extends CountOptions {
  readonly range: ByteRange
  /** Where the parts end; in order, inside the range. */
  readonly cuts: readonly number[]
}

/** Part after part, each told no more than where the one before ended, as jobs count their shards. */
async function countedInParts(source: ByteSource, query: Searchable, { cuts, ...options }: Parts): Promise<number[]> {
  const counts: number[] = []
  let from = options.range.start
  for (const end of [...cuts, options.range.end]) {
    const part = await countPart(source, query, { ...options, starts: { start: Math.min(from, end), end } })
    counts.push(part.count)
    from = Math.max(from, end, part.lastEnd)
  }
  return counts
}

function randomCuts(random: Random, { start, end }: ByteRange): number[] {
  return Array.from({ length: random.between(0, 6) }, () => random.between(start, end)).sort((a, b) => a - b)
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, part) => sum + part, 0)
}

function told(value: object): string {
  return JSON.stringify(value, (_, member) =>
    typeof member === 'bigint' ? Number(member) : member instanceof Uint8Array ? [...member] : member,
  )
}

describe(`parts add up to the whole, seed ${SEED}`, () => {
  test('of everything a matcher finds, with holes, unreadable bytes and seams anywhere', async () => {
    const random = new Random(SEED)
    const seen = { chained: 0, cut: 0, unreadable: 0 }
    for (let round = 0; round < 1_500; round++) {
      const alphabet = random.pick([1, 2, 3])
      const { bytes, extents, unreadable } = sparseContent(random, alphabet, 200)
      const source = new MemorySource(bytes, {
        extents: random.chance(0.7) ? extents : undefined,
        unreadable,
        hasMatchIn: random.chance(0.5),
      })
      const query: CompiledQuery = randomQuery(random, alphabet)
      const start = random.chance(0.5) ? 0 : random.between(0, bytes.length)
      const range = { start, end: random.chance(0.5) ? bytes.length : random.between(start, bytes.length) }
      const alignment = random.pick([1, 1, 1, 2, 3])
      const isOverlapping = random.chance(0.3)
      const cuts = randomCuts(random, range)
      const missed: ByteRange[] = []
      const options = { range, alignment, isOverlapping, onUnreadable: (lost: ByteRange) => missed.push(lost) }
      const expected = naiveHits(bytes, query, { range, alignment, isOverlapping, unreadable })
      const context = told({ round, bytes, extents, unreadable, query, range, alignment, isOverlapping, cuts })
      expect(total(await countedInParts(source, query, { ...options, cuts })), context).toBe(expected.length)
      expect(await count(source, query, options), context).toBe(expected.length)
      if (expected.some(({ offset, byteLength }, at) => (expected[at + 1]?.offset ?? 0) === offset + byteLength))
        seen.chained++
      if (expected.some(({ offset, byteLength }) => cuts.some((cut) => offset < cut && cut < offset + byteLength)))
        seen.cut++
      if (missed.length > 0) seen.unreadable++
    }
    for (const kind of Object.keys(seen) as (keyof typeof seen)[]) expect(seen[kind], kind).toBeGreaterThan(100)
  }, 120_000)

  test('of expressions, as exec after exec finds them', async () => {
    const random = new Random(SEED)
    for (const pattern of ['(?:ab)+a?', 'a{2,9}[^a]?', '(?<=a)[^]{3}', '\\b[ab]+', 'aa', 'a.?b|b']) {
      for (let round = 0; round < 8; round++) {
        const bytes = Uint8Array.from({ length: random.between(1, 400) }, () => random.pick([0x61, 0x61, 0x62, 0]))
        const range = { start: random.between(0, 20), end: bytes.length }
        if (range.start > range.end) continue
        const text = latin1(bytes.subarray(range.start))
        const matches = [...text.matchAll(new RegExp(pattern, 'g'))]
        const alignment = random.pick([1, 1, 3])
        const expected = matches.filter(({ index }) => (range.start + index) % alignment === 0).length
        const source = random.chance(0.5) ? new MemorySource(bytes) : open(folder.file(bytes))
        const cuts = randomCuts(random, range)
        const counts = await countedInParts(source, new RegExp(pattern), { range, cuts, alignment })
        expect(total(counts), told({ pattern, round, bytes, range, alignment, cuts })).toBe(expected)
      }
    }
  }, 120_000)
})

test('a part counts what begins in it, and says where the next may begin', async () => {
  const source = new MemorySource(Buffer.from('aaaaaaa.aaa'))
  const part = (query: Searchable, starts: ByteRange, options: CountOptions = {}) =>
    countPart(source, query, { ...options, starts })
  expect(await part(Buffer.from('aa'), { start: 0, end: 3 })).toEqual({ count: 2, lastEnd: 4 })
  expect(await part(Buffer.from('aa'), { start: 4, end: 11 })).toEqual({ count: 2, lastEnd: 10 })
  expect(await part(Buffer.from('aa'), { start: 4, end: 4 })).toEqual({ count: 0, lastEnd: 0 })
  expect(await part(/a+/, { start: 2, end: 3 })).toEqual({ count: 1, lastEnd: 7 })
  // Hits that may overlap leave the next part alone.
  expect(await part(Buffer.from('aa'), { start: 0, end: 3 }, { isOverlapping: true })).toEqual({ count: 3, lastEnd: 0 })
  await expect(part(Buffer.from('aa'), { start: 0, end: 12 })).rejects.toMatchObject({ code: 'ERR_RANGE' })
})

test('past 4 GiB: hits across cuts and windows, and zeros in holes and beside them', async () => {
  const places = [0, MIB - 1, 4 * GIB - 2, 5 * GIB - 1, 5 * GIB + 17 * MIB - 2]
  const path = folder.sparse(
    6 * GIB + 1,
    places.map((offset) => ({ offset, text: 'mark' })),
  )
  const source = open(path)
  const range = { start: 0, end: source.byteLength }
  const cuts = [MIB, 4 * GIB, 4 * GIB + 1, 5 * GIB, 5 * GIB + 17 * MIB]
  expect(await countedInParts(source, Buffer.from('mark'), { range, cuts })).toEqual([2, 1, 0, 1, 1, 0])
  expect(await countedInParts(source, /ma?[a-z]+/, { range, cuts })).toEqual([2, 1, 0, 1, 1, 0])
  // Runs of zeros between the marks, two bytes at a time, whatever the cuts; the last byte of an odd run is left over.
  const ends = [...places.slice(1), source.byteLength]
  const expected = places.reduce((sum, place, at) => sum + Math.floor(((ends[at] as number) - place - 4) / 2), 0)
  expect(total(await countedInParts(source, new Uint8Array(2), { range, cuts }))).toBe(expected)
  expect(await count(source, new Uint8Array(2))).toBe(expected)
  const overlapping = places.reduce((sum, place, at) => sum + (ends[at] as number) - place - 5, 0)
  expect(total(await countedInParts(source, new Uint8Array(2), { range, cuts, isOverlapping: true }))).toBe(overlapping)
})

test('a hole of a terabyte is counted at once, in parts as well', async () => {
  const path = folder.sparse(1024 * GIB)
  const fd = openSync(path, 'r+')
  writeSync(fd, 'x', 600 * GIB + 1, 'latin1')
  closeSync(fd)
  const source = open(path)
  const range = { start: 0, end: source.byteLength }
  const cuts = [1, 600 * GIB, 600 * GIB + 2, 900 * GIB + 1]
  const counts = await countedInParts(source, new Uint8Array(3), { range, cuts })
  const behind = 424 * GIB - 2
  expect(total(counts)).toBe(Math.floor((600 * GIB + 1) / 3) + Math.floor(behind / 3))
})

describe('bytes that cannot be read', () => {
  const bytes = new Uint8Array(1_000).fill(7)
  const unreadable = [
    { start: 100, end: 200 },
    { start: 400, end: 500 },
  ]

  test.each([true, false])(
    'end a part that tells nobody, with what it counted (own matcher: %s)',
    async (hasMatchIn) => {
      const source = new MemorySource(bytes, { unreadable, hasMatchIn })
      const starts = { start: 150, end: 450 }
      const counting = countPart(source, Uint8Array.of(7, 7), { starts })
      await expect(counting).rejects.toMatchObject({ code: 'ERR_FAULT', hitCount: 100 })
      const missed: ByteRange[] = []
      const onUnreadable = (lost: ByteRange): void => void missed.push(lost)
      expect(await countPart(source, Uint8Array.of(7, 7), { starts, onUnreadable })).toEqual({
        count: 100,
        lastEnd: 400,
      })
      expect(missed[0]).toEqual({ start: 150, end: 200 })
      const range = { start: 0, end: 1_000 }
      const counts = await countedInParts(source, Uint8Array.of(7, 7), { range, cuts: [150, 450], onUnreadable })
      expect(counts).toEqual([50, 100, 250])
    },
  )

  test('what an expression cannot read ends it, with what it counted before', async () => {
    const source = new MemorySource(bytes, { unreadable })
    // The pair at 98 would have to look at byte 100.
    const counting = countPart(source, { kind: 'regexp', text: '\\x07\\x07(?!b)' }, { starts: { start: 0, end: 450 } })
    await expect(counting).rejects.toMatchObject({ code: 'ERR_FAULT', hitCount: 49 })
  })
})

test('an abort ends a part with its reason, before it begins, between windows and while it waits', async () => {
  const reason = new Error('no longer wanted')
  const aborted = AbortSignal.abort(reason)
  const source = open(folder.file(new Uint8Array(64 * MIB)))
  await expect(countPart(source, Buffer.from('x'), { signal: aborted })).rejects.toBe(reason)
  for (const query of [new Uint8Array(1), /\0(?!\0)x?/]) {
    const between = new AbortController()
    const onProgress = (): void => between.abort(reason)
    await expect(countPart(source, query, { signal: between.signal, onProgress })).rejects.toBe(reason)
  }
  const never: ByteSource = {
    byteLength: MIB,
    read: (_offset, _length, options) =>
      new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal?.reason))),
    close: async () => undefined,
  }
  const late = new AbortController()
  const waiting = countPart(never, Buffer.from('x'), { signal: late.signal })
  setImmediate(() => late.abort(reason))
  await expect(waiting).rejects.toBe(reason)
})
