import { describe, expect, test } from 'vitest'
import { type ByteText, firstMatch, type RegExpMatch, type WindowLengths } from '../../src/mmap/regexp_windows.ts'
import { MapscopeError } from '../../src/shared/index.ts'
import { Random, SEED } from '../support/random.ts'

/** Windows as small as they may be, or a little larger, and cut anywhere: the search must not notice. */
function windowsOf(whole: string, lengths: WindowLengths, random?: Random): ByteText & { count: number } {
  const { longest, behind } = lengths
  return {
    lengths,
    count: 0,
    around(from, { end, room }) {
      this.count++
      const latest = Math.max(0, from - behind)
      const earliest = Math.max(0, Math.min(latest, from + room - longest))
      const start = random === undefined ? latest : random.between(earliest, latest)
      const least = Math.min(end, from + room)
      const high =
        random === undefined
          ? Math.min(end, start + longest)
          : random.between(least, Math.max(least, Math.min(end, start + longest)))
      return { start, text: whole.slice(start, high) }
    },
  }
}

/** The stupid search: everything up to the end as one string. */
function oracle(regexp: RegExp, whole: string, start: number, end: number): RegExpMatch | undefined {
  const matcher = matcherOf(regexp)
  matcher.lastIndex = start
  const match = matcher.exec(whole.slice(0, end))
  if (match?.indices === undefined) return undefined
  const range = (pair: [number, number] | undefined) => pair && { start: pair[0], end: pair[1] }
  const groups = Object.fromEntries(
    Object.entries(match.indices.groups ?? {}).map(([name, pair]) => [name, range(pair)]),
  )
  return { captures: match.indices.map(range), groups }
}

const matcherOf = (regexp: RegExp): RegExp => new RegExp(regexp.source, `${regexp.flags}d${regexp.sticky ? '' : 'g'}`)

// None matches more than 16 bytes with what it looks at behind them, nor looks at more than 7 before: what the windows below promise.
const EXPRESSIONS = [
  /abc/,
  /a.{0,9}c/s,
  /(a+?)(b{1,3})?c/,
  /a{2,12}/,
  /(?<first>a|b)\1{1,5}c/,
  /(?<=a{2,6})b/,
  /(?<!a)b(?!a)/,
  /^b/,
  /^b/m,
  /c$/,
  /c$/m,
  /(?<=^.{3})b/s,
  /(?<=^a{0,6}?)b/m,
  /\bab/,
  /a\b/,
  /a(?=.{5}b)/s,
  /a(?!.{0,5}b)/s,
  /(?:ab|abab|ababab)c/,
  /[\s\S]{16}/,
  /x/,
  /(?:)/,
  /(?=c)/,
  /aB/i,
  /\n{1,5}/,
  /ab|$/,
  /[ab]{3}/y,
  /c?/y,
]
const SMALL: WindowLengths = { longest: 64, behind: 8, ahead: 17 }

describe('windows', () => {
  test(`find what one string has, seed ${SEED}`, { timeout: 120_000 }, () => {
    const random = new Random(SEED)
    for (let round = 0; round < 20_000; round++) {
      const alphabet = random.pick(['abc', 'aab', 'aaaaaaaaaaab', 'abc\n', 'ab \nxyc'])
      const whole = Array.from({ length: random.between(0, 400) }, () => random.pick([...alphabet])).join('')
      const start = random.between(0, whole.length)
      const end = random.between(start, whole.length)
      const regexp = random.pick(EXPRESSIONS)
      const text = windowsOf(whole, SMALL, random.chance(0.7) ? random : undefined)
      const found = firstMatch(matcherOf(regexp), { start, end }, text)
      expect(found, JSON.stringify({ round, regexp: String(regexp), whole, start, end })).toEqual(
        oracle(regexp, whole, start, end),
      )
    }
  })

  test('are few: each goes as far as it can', () => {
    const text = windowsOf('a'.repeat(10_000), { longest: 1100, behind: 50, ahead: 50 })
    expect(firstMatch(/b/dg, { start: 0, end: 10_000 }, text)).toBe(undefined)
    expect(text.count).toBe(10)
  })

  test('a match at a window’s end is found whole, as long as a window of its own holds it', () => {
    const lengths = { longest: 100, behind: 10, ahead: 20 }
    const whole = `${'-'.repeat(75)}${'a'.repeat(60)}${'-'.repeat(100)}`
    const found = firstMatch(/a+/dg, { start: 0, end: whole.length }, windowsOf(whole, lengths))
    expect(found?.captures).toEqual([{ start: 75, end: 135 }])
  })

  test('a longer one is an error that says where it begins, not a shorter match', () => {
    const whole = `${'-'.repeat(75)}${'a'.repeat(200)}${'-'.repeat(100)}`
    const search = (): unknown =>
      firstMatch(/a+/dg, { start: 0, end: whole.length }, windowsOf(whole, { longest: 100, behind: 10, ahead: 20 }))
    expect(search).toThrow(MapscopeError)
    expect(search).toThrow(/match at 75 .*bound its quantifiers/)
  })

  test('an expression that the engine has no stack for is ERR_RANGE', () => {
    const whole = 'ab'.repeat(8_000_000)
    const lengths = { longest: whole.length, behind: 0, ahead: 1 }
    expect(() => firstMatch(/^(?:a|b)*c/dg, { start: 0, end: whole.length }, windowsOf(whole, lengths))).toThrow(
      expect.objectContaining({ code: 'ERR_RANGE', message: expect.stringContaining('stack') }),
    )
  })
})
