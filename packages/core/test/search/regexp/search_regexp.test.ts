import { openSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { MappedSource } from '../../../src/index.ts'
import type { RegexpQuery } from '../../../src/search/regexp/expression.ts'
import type { RegexpHit } from '../../../src/search/regexp/hits.ts'
import { REGEXP_LIMITS, type RegexpLimits } from '../../../src/search/regexp/limits.ts'
import { type RegexpSearchOptions, searchRegexpWithLimits } from '../../../src/search/regexp/search_regexp.ts'
import type { ByteRange, ByteSource } from '../../../src/shared/index.ts'
import { MemorySource } from '../../support/memory_source.ts'
import { Random, SEED } from '../../support/random.ts'
import { latin1, TempFolder } from '../../support/temp.ts'

const folder = new TempFolder()
const open: MappedSource[] = []
afterAll(async () => {
  for (const source of open) await source.close()
})

function mapped(bytes: Uint8Array): MappedSource {
  const source = MappedSource.open(openSync(folder.file(bytes), 'r'))
  open.push(source)
  return source
}

/** Windows of a few bytes: every match lies across an edge of one. */
const TINY: RegexpLimits = {
  windowByteLength: 64,
  firstWindowByteLength: 16,
  windowHits: 5,
  longestMatchByteLength: 4096,
  minZeros: 8,
  backwardByteLength: 32,
}

async function hitsOf(
  source: ByteSource,
  query: RegexpQuery,
  options: RegexpSearchOptions = {},
  limits: RegexpLimits = TINY,
): Promise<RegexpHit[]> {
  const hits: RegexpHit[] = []
  for await (const batch of searchRegexpWithLimits(source, query, options, limits)) hits.push(...batch.hits)
  return hits
}

/** One `exec` after the other over one text of all the bytes. */
function oracle(bytes: Uint8Array, { pattern, flags = '' }: RegexpQuery, range?: ByteRange): RegexpHit[] {
  const { start, end } = range ?? { start: 0, end: bytes.length }
  return [...latin1(bytes.subarray(start, end)).matchAll(new RegExp(pattern, `${flags}g`))]
    .map((match) => ({ offset: start + match.index, byteLength: match[0].length }))
    .filter(({ byteLength }) => byteLength > 0)
}

/** Of matches and looks of at most 100 bytes in the data below. */
const BOUNDED = [
  'ab',
  'a|b',
  'a{3}',
  '[ab]{2,5}',
  '(?<=b)a',
  '(?<!a)b{1,3}',
  '\\ba\\w{0,3}',
  'a(?=b)',
  'a(?!b)',
  '^a',
  '^b',
  'a$',
  '^[^]',
  '[^]$',
  'c\\b',
  '\\Bb',
  'a?b?c',
  '(?:ab|ba)+?c',
  'a{0,4}b',
  '(a|ab)(c|bcd)?',
  '[^a]{3}',
  '\\x00',
  '\\x00{2,3}',
  '.',
  '[^]{7}',
  '(?:a{1,3}b){1,4}',
  '(a)b\\1?',
  'x*',
  '|a',
  'a??',
  '(?=a)',
  'ca|ac|bb',
  'abc|bca|cab',
  '(?<=^[^]{3})[^]{2}',
  '(?<=(?:^|c)a)b',
  '[a-c]{1,40}\\x00',
  'b(?=[^]{0,30}c)a',
]
const FLAGS = ['', 'm', 's', 'i', 'ms']

describe(`regular expressions, seed ${SEED}`, () => {
  for (const hasMapping of [true, false]) {
    for (const alphabet of ['abc', 'ab\0', 'aaaab', 'abc\n', 'aAbB\xe0\xc0']) {
      test(`tells what one exec after the other tells: ${JSON.stringify(alphabet)}, ${hasMapping ? 'mapped' : 'read'}`, async () => {
        const random = new Random(SEED)
        for (let round = 0; round < 12; round++) {
          const length = random.between(1, 700)
          const bytes = Uint8Array.from({ length }, () => random.pick([...alphabet]).charCodeAt(0))
          const source = hasMapping ? mapped(bytes) : new MemorySource(bytes)
          const range = random.chance(0.5) ? undefined : pickRange(random, length)
          for (const pattern of BOUNDED) {
            const query = { pattern, flags: random.pick(FLAGS), maxMatchByteLength: 200 }
            const expected = oracle(bytes, query, range)
            expect(await hitsOf(source, query, { range }), JSON.stringify({ round, query, range })).toEqual(expected)
            const backward = await hitsOf(source, query, { range, direction: 'backward' })
            expect(backward, JSON.stringify({ round, query, range, direction: 'backward' })).toEqual(expected.reverse())
            if (round % 4 > 0) continue
            const [starts, beginning] = someStarts(random, bytes, query, range)
            const told = JSON.stringify({ round, query, range, starts })
            expect(await hitsOf(source, query, { range, starts }), told).toEqual(beginning)
            const lastFirst = await hitsOf(source, query, { range, starts, direction: 'backward' })
            expect(lastFirst, told).toEqual(beginning.toReversed())
          }
        }
      }, 120_000)
    }
  }
})

/** A part of the range, and the matches that begin in it: `exec` from its start on, over the text of the whole range. */
function someStarts(
  random: Random,
  bytes: Uint8Array,
  { pattern, flags = '' }: RegexpQuery,
  range: ByteRange = { start: 0, end: bytes.length },
): readonly [ByteRange, RegexpHit[]] {
  const within = pickRange(random, range.end - range.start)
  const starts = { start: range.start + within.start, end: range.start + within.end }
  const text = latin1(bytes.subarray(range.start, range.end))
  const expression = new RegExp(pattern, `${flags}g`)
  const hits: RegexpHit[] = []
  expression.lastIndex = within.start
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    const offset = range.start + match.index
    if (match[0].length === 0) expression.lastIndex++
    else if (offset < starts.end) hits.push({ offset, byteLength: match[0].length })
  }
  return [starts, hits]
}

function pickRange(random: Random, length: number): ByteRange {
  const [a, b] = [random.between(0, length), random.between(0, length)]
  return { start: Math.min(a, b), end: Math.max(a, b) }
}

/** Longer matches than a window, up to the limit: runs of letters between other bytes. */
test(`finds matches across many windows whole, seed ${SEED}`, async () => {
  const random = new Random(SEED)
  for (let round = 0; round < 10; round++) {
    const words = Array.from({ length: 30 }, () => 'ab'.repeat(random.between(1, 95)) + random.pick([' ', '--', 'c']))
    const bytes = Buffer.from(words.join(''))
    const source = random.chance(0.5) ? mapped(bytes) : new MemorySource(bytes)
    for (const pattern of ['[ab]+', '[ab]{8,}', 'a[^ c-]*?c', '(?:ab)+', '\\b\\w+\\b', '(?<= )[ab]+(?=-)', '[ab]+ ']) {
      const query = { pattern, maxMatchByteLength: 300 }
      const expected = oracle(bytes, query)
      expect(await hitsOf(source, query), JSON.stringify({ round, query })).toEqual(expected)
      expect(await hitsOf(source, query, { direction: 'backward' }), JSON.stringify({ round, query })).toEqual(
        expected.reverse(),
      )
    }
  }
}, 60_000)

test('finds a match whose needle lies beyond the window, with another needle farther on', async () => {
  const bytes = Buffer.from(`${'.'.repeat(30)}NL${'.'.repeat(120)}zz`)
  const query = { pattern: '(?:[.]+x)?NL|zz', maxMatchByteLength: 200 }
  expect(await hitsOf(mapped(bytes), query)).toEqual(oracle(bytes, query))
})

test('finds a match of 1 MiB and more whole across the edges of the real windows', async () => {
  const MIB = 1024 ** 2
  const bytes = new Uint8Array(40 * MIB)
  const places = [MIB - 7, 9 * MIB + 5, 33 * MIB - 100]
  for (const place of places) bytes.fill(0x41, place, place + MIB)
  for (const source of [mapped(bytes), new MemorySource(bytes)]) {
    const expected = places.map((offset) => ({ offset, byteLength: MIB }))
    expect(await hitsOf(source, { pattern: '[A-Z]+' }, {}, REGEXP_LIMITS)).toEqual(expected)
    expect(await hitsOf(source, { pattern: 'A{2,}' }, { direction: 'backward' }, REGEXP_LIMITS)).toEqual(
      expected.toReversed(),
    )
  }
  bytes.fill(0x42)
  expect(await hitsOf(mapped(bytes), { pattern: 'B+' }, {}, REGEXP_LIMITS)).toEqual([
    { offset: 0, byteLength: bytes.length },
  ])
}, 60_000)

test('stops at the limit, and tells how far it is', async () => {
  const bytes = Buffer.from('ab'.repeat(500))
  for (const direction of ['forward', 'backward'] as const) {
    const progress: number[] = []
    const onProgress = ({ scanned, total }: { scanned: number; total: number }): void => {
      expect(total).toBe(1000)
      progress.push(scanned)
    }
    const hits = await hitsOf(mapped(bytes), { pattern: 'b' }, { direction, limit: 7, onProgress })
    const expected = oracle(bytes, { pattern: 'b' })
    expect(hits).toEqual((direction === 'forward' ? expected : expected.reverse()).slice(0, 7))
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  }
  expect(await hitsOf(mapped(bytes), { pattern: 'b' }, { limit: 0 })).toEqual([])
})

test('refuses what is no search over bytes, and says what to do', async () => {
  const source = new MemorySource(Buffer.from('abc'))
  const codeOf = (query: RegexpQuery, options: RegexpSearchOptions = {}): Promise<string> =>
    hitsOf(source, query, options).then(
      () => 'none',
      (error: { readonly code: string }) => error.code,
    )
  for (const flags of ['u', 'v', 'g', 'y', 'd', 'ii', 'x'])
    expect(await codeOf({ pattern: 'a', flags })).toBe('ERR_ARGUMENT')
  for (const pattern of ['(', 'a{2,1}', '[b-a]', '\\']) expect(await codeOf({ pattern })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: 'a', flags: 'i', isAsciiCaseInsensitive: true })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: '(a)\\1', isAsciiCaseInsensitive: true })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: 'a', maxMatchByteLength: 0 })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: 'a', timeBudgetMs: -1 })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: 'a' }, { limit: -1 })).toBe('ERR_ARGUMENT')
  expect(await codeOf({ pattern: 'a' }, { range: { start: 0, end: 4 } })).toBe('ERR_RANGE')
  expect(await codeOf({ pattern: 'a' }, { signal: AbortSignal.abort({ code: 'mine' }) })).toBe('mine')
})

test('tells the hits before bytes that cannot be read, and then of those', async () => {
  const source = new MemorySource(Buffer.from('ab'.repeat(300)), { unreadable: [{ start: 301, end: 310 }] })
  const hits: RegexpHit[] = []
  const search = async (): Promise<void> => {
    for await (const batch of searchRegexpWithLimits(source, { pattern: 'ab' }, {}, TINY)) hits.push(...batch.hits)
  }
  await expect(search()).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 301 })
  expect(hits).toEqual(Array.from({ length: 150 }, (_, index) => ({ offset: 2 * index, byteLength: 2 })))
})

test('holes of a source are not read, and count as zeros', async () => {
  const bytes = new Uint8Array(3000)
  bytes.set(Buffer.from('ab\0ab'), 1500)
  const extents = [
    { kind: 'hole', start: 0, end: 1400 },
    { kind: 'data', start: 1400, end: 1600 },
    { kind: 'hole', start: 1600, end: 3000 },
  ] as const
  for (const pattern of [
    'ab',
    '\\0{3}',
    '\\0+',
    '[^]{5}',
    'b\\0+',
    '\\0{7}a?',
    '(?<=\\0)\\0(?=\\0)',
    '(?<=b)\\0{2,9}',
    '^\\0{2}',
    '\\0{2}$',
    '[^\\0]',
  ]) {
    for (const direction of ['forward', 'backward'] as const) {
      const source = new MemorySource(bytes, { extents })
      const query = { pattern, maxMatchByteLength: 60 }
      const expected = oracle(bytes, query)
      const isLong = expected.some(({ byteLength }) => byteLength > 60)
      if (isLong && direction === 'backward') continue
      const hits = await hitsOf(source, query, { direction })
      expect(hits, `${pattern} ${direction}`).toEqual(direction === 'forward' ? expected : expected.reverse())
      const read = source.scanned.reduce((sum, { start, end }) => sum + end - start, 0)
      if (pattern === 'ab' && direction === 'forward') expect(read).toBeLessThan(1200)
    }
  }
})
