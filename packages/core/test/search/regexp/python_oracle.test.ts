import { openSync, readSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { MappedSource } from '../../../src/index.ts'
import type { RegexpQuery } from '../../../src/search/regexp/expression.ts'
import { REGEXP_LIMITS, type RegexpLimits } from '../../../src/search/regexp/limits.ts'
import { type RegexpSearchOptions, searchRegexpWithLimits } from '../../../src/search/regexp/search_regexp.ts'
import { type ByteRange, type ByteSource, isMapscopeError } from '../../../src/shared/index.ts'
import { MemorySource } from '../../support/memory_source.ts'
import { Random, SEED } from '../../support/random.ts'
import { latin1, TempFolder } from '../../support/temp.ts'
import { PythonRe } from './python_re.ts'
import {
  byteLengthsOf,
  type Expr,
  isUnbounded,
  RUN_BYTE_LENGTH,
  randomExpression,
  STOP,
  sightOf,
} from './random_expression.ts'
import { JAVASCRIPT, PYTHON, written } from './written_expression.ts'

/** Cases that count, for each kind of data. */
const CASES = Number(process.env['REGEXP_ORACLE_CASES'] ?? 120)
const MOST_BYTE_LENGTH = 1500
/** An expression that V8 takes longer for is drawn again, as is one that CPython takes long for. */
const PATIENCE_MS = 1000

const folder = new TempFolder()
const open: MappedSource[] = []
const python = new PythonRe()
afterAll(async () => {
  python.end()
  for (const source of open) await source.close()
})

const WORDS = [
  'the ',
  'error',
  'Error: ',
  'http://a.b/c',
  'x@y.org ',
  '\n',
  '\r\n',
  'aaa',
  'abab',
  '42 ',
  '0x7F',
  '\t',
  'é',
]

const DATA: Readonly<Record<string, (random: Random, length: number) => Uint8Array>> = {
  text: (random, length) => {
    const words = Array.from({ length }, () => random.pick(WORDS))
    return Buffer.from(words.join('').slice(0, length), 'latin1')
  },
  'random bytes': (random, length) => random.bytes(length),
  'random bytes of few values': (random, length) =>
    Uint8Array.from({ length }, () => random.pick([...'aabBc \n\0\xe0']).charCodeAt(0)),
  'a period': (random, length) => {
    const period = random.bytes(random.between(1, 7))
    return Uint8Array.from({ length }, (_, at) => period[at % period.length] as number)
  },
  zeros: (_, length) => new Uint8Array(length),
  'a real program': (random, length) => {
    const bytes = new Uint8Array(length)
    readSync(program, bytes, 0, length, random.between(0, 32 * 1024 ** 2))
    return bytes
  },
}
const program = openSync(process.execPath, 'r')

interface Case {
  readonly bytes: Uint8Array
  readonly expr: Expr
  readonly query: RegexpQuery
  readonly range: ByteRange
  readonly limits: RegexpLimits
  readonly isMapped: boolean
}

describe(`as CPython’s re sees it, seed ${SEED}`, () => {
  for (const [name, dataOf] of Object.entries(DATA)) {
    test(name, { timeout: 240_000 }, async () => {
      const random = new Random(SEED)
      let compared = 0
      let hits = 0
      for (let drawn = 0; compared < CASES; drawn++) {
        expect(drawn, 'nearly every expression takes too long').toBeLessThan(CASES * 4)
        const one = randomCase(random, dataOf(random, random.between(1, MOST_BYTE_LENGTH)))
        const expected = await expectedOf(one)
        const found = expected && (await foundOf(one, 'forward'))
        const backward = found && (await foundOf(one, 'backward'))
        if (expected === undefined || found === undefined || backward === undefined) continue
        const told = () => JSON.stringify({ ...one, expr: undefined, bytes: Buffer.from(one.bytes).toString('base64') })
        expect(found, told()).toEqual(expected)
        expect(backward.reverse(), `backward: ${told()}`).toEqual(expected)
        compared++
        hits += expected.length
      }
      expect(hits).toBeGreaterThan(CASES)
    })
  }
})

function randomCase(random: Random, data: Uint8Array): Case {
  const bytes = random.chance(0.5) ? stopped(random, data) : data
  const flags = ['i', 'm', 's'].filter(() => random.chance(0.3)).join('')
  const isAsciiCaseInsensitive = !flags.includes('i') && random.chance(0.3)
  const isFolded = isAsciiCaseInsensitive || flags.includes('i')
  const expr = randomExpression(random, { data: bytes, isAscii: flags.includes('i'), hasReferences: !isFolded })
  const maxMatchByteLength = isUnbounded(expr) && bytes === data ? data.length : sightOf(expr, RUN_BYTE_LENGTH)
  const pattern = written(expr, flags, JAVASCRIPT)
  const query = { pattern, flags, isAsciiCaseInsensitive, maxMatchByteLength, timeBudgetMs: PATIENCE_MS }
  const range = random.chance(0.6) ? { start: 0, end: bytes.length } : rangeIn(random, bytes.length)
  return { bytes, expr, query, range, limits: randomLimits(random), isMapped: random.chance(0.7) }
}

/** With stops that no unbounded repetition runs over, so that texts can end long before the data does. */
function stopped(random: Random, data: Uint8Array): Uint8Array {
  const bytes = data.slice()
  for (let at = 0; at < bytes.length; at += random.between(1, RUN_BYTE_LENGTH)) bytes[at] = STOP
  return bytes
}

function rangeIn(random: Random, byteLength: number): ByteRange {
  const [a, b] = [random.between(0, byteLength), random.between(0, byteLength)]
  return { start: Math.min(a, b), end: Math.max(a, b) }
}

/** Windows from a few bytes to all: every match lies across an edge of one. */
function randomLimits(random: Random): RegexpLimits {
  return {
    ...REGEXP_LIMITS,
    windowByteLength: random.pick([7, 64, 300, MOST_BYTE_LENGTH]),
    firstWindowByteLength: random.pick([1, 16, 300]),
    windowHits: random.pick([1, 5, 10_000]),
    longestMatchByteLength: 4 * MOST_BYTE_LENGTH,
    minZeros: 8,
    backwardByteLength: random.pick([32, 300]),
  }
}

async function expectedOf({ bytes, expr, query, range }: Case): Promise<number[][] | undefined> {
  const { flags = '', isAsciiCaseInsensitive = false } = query
  const found = await python.matches({
    pattern: written(expr, flags, PYTHON),
    data: latin1(bytes.subarray(range.start, range.end)),
    isCaseInsensitive: isAsciiCaseInsensitive || flags.includes('i'),
    canBeEmpty: byteLengthsOf(expr)[0] === 0,
  })
  return found && pairsOf(found, range.start)
}

function pairsOf(numbers: readonly number[], base: number): number[][] {
  return Array.from({ length: numbers.length / 2 }, (_, index) => [
    base + (numbers[index * 2] as number),
    numbers[index * 2 + 1] as number,
  ])
}

async function foundOf(one: Case, direction: RegexpSearchOptions['direction']): Promise<number[][] | undefined> {
  const source = sourceOf(one)
  const hits: number[][] = []
  try {
    for await (const batch of searchRegexpWithLimits(source, one.query, { range: one.range, direction }, one.limits))
      for (const { offset, byteLength } of batch.hits) hits.push([offset, byteLength])
    return hits
  } catch (error) {
    if (isMapscopeError(error, 'ERR_TIMEOUT')) return undefined
    throw error
  }
}

function sourceOf({ bytes, isMapped }: Case): ByteSource {
  if (!isMapped) return new MemorySource(bytes)
  const source = MappedSource.open(openSync(folder.file(bytes), 'r'))
  open.push(source)
  return source
}
