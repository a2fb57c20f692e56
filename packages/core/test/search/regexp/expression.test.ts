import { createContext, Script } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { type Expression, toExpression } from '../../../src/search/regexp/expression.ts'
import { Random, SEED } from '../../support/random.ts'
import { latin1 } from '../../support/temp.ts'

const expression = (pattern: string, flags = ''): Expression => toExpression({ pattern, flags })

const text = (bytes: Uint8Array | undefined): string => latin1(bytes ?? new Uint8Array(0))

describe('what is known of an expression before it runs', () => {
  test.each([
    ['abc', 3, 3, 0, 3],
    ['a{2,5}b?', 2, 6, 0, 6],
    ['(?<=ab)c', 1, 1, 2, 1],
    ['a(?=[^]{4})', 1, 1, 0, 5],
    ['\\ba$', 1, 1, 1, 2],
    ['a|bcd', 1, 3, 0, 3],
    ['(?:a{2}){3}', 6, 6, 0, 6],
    ['x(?<=^ab)', 1, 1, 2, 1],
    ['a*', 0, Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY],
    ['(?<!a+)b', 1, 1, Number.POSITIVE_INFINITY, 1],
  ])('%s', (pattern, minByteLength, maxByteLength, behind, ahead) => {
    expect(expression(pattern).reach).toEqual({ minByteLength, maxByteLength, behind, ahead })
  })

  test.each([
    ['MZ[\\s\\S]{2}P', 'MZ\0\0P', 'ffff0000ff'],
    ['\\xe8[^]{4}\\x48\\x8b', '\xe8\0\0\0\0H\x8b', 'ff00000000ffff'],
    ['[\\x40-\\x4f]\\x0a', '\x40\x0a', 'f0ff'],
    ['[aA]b{2}', 'Abb', 'dfffff'],
  ])('%s is one needle', (pattern, values, masks) => {
    const { needles, isWholeNeedle } = expression(pattern)
    expect(isWholeNeedle).toBe(true)
    expect([text(needles?.[0]?.values), Buffer.from(needles?.[0]?.masks ?? []).toString('hex')]).toEqual([
      values,
      masks,
    ])
  })

  test.each([
    ['https?:\\/\\/[\\w.\\/-]+', ['http']],
    ['[\\w.+-]+@[\\w-]+\\.[\\w.-]+', ['@']],
    ['(?:foo|barbar)+x*', ['foo', 'barbar']],
    ['[a-c]x?\\d', undefined],
  ])('%s must hold', (pattern, values) => {
    expect(expression(pattern).needles?.map((needle) => text(needle.values))).toEqual(values)
  })
})

test(`every match holds one of the needles where it was said to, seed ${SEED}`, () => {
  const random = new Random(SEED)
  const subjects = Array.from({ length: 8 }, () =>
    Array.from({ length: 200 }, () => random.pick([...'abcABC\0 \xe0\xc0'])).join(''),
  )
  const wrong: string[] = []
  let matches = 0
  for (let round = 0; round < 120; round++) {
    const pattern = randomPattern(random, 2)
    const flags = random.pick(['', 'i', 's', 'im'])
    const known = expression(pattern, flags)
    for (const subject of subjects) {
      for (const match of matchesOf(subject, known.source, `${flags}g`)) {
        matches++
        if (!isAsKnown(match, known)) wrong.push(`/${pattern}/${flags} ${JSON.stringify(match)}`)
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  expect(matches).toBeGreaterThan(0)
})

const PATIENCE_MS = 200
const context = createContext({})
const script = new Script('Array.from(subject.matchAll(new RegExp(source, flags)), ([match]) => match)')

/** None where that takes too long: some of the random expressions are catastrophic, and nobody else could stop them. */
function matchesOf(subject: string, source: string, flags: string): string[] {
  Object.assign(context, { subject, source, flags })
  try {
    return [...script.runInContext(context, { timeout: PATIENCE_MS })]
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return []
    throw error
  }
}

function isAsKnown(match: string, { reach, needles }: Expression): boolean {
  if (match.length < reach.minByteLength || match.length > reach.maxByteLength) return false
  if (needles === undefined || match === '') return true
  return needles.some(({ values, masks, minBefore, maxBefore, before }) => {
    for (let at = minBefore; at <= Math.min(maxBefore, match.length - values.length); at++) {
      const isHere = values.every((value, i) => (match.charCodeAt(at + i) & (masks[i] as number)) === value)
      if (isHere && [...match.slice(0, at)].every((one) => before[one.charCodeAt(0)] === 1)) return true
    }
    return false
  })
}

function randomPattern(random: Random, depth: number): string {
  const atom = (): string =>
    random.pick(['a', 'b', 'C', '[ab]', '[^a]', '.', '\\w', '\\0', '\\xe0', '[aA]', 'ab', 'bca'])
  const parts = Array.from({ length: random.between(1, 4) }, () => {
    const isGroup = depth > 0 && random.chance(0.3)
    const inner = isGroup ? `(?:${randomPattern(random, depth - 1)})` : atom()
    const quantifier = random.pick(['', '', '', '?', '*', '+', '{2}', '{1,3}'])
    return inner + quantifier
  })
  return random.chance(0.2) ? `${parts.join('')}|${atom()}` : parts.join('')
}

describe('folding ASCII alone', () => {
  test.each([
    'abc',
    '[a-f]x',
    '[^a-f]',
    '\\x41',
    '.',
    '\\W[Q\\d]',
    '[^\\w]k',
    '(?<name>é)',
    '\\u0061',
    '[\\x60-\\x7b]',
  ])('%s', (pattern) => {
    const { source } = toExpression({ pattern, isAsciiCaseInsensitive: true })
    const folded = new RegExp(`^(?:${source})`)
    for (let first = 0; first < 256; first++) {
      for (const rest of ['x', 'X', 'bc', 'BC', 'k', 'q', '']) {
        const subject = String.fromCharCode(first) + rest
        expect(folded.test(subject), JSON.stringify(subject)).toBe(isFoldedMatch(pattern, subject))
      }
    }
  })

  /** By trying every way to write the letters. */
  function isFoldedMatch(pattern: string, subject: string): boolean {
    const isNegated = pattern.startsWith('[^')
    if (isNegated) {
      const [inner = '', rest = ''] = [pattern.slice(2, pattern.indexOf(']')), pattern.slice(pattern.indexOf(']') + 1)]
      const [first = '', ...others] = subject
      const isOut = waysOf(first).every((one) => !new RegExp(`^[${inner}]`).test(one))
      return first !== '' && isOut && waysOf(others.join('')).some((one) => new RegExp(`^(?:${rest})`).test(one))
    }
    return waysOf(subject).some((one) => new RegExp(`^(?:${pattern})`).test(one))
  }

  function waysOf(subject: string): string[] {
    const [first, ...rest] = subject
    if (first === undefined) return ['']
    const cases = /[a-z]/i.test(first) ? [first.toLowerCase(), first.toUpperCase()] : [first]
    return waysOf(rest.join('')).flatMap((tail) => cases.map((one) => one + tail))
  }
})

test('groups so deep that compiling them would end the process are refused', () => {
  const nested = (depth: number): string => `${'('.repeat(depth)}a${')*'.repeat(depth)}`
  expect(() => expression(nested(20_000))).toThrow(/more than 100 deep/)
  expect(expression(nested(100)).source).toBe(nested(100))
})
