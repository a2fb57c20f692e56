import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, test } from 'vitest'
import { Mmap, mmap } from '../../src/index.ts'
import { run } from '../support/child.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

setFlagsFromString('--expose_gc')
const collect = runInNewContext('gc') as () => void

const folder = new TempFolder()
const maps: Mmap[] = []
afterAll(() => {
  for (const map of maps) map.close({ force: true })
})

function mapped(bytes: Uint8Array | string): Mmap {
  const map = Mmap.open(folder.file(bytes), { access: 'read' })
  maps.push(map)
  return map
}

/** What the two languages mean alike. */
const PATTERNS = [
  'abc',
  'a(b|c)+d?',
  '(a)(b)?(c)?',
  '^a',
  '^ab*',
  '\\bab',
  'a\\b',
  '(?<=a)b',
  '(?<!a)b+',
  'a(?!b)',
  '[^ab]{2,4}',
  '\\xff\\x00',
  '[\\x80-\\xff]{3}',
  '\\d+\\s',
  '(\\w)\\1',
  'a.{3}b',
  '(?:a|ab)(?:c|bcd)(d*)',
  'x*',
  '',
]

test(`finds what Python’s re finds in its mmap, seed ${SEED}`, { timeout: 60_000 }, async () => {
  const random = new Random(SEED)
  const letters = Buffer.from('aaabbbccd \n19\xff\x00\x80_', 'latin1')
  const bytes = Uint8Array.from({ length: 3000 }, () => random.pick([...letters]))
  const path = folder.file(bytes)
  const map = Mmap.open(path, { access: 'read' })
  maps.push(map)
  const searches = Array.from({ length: 2000 }, () => {
    const start = random.between(0, 3000)
    return {
      pattern: random.pick(PATTERNS),
      isDotAll: random.chance(0.5),
      start,
      end: random.pick([3000, random.between(start, 3000), Math.min(3000, start + random.between(0, 8))]),
    }
  })
  const script = fileURLToPath(new URL('search.py', import.meta.url))
  const { stdout, stderr } = await run('python3', [script], JSON.stringify({ path, searches }))
  expect(stderr).toBe('')
  const answers = JSON.parse(stdout) as ([number, number][] | null)[]
  expect(answers.length).toBe(searches.length)
  for (const [index, search] of searches.entries()) {
    const match = map.search(new RegExp(search.pattern, search.isDotAll ? 's' : ''), search)
    const spans = match?.captures.map((range) => (range ? [range.start, range.end] : [-1, -1])) ?? null
    expect(spans, JSON.stringify(search)).toEqual(answers[index])
  }
  expect(answers.filter((answer) => answer !== null).length).toBeGreaterThan(500)
})

describe('search', () => {
  test('tells where the match, its groups and its named groups are', () => {
    const map = mapped('-- key=value; other=thing --')
    const match = map.search(/(?<name>\w+)=(?<value>\w+)(?<rest>!)?/)
    expect(match).toEqual({
      offset: 3,
      byteLength: 9,
      captures: [{ start: 3, end: 12 }, { start: 3, end: 6 }, { start: 7, end: 12 }, undefined],
      groups: { name: { start: 3, end: 6 }, value: { start: 7, end: 12 }, rest: undefined },
    })
    expect(map.search(/absent/)).toBe(null)
  })

  test('takes bounds as find does, but begins at 0 and not at the position', () => {
    const map = mapped('ab ab ab')
    map.seek(4)
    expect(map.search(/ab/)?.offset).toBe(0)
    expect(map.search(/ab/, { start: 1 })?.offset).toBe(3)
    expect(map.search(/ab/, { start: -2 })?.offset).toBe(6)
    expect(map.search(/ab/, { start: 1, end: -4 })).toBe(null)
    expect(map.search(/ab/, { start: 100 })).toBe(null)
    expect(map.search(/(?:)/, { start: 8 })).toMatchObject({ offset: 8, byteLength: 0 })
    expect([map.search(/^ab/, { start: 3 }), map.search(/\bb/, { start: 1 })]).toEqual([null, null])
    expect(map.search(/b$/, { end: 5 })?.offset).toBe(4)
    expect(map.tell()).toBe(4)
  })

  test('neither uses nor changes what the caller’s expression remembers', () => {
    const map = mapped('ab ab ab')
    const regexp = /ab/g
    regexp.lastIndex = 5
    expect([map.search(regexp)?.offset, map.search(regexp)?.offset, regexp.lastIndex]).toEqual([0, 0, 5])
    const sticky = /ab/y
    sticky.lastIndex = 3
    expect([map.search(sticky)?.offset, map.search(sticky, { start: 1 }), sticky.lastIndex]).toEqual([0, null, 3])
    expect(map.search(sticky, { start: 3 })?.offset).toBe(3)
    const lying = Object.assign(/ab/, { exec: () => null })
    expect(map.search(lying)?.offset).toBe(0)
  })

  test('has a character for each byte', () => {
    const map = mapped(Uint8Array.from({ length: 256 }, (_, byte) => byte))
    for (let byte = 0; byte < 256; byte++) {
      const escaped = `\\x${byte.toString(16).padStart(2, '0')}`
      for (const flags of ['', 'u', 'v', 's', 'm'])
        expect(map.search(new RegExp(escaped, flags)), `${escaped} with ${flags}`).toMatchObject({
          offset: byte,
          byteLength: 1,
        })
    }
    expect(map.search(/\xe8[\s\S]{4}\xed/)?.offset).toBe(0xe8)
    expect([map.search(/\xe0/i)?.offset, map.search(/\s/, { start: 0x80 })?.offset]).toEqual([0xc0, 0xa0])
    expect(map.search(/\w/, { start: 0x80 })).toBe(null)
  })

  test('sees the bytes as they are now', () => {
    const path = folder.file('one two three')
    const map = Mmap.open(path)
    maps.push(map)
    expect(map.search(/t\w+/)?.offset).toBe(4)
    map.set(4, 0x58)
    expect(map.search(/t\w+/)?.offset).toBe(8)
    map.resize(10)
    expect(map.search(/three/)).toBe(null)
    map.resize(20)
    expect(map.search(/\0+/)).toMatchObject({ offset: 10, byteLength: 10 })
  })

  test('of memory, private pages and a map without a file is the same', () => {
    const memory = mmap(-1, 5000)
    memory.write(Buffer.from('in memory'))
    const path = folder.file('in a file')
    const copy = Mmap.open(path, { access: 'copy' })
    copy.set(0, 0x49)
    const fd = openSync(path, 'r')
    const untracked = mmap(fd, 0, { access: 'read', trackFd: false })
    closeSync(fd)
    maps.push(memory, copy, untracked)
    expect(memory.search(/mem(ory)/)?.captures[1]).toEqual({ start: 6, end: 9 })
    expect(memory.search(/y\0/)?.offset).toBe(8)
    expect([copy.search(/^In/)?.offset, untracked.search(/^in/)?.offset, untracked.search(/file$/)?.offset]).toEqual([
      0, 0, 5,
    ])
  })

  test('refuses what is no expression, and a closed map', () => {
    const map = mapped('text')
    const refused = expect.objectContaining({ code: 'ERR_ARGUMENT' })
    expect(() => map.search('text' as unknown as RegExp)).toThrow(refused)
    expect(() => map.search(/x/, { start: 1.5 })).toThrow(refused)
    map.close()
    expect(() => map.search(/x/)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('finds every match of a file, one after the other, in no more time than it takes', { timeout: 30_000 }, () => {
    const map = mapped('word '.repeat(100_000))
    let count = 0
    for (let start = 0; ; count++) {
      const match = map.search(/\w+/g, { start })
      if (match === null) break
      start = match.offset + match.byteLength
    }
    expect(count).toBe(100_000)
  })
})

test('what was searched is let go of after close', async () => {
  const size = (): number => Number(/VmSize:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) * 1024
  const before = size()
  for (let n = 0; n < 20; n++) {
    const map = Mmap.open(folder.sparse(GIB, [{ offset: 0, text: 'long enough to be a slice of the engine' }]))
    expect(map.search(/long enough to be a slice/)?.offset).toBe(0)
    map.close()
  }
  for (let round = 0; round < 20; round++) {
    collect()
    await turn()
  }
  expect(size() - before).toBeLessThan(GIB)
})

describe('search past 4 GiB', () => {
  const path = folder.sparse(9 * GIB, [
    { offset: 512 * 1024 ** 2 - 30, text: 'across a half: border 1.' },
    { offset: 5 * GIB + 3, text: 'key=value five' },
    { offset: 9 * GIB - 9, text: 'the end.\n' },
  ])
  const map = Mmap.open(path, { access: 'read' })
  maps.push(map)

  test('finds matches, groups and what is around them', () => {
    const found = map.search(/(\w+)=(\w+)/, { start: 5 * GIB - 100_000 })
    expect(found?.captures).toEqual([
      { start: 5 * GIB + 3, end: 5 * GIB + 12 },
      { start: 5 * GIB + 3, end: 5 * GIB + 6 },
      { start: 5 * GIB + 7, end: 5 * GIB + 12 },
    ])
    expect(map.search(/(?<=key=)v\w+/, { start: 5 * GIB + 7 })).toMatchObject({ offset: 5 * GIB + 7, byteLength: 5 })
    expect(map.search(/end\.\n$/, { start: -100 })?.offset).toBe(9 * GIB - 5)
    expect(map.search(/key/, { start: 5 * GIB - 10, end: 5 * GIB + 5 })).toBe(null)
  })

  test('goes from window to window, and finds what lies across their border', { timeout: 120_000 }, () => {
    expect(map.search(/half: border \d/)?.offset).toBe(512 * 1024 ** 2 - 21)
    expect(map.search(/y=v/, { start: 4 * GIB })?.offset).toBe(5 * GIB + 5)
  })

  test('of a match longer than a string can be is ERR_RANGE', { timeout: 60_000 }, () => {
    expect(() => map.search(/\0+$/, { start: 6 * GIB, end: 8 * GIB })).toThrow(
      expect.objectContaining({ code: 'ERR_RANGE', message: expect.stringContaining('bound its quantifiers') }),
    )
  })
})

describe('search of a file that was cut', () => {
  const path = folder.file(`${'x'.repeat(5000)} near the end`)
  const map = Mmap.open(path, { access: 'read' })
  maps.push(map)
  const lost = expect.objectContaining({ code: 'ERR_FAULT', offset: 4990, fileByteLength: 4990 })

  test('finds what lies before, and says ERR_FAULT for what the lost bytes might have decided', () => {
    expect(map.search(/near/)?.offset).toBe(5001)
    truncateSync(path, 4990)
    expect(map.search(/x{10}/)?.offset).toBe(0)
    expect(map.search(/x{10}/, { start: 4000, end: 4500 })?.offset).toBe(4000)
    for (const regexp of [/near/, /x+/, /\0/, /x$/]) expect(() => map.search(regexp), String(regexp)).toThrow(lost)
    expect(() => map.search(/x/, { start: 4995 })).toThrow(expect.objectContaining({ code: 'ERR_FAULT', offset: 4995 }))
    expect(latin1(map.slice(0, 3))).toBe('xxx')
  })
})
