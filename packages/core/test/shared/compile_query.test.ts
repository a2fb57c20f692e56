import { describe, expect, test } from 'vitest'
import {
  type CompiledQuery,
  compileQuery,
  type NumberType,
  parseNumberType,
  parseQuery,
  type SearchQuery,
} from '../../src/shared/index.ts'
import { caseVariants } from '../../src/shared/search/case_variants.ts'
import { decodeHalf, nearestHalf } from '../../src/shared/search/half_float.ts'
import { plainMatcher } from '../../src/shared/search/matcher.ts'
import { Random, SEED } from '../support/random.ts'

function compiled(query: SearchQuery): CompiledQuery {
  const result = compileQuery(query)
  return 'query' in result ? result.query : expect.fail(result.problem)
}

function problemOf(query: SearchQuery): string {
  const result = compileQuery(query)
  return 'problem' in result ? result.problem : expect.fail(`compiled to ${result.query.kind}`)
}

/** Values and masks of a query that comes to masked bytes, as hex. */
function masked(query: SearchQuery): string {
  const { kind, pattern } = compiled(query) as Extract<CompiledQuery, { kind: 'bytes' }>
  expect(kind).toBe('bytes')
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  return pattern.masks === undefined ? hex(pattern.values) : `${hex(pattern.values)}/${hex(pattern.masks)}`
}

const matchers = new WeakMap<SearchQuery, (bytes: Uint8Array) => boolean>()

/** Whether these bytes, from the first to the last, are a match. */
function isMatch(query: SearchQuery, bytes: Uint8Array): boolean {
  const matches = matchers.get(query) ?? wholeMatch(compiled(query))
  matchers.set(query, matches)
  return matches(bytes)
}

function wholeMatch(result: CompiledQuery): (bytes: Uint8Array) => boolean {
  if (result.kind === 'regexp') {
    const whole = new RegExp(`^(?:${result.source})$`, result.flags)
    return (bytes) => whole.test(Buffer.from(bytes).toString('latin1'))
  }
  const matcher = plainMatcher(result.pattern)
  return (bytes) => {
    const { offsets, byteLengths } = matcher.matchBytes(bytes, { limit: 1000 })
    return offsets[0] === 0 && (byteLengths?.[0] ?? matcher.maxByteLength) === bytes.length
  }
}

describe('hex with wildcards', () => {
  test.each([
    ['4D 5A ?? ?? 5?', '4d5a000050/ffff0000f0'],
    ['?5', '05/0f'],
    ['0x4D?A,?F', '4d0a0f/ff0f0f'],
    ['4D [2] 5A', '4d00005a/ff0000ff'],
    ['4D[ 2 - 2 ]5A', '4d00005a/ff0000ff'],
    ['[1]4D', '004d/00ff'],
    ['4D [0] 5A', '4d5a'],
  ])('%j', (text, expected) => {
    expect(masked({ kind: 'hex', text })).toBe(expected)
  })

  test.each([
    ['4D [2-8] 5A', '\\x4d[\\s\\S]{2,8}\\x5a', 10],
    ['4D ?? [0-1] 5?', `\\x4d[\\s\\S][\\s\\S]{0,1}[${range(0x50, 0x5f)}]`, 4],
    ['4D [2-3] 5A [4] FF', '\\x4d[\\s\\S]{2,3}\\x5a[\\s\\S]{4}\\xff', 10],
  ])('%j is a regular expression', (text, source, maxMatchByteLength) => {
    expect(compiled({ kind: 'hex', text })).toMatchObject({ kind: 'regexp', source, flags: '', maxMatchByteLength })
  })

  test.each([
    ['??', 'matches everywhere'],
    ['[2-8]', 'matches everywhere'],
    ['4D [8-2] 5A', 'write [2-8]'],
    ['4D [x] 5A', 'is no gap'],
    ['4D [2', 'is no gap'],
    ['4D [70000] 5A', 'at most 65536 bytes'],
    ['4D [1-65535] 5A', 'at most 65536'],
    ['4D ?', 'odd number of digits'],
  ])('%j is a problem', (text, words) => {
    expect(problemOf({ kind: 'hex', text })).toContain(words)
  })

  test('find is told that it takes exact bytes only', () => {
    expect(parseQuery({ kind: 'hex', text: '4D ??' })).toMatchObject({
      problem: expect.stringContaining('exact bytes'),
    })
  })
})

function range(low: number, high: number): string {
  return Array.from({ length: high - low + 1 }, (_, index) => `\\x${(low + index).toString(16)}`).join('')
}

describe('text in encodings', () => {
  test.each([
    ['utf-16le', 'aé😀', '6100e9003dd800de'],
    ['UTF-16BE', 'aé😀', '006100e9d83dde00'],
    ['utf32le', 'a😀', '6100000000f60100'],
    ['utf_32be', 'a😀', '000000610001f600'],
    ['latin1', 'é\u0080', 'e980'],
    ['windows-1252', '€é', '80e9'],
    ['koi8-r', 'Мир', 'edc9d2'],
    ['iso-8859-5', 'Мир', 'bcd8e0'],
    ['shift_jis', '日本', '93fa967b'],
    ['euc-jp', '日本', 'c6fccbdc'],
    ['euc-kr', '한', 'c7d1'],
    ['big5', '中', 'a4a4'],
    ['gbk', '中', 'd6d0'],
    ['gb18030', '中é', 'd6d0a8a6'],
    ['gb18030', 'ÿ😀', '81308b379439fc36'],
  ])('%s: %s', (encoding, text, bytes) => {
    expect(masked({ kind: 'text', text, encoding })).toBe(bytes)
  })

  test('what an encoding does not have, and names that are none', () => {
    expect(problemOf({ kind: 'text', text: '€', encoding: 'latin1' })).toContain('“€” is not in Latin-1')
    expect(problemOf({ kind: 'text', text: 'é', encoding: 'ascii' })).toContain('“é” is not in ASCII')
    expect(problemOf({ kind: 'text', text: 'a', encoding: 'no-such' })).toContain('“no-such” is no encoding')
    expect(problemOf({ kind: 'text', text: 'a', encoding: 'iso-2022-jp' })).toContain('is no encoding to search in')
  })

  test(`what is encoded is decoded to the same (seed ${SEED})`, () => {
    const random = new Random(SEED)
    for (const encoding of [
      'windows-1251',
      'iso-8859-7',
      'shift_jis',
      'euc-jp',
      'big5',
      'gb18030',
      'utf-16be',
      'koi8-u',
    ]) {
      const decoder = new TextDecoder(encoding)
      for (let round = 0; round < 200; round++) {
        const point = random.pick([
          random.between(1, 0x7f),
          random.between(0x80, 0x4ff),
          random.between(0x3041, 0x9fff),
        ])
        const result = compileQuery({ kind: 'text', text: String.fromCodePoint(point), encoding })
        if ('problem' in result || result.query.kind === 'regexp' || result.query.kind === 'number') continue
        const { pattern } = result.query
        for (const { values } of pattern.kind === 'bytes' ? [pattern] : pattern.needles)
          expect(decoder.decode(values), `${encoding} ${point}`).toBe(String.fromCodePoint(point))
      }
    }
  })
})

describe('text without case', () => {
  test.each([
    ['utf-8', 'MZ1', '4d5a31/dfdfff'],
    ['utf-16le', 'aB', '41004200/dfffdfff'],
    ['latin1', 'é÷', 'c9f7/dfff'],
    ['utf-8', 'а', 'd090/ffdf'],
    ['koi8-r', 'Мир', 'cdc9d2/dfdfdf'],
  ])('%s: %s is one masked needle', (encoding, text, expected) => {
    expect(masked({ kind: 'text', text, encoding, isCaseInsensitive: true })).toBe(expected)
  })

  test.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32be', 'latin1', 'windows-1252', 'koi8-r', 'iso-8859-7'])(
    'in %s every character of the text, in each case it has there, and not a single other',
    (encoding) => {
      const all = allCharacters(encoding)
      for (const text of ['a', 'K', '1', 'é', 'ß', 'ж', 'р', 'σ', 'Ⱥ', 'ÿ', 'µ', 'ǆ']) {
        if (!all.has(text)) continue
        const query: SearchQuery = { kind: 'text', text, encoding, isCaseInsensitive: true }
        const wanted = new Set(caseVariants(text.codePointAt(0) as number).map((point) => String.fromCodePoint(point)))
        const matched = [...all].filter(([, bytes]) => isMatch(query, bytes)).map(([character]) => character)
        expect(matched.toSorted(), text).toEqual([...wanted].filter((character) => all.has(character)).toSorted())
      }
    },
  )

  test.each([
    ['k', 'kK'],
    ['ſ', 'ſ'],
    ['σ', 'Σςσ'],
    ['ß', 'ßẞ'],
    ['İ', 'İ'],
    ['ϴ', 'Θθϑϴ'],
    ['7', '7'],
  ])('%s has the cases %s', (character, cases) => {
    const variants = caseVariants(character.codePointAt(0) as number).map((point) => String.fromCodePoint(point))
    expect(variants.toSorted()).toEqual([...cases].toSorted())
  })

  test('many letters with far cases become a regular expression, which matches them all', () => {
    const text = 'рсту'.repeat(5)
    const query: SearchQuery = { kind: 'text', text, isCaseInsensitive: true }
    expect(compiled(query).kind).toBe('regexp')
    const encode = (written: string) => new TextEncoder().encode(written)
    expect(isMatch(query, encode(text))).toBe(true)
    expect(isMatch(query, encode(text.toUpperCase()))).toBe(true)
    expect(isMatch(query, encode(`${text.slice(0, 7).toUpperCase()}${text.slice(7)}`))).toBe(true)
    expect(isMatch(query, encode(`э${text.slice(1)}`))).toBe(false)
  })
})

/** What of Unicode's first blocks an encoding has, by bytes of its own. */
function allCharacters(encoding: string): Map<string, Uint8Array> {
  const all = new Map<string, Uint8Array>()
  for (let point = 1; point < 0x2100; point++) {
    const character = String.fromCodePoint(point)
    const result = compileQuery({ kind: 'text', text: character, encoding })
    if ('query' in result && result.query.kind === 'bytes') all.set(character, result.query.pattern.values)
  }
  return all
}

describe('numbers', () => {
  test.each<[NumberType, string, bigint | number, bigint | number]>([
    ['u32', '1234', 1234n, 1234n],
    ['u32', '0xFF', 255n, 255n],
    ['i16', '-5', -5n, -5n],
    ['u64', '18446744073709551615', 2n ** 64n - 1n, 2n ** 64n - 1n],
    ['u32', '10..20', 10n, 20n],
    ['i32', '-0x10 .. +4k', -16n, 4096n],
    ['u8', '10..', 10n, 255n],
    ['i8', '..-1', -128n, -1n],
    ['u16', '100±5', 95n, 105n],
    ['u8', '250+-10', 240n, 255n],
    ['f32', '0.1', Math.fround(0.1), Math.fround(0.1)],
    ['f64', '0.1', 0.1, 0.1],
    ['f16', '0.1', 0.0999755859375, 0.0999755859375],
    ['f64', '-1e3..inf', -1000, Number.POSITIVE_INFINITY],
    ['f64', '1.5±0.25', 1.25, 1.75],
    ['f32', '0x10', 16, 16],
    ['sleb128', '-1', -1n, -1n],
  ])('%s %s', (type, text, min, max) => {
    expect(compiled({ kind: 'number', text, type })).toEqual({
      kind: 'number',
      pattern: { kind: 'number', type, isLittleEndian: true, min, max },
    })
  })

  test.each<[NumberType, string, string]>([
    ['u8', '256', '256 is no u8, which goes from 0 to 255'],
    ['u8', '-1', 'is no u8'],
    ['i8', '-129..4', 'is no i8'],
    ['u32', '20..10', 'write 10..20'],
    ['u32', '..', 'at least one end'],
    ['u32', 'many', 'is no whole number'],
    ['u32', '1.5', 'is no whole number'],
    ['u32', '', 'Type the number'],
    ['f32', 'nan', 'equals nothing'],
    ['f32', '1e39', 'beyond f32'],
    ['f16', '70000', 'beyond f16'],
    ['f64', 'x', 'is no number'],
    ['f64', '1±-1', 'runs backwards'],
  ])('%s %j is a problem', (type, text, words) => {
    expect(problemOf({ kind: 'number', text, type })).toContain(words)
  })

  test('types as a person names them', () => {
    expect(parseNumberType('u32le')).toEqual({ type: 'u32', isLittleEndian: true })
    expect(parseNumberType('F64BE')).toEqual({ type: 'f64', isLittleEndian: false })
    expect(parseNumberType('sleb128')).toEqual({ type: 'sleb128', isLittleEndian: true })
    for (const name of ['u24', 'f8', 'leb', 'toString', 'u32xe'])
      expect(parseNumberType(name)).toMatchObject({ problem: expect.stringContaining('no type of number') })
  })

  test('all halves, and the nearest to what lies between them', () => {
    const halves = Array.from({ length: 0x7c00 }, (_, bits) => decodeHalf(bits))
    expect(halves.slice(0, 3)).toEqual([0, 2 ** -24, 2 ** -23])
    expect([decodeHalf(0x3c00), decodeHalf(0xc000), decodeHalf(0x7bff)]).toEqual([1, -2, 65_504])
    expect([decodeHalf(0x7c00), decodeHalf(0xfc00), decodeHalf(0x7e00)]).toEqual([Infinity, -Infinity, Number.NaN])
    const wrong: number[] = []
    for (const [bits, half] of halves.entries()) {
      const next = halves[bits + 1] ?? 65_536
      const middle = (half + next) / 2
      const even = bits % 2 === 0 ? half : next > 65_504 ? Number.POSITIVE_INFINITY : next
      const rounded = [half, middle * (1 - 2 ** -50), middle].map(nearestHalf)
      if (rounded[0] !== half || rounded[1] !== half || rounded[2] !== even) wrong.push(bits)
    }
    expect(wrong).toEqual([])
  })
})

describe('lists of needles', () => {
  test('one a line, in hexadecimal, with comments and empty lines', () => {
    const query = compiled({ kind: 'needles', text: '4D 5A # the old one\r\n\n  # nothing\n7F454C46\nFF ?? D8' })
    expect(query).toEqual({
      kind: 'needles',
      pattern: {
        kind: 'any',
        needles: [
          { values: Uint8Array.of(0x4d, 0x5a) },
          { values: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46) },
          { values: Uint8Array.of(0xff, 0, 0xd8), masks: Uint8Array.of(0xff, 0, 0xff) },
        ],
      },
    })
  })

  test(`digits without blanks, in either case, are what Node makes of them, and any other sign is refused (seed ${SEED})`, () => {
    const random = new Random(SEED)
    const lines = Array.from({ length: 500 }, () => {
      const digits = Buffer.from(random.bytes(random.between(1, 40))).toString('hex')
      return [...digits].map((digit) => (random.chance(0.5) ? digit.toUpperCase() : digit)).join('')
    })
    const query = compiled({ kind: 'needles', text: lines.join('\n') })
    const needles = query.kind === 'needles' && query.pattern.kind === 'any' ? query.pattern.needles : []
    expect(needles).toEqual(lines.map((line) => ({ values: new Uint8Array(Buffer.from(line, 'hex')) })))
    for (let code = 0x21; code < 0x180; code++) {
      const sign = String.fromCharCode(code)
      if (/[0-9a-f?,#[\s]/iu.test(sign)) continue
      expect(problemOf({ kind: 'needles', text: `4D\n4${sign}` })).toContain('Line 2: “')
    }
  })

  test.each([
    ['', 'holds no needle'],
    ['4D\n4', 'Line 2: “4” has an odd number'],
    ['4D [2-3] 5A', 'Line 1: Gaps in a list'],
    ['4D\n\n??', 'Line 3: This matches everywhere'],
    ['AB\n'.repeat(65_537), 'holds 65537 needles'],
    [`4D\n${'AB'.repeat(1_048_577)}`, 'Line 2: That is 1048577 bytes'],
  ])('%#', (text, words) => {
    expect(problemOf({ kind: 'needles', text })).toContain(words)
  })
})

describe('regular expressions', () => {
  test('are checked and kept', () => {
    expect(compiled({ kind: 'regexp', text: 'a.\\xff', flags: 'sm', isCaseInsensitive: true })).toEqual({
      kind: 'regexp',
      source: 'a.\\xff',
      flags: 'sm',
      isAsciiCaseInsensitive: true,
      maxMatchByteLength: undefined,
    })
  })

  test.each([
    ['', '', 'Type the regular expression'],
    ['(', '', 'Unterminated group'],
    ['a', 'g', 'not the flags'],
    ['a', 'u', 'not the flags'],
    ['a', 'ii', 'not the flags'],
    ['€', '', '“€” is no byte'],
    [`${'('.repeat(101)}a${')*'.repeat(101)}`, '', 'more than 100 deep'],
    [`[)]${'(?:\\)'.repeat(101)}a${')'.repeat(101)}`, '', 'more than 100 deep'],
  ])('%j with %j is a problem', (text, flags, words) => {
    expect(problemOf({ kind: 'regexp', text, flags })).toContain(words)
  })

  test('groups a hundred deep, and any number beside each other, in classes and escaped, are not too deep', () => {
    for (const text of [
      `${'('.repeat(100)}a${')'.repeat(100)}`,
      '(a)'.repeat(500),
      `[${'('.repeat(200)}]`,
      '\\('.repeat(200),
    ])
      expect(compiled({ kind: 'regexp', text })).toMatchObject({ kind: 'regexp', source: text })
  })
})
