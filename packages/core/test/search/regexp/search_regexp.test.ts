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
          }
        }
      }, 120_000)
    }
  }
})

function pickRange(random: Random, length: number): ByteRange {
  const [a, b] = [random.between(0, length), random.between(0, length)]
  return { start: Math.min(a, b), end: Math.max(a, b) }
}

test('the real limits are used by default', () => {
  expect(REGEXP_LIMITS.windowByteLength).toBe(32 * 1024 ** 2)
})
