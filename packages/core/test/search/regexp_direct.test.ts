import { openSync } from 'node:fs'
import { binding } from '@mapscope/native'
import { afterAll, describe, expect, test } from 'vitest'
import { count, MappedSource, search } from '../../src/index.ts'
import type { EngineLimits } from '../../src/search/limits.ts'
import { patternEngineWith } from '../../src/search/pattern_engine.ts'
import { toExpression } from '../../src/search/regexp/expression.ts'
import { searchRegexp } from '../../src/search/regexp/search_regexp.ts'
import { directSteps } from '../../src/search/regexp_direct.ts'
import type { SearchTask, Step } from '../../src/search/task.ts'
import { type ByteRange, type CompiledRegexp, HitBatch } from '../../src/shared/index.ts'
import { plainMatcher } from '../../src/shared/search/matcher.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'
import { PythonRe } from './regexp/python_re.ts'

const folder = new TempFolder()
const open: MappedSource[] = []
const python = new PythonRe()
afterAll(async () => {
  python.end()
  for (const source of open) await source.close()
})

function mapped(path: string): MappedSource {
  const source = MappedSource.open(openSync(path, 'r'))
  open.push(source)
  return source
}

const ATOMS = ['a', 'b', 'c', '[ab]', '[^b]', '[a-c]', '\\x00', '[^]', '[\\x00-\\x1f]', '(?:a|b)', '\\w', '.', '[cd]']
const COUNTS = ['', '', '', '?', '*', '+', '{2}', '{1,3}', '{0,2}', '{2,}', '*?', '+?']

/** Of the syntax that CPython shares: `[^]` is written otherwise there. */
function randomPattern(random: Random): string {
  const parts = Array.from({ length: random.between(1, 6) }, () => random.pick(ATOMS) + random.pick(COUNTS))
  const word = random.pick(['ab', 'abc', 'caa', 'aaaa', 'b\\x00', 'cb'])
  return [...(random.chance(0.3) ? parts.splice(0, 1) : []), word, ...parts].join('')
}

function randomData(random: Random): Uint8Array {
  const values = [...random.pick(['ab', 'abc', 'abcd ', 'aab\0\n', 'abc\xe0'])].map((one) => one.charCodeAt(0))
  return Uint8Array.from({ length: random.between(1, 300) }, () => random.pick(values))
}

/** Windows so small that every match lies on some edge. */
function randomLimits(random: Random): EngineLimits {
  const windowByteLength = random.between(1, 40)
  return {
    windowByteLength,
    pieceByteLength: random.between(1, 60),
    zonesHeld: random.between(1, 3),
    readByteLength: random.between(1, 24),
    clusterByteLength: random.between(1, 12),
    firstByteLength: random.between(1, windowByteLength),
    joinByteLength: random.between(0, 10),
    hitsPerWindow: random.pick([1, 2, 3, 1000]),
    hitsPerBatch: random.pick([1, 3, 1000]),
  }
}

function taskFor(bytes: Uint8Array, range: ByteRange, direction: SearchTask['direction']): SearchTask {
  return {
    source: new MemorySource(bytes, { hasMatchIn: true }),
    range,
    direction,
    signal: new AbortController().signal,
    alignment: 1,
    isOverlapping: false,
    isCountOnly: false,
    limit: Number.POSITIVE_INFINITY,
    onProgress: undefined,
    onUnreadable: () => undefined,
  }
}

async function* expressions({ source }: CompiledRegexp, task: SearchTask, starts: ByteRange): AsyncGenerator<Step> {
  for await (const batch of searchRegexp(task.source, { pattern: source }, { range: task.range, starts }))
    yield { count: batch.length, batch: new HitBatch(batch), settledTo: task.range.end }
}

function v8Matches(pattern: string, bytes: Uint8Array, { start, end }: ByteRange): number[][] {
  return [...latin1(bytes.subarray(start, end)).matchAll(new RegExp(pattern, 'g'))]
    .filter(([text]) => text.length > 0)
    .map((match) => [start + match.index, match[0].length])
}

async function pairsOf(steps: AsyncIterable<Step>): Promise<number[][]> {
  const pairs: number[][] = []
  for await (const { batch } of steps) for (const hit of batch ?? []) pairs.push([hit.offset, hit.byteLength])
  return pairs
}

test(`what needs no engine is found as V8 and CPython find it, seed ${SEED}`, { timeout: 120_000 }, async () => {
  const random = new Random(SEED)
  const seen = { whole: 0, sequence: 0, hits: 0, python: 0 }
  for (let round = 0; round < 8000 || seen.hits < 1000; round++) {
    const source = randomPattern(random)
    const bytes = randomData(random)
    const query: CompiledRegexp = { kind: 'regexp', source, flags: '', isAsciiCaseInsensitive: false }
    const [a, b] = [random.between(0, bytes.length), random.between(0, bytes.length)]
    const range = random.chance(0.5) ? { start: 0, end: bytes.length } : { start: Math.min(a, b), end: Math.max(a, b) }
    const direction = random.chance(0.2) ? 'backward' : 'forward'
    const patterns = patternEngineWith(randomLimits(random))
    const steps = directSteps(query, taskFor(bytes, range, direction), { engines: { patterns, expressions } })
    if (steps === undefined) continue
    const expected = v8Matches(source, bytes, range)
    const found = await pairsOf(steps)
    const told = `/${source}/ ${direction} in ${JSON.stringify(range)} of ${Buffer.from(bytes).toString('base64')}`
    expect(direction === 'backward' ? found.reverse() : found, told).toEqual(expected)
    seen[toExpression({ pattern: source }).isWholeNeedle ? 'whole' : 'sequence']++
    seen.hits += expected.length
    if (source.includes('[^]') || round % 5 > 0) continue
    const data = latin1(bytes.subarray(range.start, range.end))
    const pythons = await python.matches({ pattern: source, data, isCaseInsensitive: false, canBeEmpty: false })
    expect(pythons, told).toEqual(expected.flatMap(([offset, length]) => [(offset as number) - range.start, length]))
    seen.python++
  }
  expect(seen.hits).toBeGreaterThan(1000)
  expect(seen.python).toBeGreaterThan(50)
})

describe('the native matcher of runs', () => {
  for (const tier of binding.tiers) {
    test(`is the plain one (${tier}, seed ${SEED})`, () => {
      const random = new Random(SEED)
      let compared = 0
      for (let round = 0; round < 20_000 && compared < 1500; round++) {
        const { sequence } = toExpression({ pattern: randomPattern(random) })
        if (sequence === undefined) continue
        const { runs, anchor } = sequence
        const given = runs.map(({ set, min, max }) => (Number.isFinite(max) ? { set, min, max } : { set, min }))
        const native = binding.compilePattern({ kind: 'sequence', runs: given, anchor }, tier)
        const bytes = randomData(random)
        const options = {
          limit: random.pick([1, 3, 10_000]),
          isOverlapping: random.chance(0.5),
          alignment: random.pick([1, 1, 2, 3]),
          startsBefore: random.between(0, bytes.length),
        }
        const { offsets, byteLengths, count } = native.matchBytes(bytes, options)
        const plain = plainMatcher(sequence).matchBytes(bytes, options)
        const told = JSON.stringify({ round, options })
        expect([...offsets], told).toEqual([...plain.offsets])
        expect(byteLengths && [...byteLengths], told).toEqual(plain.byteLengths && [...plain.byteLengths])
        expect(count, told).toBe(plain.count)
        compared++
      }
      expect(compared).toBeGreaterThan(500)
    })
  }

  test('refuses what is none', () => {
    const set = new Uint8Array(256).fill(1)
    const anchor = { values: Uint8Array.of(1), offset: 0 }
    const compile = (runs: unknown, of: object = anchor) =>
      binding.compilePattern({ kind: 'sequence', runs, anchor: of } as never)
    expect(() => compile('x')).toThrow(TypeError)
    expect(() => compile([{ set: new Uint8Array(255), min: 1, max: 1 }])).toThrow(/256 bytes/)
    expect(() => compile([{ set, min: 2, max: 1 }])).toThrow(/greater than max/)
    expect(() => compile([{ set, min: 32_769 }])).toThrow(/at most 32,768/)
    expect(() => compile([{ set, min: 1 }], { ...anchor, offset: 1 })).toThrow(/lie within/)
    expect(() => compile([])).toThrow(/lie within/)
  })
})

describe('runs that are longer than the matcher follows', () => {
  const link = (length: number): string => `http://${'a'.repeat(length)}`
  const texts = [0, 65_528, 65_529, 65_530, 200_000, 3_000_000].map((length) => `${link(length)} http://b http://c`)

  test.each(texts)('%#: are told whole, with those behind them', async (text) => {
    const source = mapped(folder.file(text))
    const pattern = /https?:\/\/[a-z]*/
    const expected = v8Matches(pattern.source, Buffer.from(text), { start: 0, end: text.length })
    const hits: number[][] = []
    const progress: number[] = []
    const onProgress = ({ scanned }: { scanned: number }) => void progress.push(scanned)
    for await (const batch of search(source, pattern, { onProgress }))
      for (const { offset, byteLength } of batch) hits.push([offset, byteLength])
    expect(hits).toEqual(expected)
    expect(await count(source, pattern)).toBe(expected.length)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))
  })
})

test(`in a mapping, over the edges of its windows, seed ${SEED}`, { timeout: 60_000 }, async () => {
  const random = new Random(SEED)
  const words = ['abc', 'http://', 'https://', 'ab', '. ', '/c', 'zzzz', '\n', 'q'.repeat(700)]
  const bytes = Buffer.from(Array.from({ length: 60_000 }, () => random.pick(words)).join(''))
  expect(bytes.length).toBeGreaterThan(4 * 1024 ** 2)
  const source = mapped(folder.file(bytes))
  for (const pattern of [
    'https?://[\\w./-]+',
    'abc',
    'zzz[z]{2,900}',
    'qqqqq+z?',
    'abc[a-c]*[^a-c]',
    '/c[\\s\\S]{0,9}',
  ]) {
    expect(toExpression({ pattern }).sequence !== undefined || pattern === 'abc', pattern).toBe(true)
    const hits: number[][] = []
    for await (const batch of search(source, { kind: 'regexp', text: pattern }))
      for (const hit of batch) hits.push([hit.offset, hit.byteLength])
    expect(hits, pattern).toEqual(v8Matches(pattern, bytes, { start: 0, end: bytes.length }))
    expect(hits.length, pattern).toBeGreaterThan(300)
  }
})

test('past 4 GiB, in holes and at the end', async () => {
  const end = 6 * GIB
  const marks = [
    { offset: 4 * GIB - 4, text: 'mark=12345' },
    { offset: 5 * GIB, text: 'mark=;' },
    { offset: end - 8, text: 'mark=999' },
  ]
  const source = mapped(folder.sparse(end, marks))
  const hits: number[][] = []
  for await (const batch of search(source, /mark=\d+/)) for (const hit of batch) hits.push([hit.offset, hit.byteLength])
  expect(hits).toEqual([
    [4 * GIB - 4, 10],
    [end - 8, 8],
  ])
  expect(await count(source, /mark=[\s\S]{3}/)).toBe(3)
})
