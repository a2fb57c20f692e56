import { describe, expect, test } from 'vitest'
import { MAX_NEEDLE_BYTE_LENGTH, parseQuery, type SearchQuery } from '../../src/shared/index.ts'
import { encodeUtf8 } from '../../src/shared/search/utf8.ts'
import { Random, SEED } from '../support/random.ts'

function needleOf(query: SearchQuery): number[] {
  const parsed = parseQuery(query)
  return 'needle' in parsed ? [...parsed.needle] : expect.fail(parsed.problem)
}

function problemOf(query: SearchQuery): string {
  const parsed = parseQuery(query)
  return 'problem' in parsed ? parsed.problem : expect.fail(`parsed as ${parsed.needle}`)
}

describe('hex', () => {
  test.each([
    ['4D5A', [0x4d, 0x5a]],
    ['4d 5a', [0x4d, 0x5a]],
    ['  4D\n5A\t00 ', [0x4d, 0x5a, 0]],
    ['0x4D, 0x5A', [0x4d, 0x5a]],
    ['0x4D,0X5a,', [0x4d, 0x5a]],
    ['0xDEADBEEF', [0xde, 0xad, 0xbe, 0xef]],
    ['00', [0]],
  ])('%j', (text, bytes) => {
    expect(needleOf({ kind: 'hex', text })).toEqual(bytes)
  })

  test.each([
    ['', 'pairs of hexadecimal digits'],
    [' ,\n', 'pairs of hexadecimal digits'],
    ['4', 'write two for each byte, as 04'],
    ['4D 5', 'write two for each byte, as 05'],
    ['4D5', 'odd number of digits'],
    ['0x', 'no digits after it'],
    ['4G', '“G” is not a hexadecimal digit'],
    ['4D-5A', '“-” is not a hexadecimal digit'],
    ['4D0x5A', '“x” is not a hexadecimal digit'],
    ['💥', '“💥” is not a hexadecimal digit'],
  ])('%j is a problem', (text, words) => {
    expect(problemOf({ kind: 'hex', text })).toContain(words)
  })
})

describe('text', () => {
  test.each([
    ['MZ', [0x4d, 0x5a]],
    [' a ', [0x20, 0x61, 0x20]],
    ['é', [0xc3, 0xa9]],
    ['€', [0xe2, 0x82, 0xac]],
    ['😀', [0xf0, 0x9f, 0x98, 0x80]],
  ])('%j', (text, bytes) => {
    expect(needleOf({ kind: 'text', text })).toEqual(bytes)
  })

  test('nothing typed, and half a character', () => {
    expect(problemOf({ kind: 'text', text: '' })).toContain('Type the text')
    expect(problemOf({ kind: 'text', text: 'ab\ud83d' })).toContain('Character 3 is half')
    expect(problemOf({ kind: 'text', text: '\ude00\ud83d' })).toContain('Character 1 is half')
  })

  test(`UTF-8 is Node’s (seed ${SEED})`, () => {
    const random = new Random(SEED)
    const tops = [0x7f, 0x7ff, 0xffff, 0x10ffff]
    for (let round = 0; round < 2000; round++) {
      const points = Array.from({ length: random.between(0, 8) }, () => random.between(0, random.pick(tops)))
      const text = String.fromCodePoint(...points.filter((point) => point < 0xd800 || point > 0xdfff))
      expect(encodeUtf8(text)).toEqual({ bytes: new Uint8Array(Buffer.from(text)) })
    }
  })
})

test('a needle has at most a MiB', () => {
  expect(needleOf({ kind: 'hex', text: 'AB'.repeat(MAX_NEEDLE_BYTE_LENGTH) })).toHaveLength(MAX_NEEDLE_BYTE_LENGTH)
  expect(problemOf({ kind: 'hex', text: 'AB'.repeat(MAX_NEEDLE_BYTE_LENGTH + 1) })).toContain('at most 1048576')
  expect(problemOf({ kind: 'text', text: 'é'.repeat(MAX_NEEDLE_BYTE_LENGTH / 2 + 1) })).toContain('at most 1048576')
})
