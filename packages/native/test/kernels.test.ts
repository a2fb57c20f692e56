import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compile } from './support/compile.ts'
import { bytes, KiB, MiB, makeFile, mapFile, temporaryFolder } from './support/files.ts'
import { seeded } from './support/random.ts'

const folder = temporaryFolder()

/** The stupid one: tries every place. */
function naive(haystack: Uint8Array, needle: Uint8Array, start: number, end: number, isReverse: boolean): number {
  const last = end - needle.byteLength
  for (let tried = 0; start + tried <= last; tried++) {
    const at = isReverse ? last - tried : start + tried
    if (needle.every((byte, i) => haystack[at + i] === byte)) return at
  }
  return -1
}

function randomBytes(random: (below: number) => number, byteLength: number, alphabet: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: byteLength }, () => alphabet[random(alphabet.length)] as number)
}

const ALPHABETS: readonly (readonly number[])[] = [[0], [0, 1], [0x61, 0x62], [0, 0xff, 0x80], [0x61, 0x62, 0x63, 0x64]]

describe('find against the naive search', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %d', (seed) => {
    const random = seeded(seed)
    const alphabet = ALPHABETS[random(ALPHABETS.length)] ?? [0]
    const haystack = randomBytes(random, 200 + random(400), alphabet)
    const mapping = mapFile(makeFile(join(folder, `random-${seed}`), haystack))
    for (let round = 0; round < 400; round++) {
      const start = random(haystack.byteLength)
      const end = start + random(haystack.byteLength - start + 1)
      const isFromText = random(2) === 0
      const length = random(random(2) === 0 ? 5 : 60)
      const from = random(haystack.byteLength - length + 1)
      const needle = isFromText ? haystack.slice(from, from + length) : randomBytes(random, length, alphabet)
      for (const isReverse of [false, true]) {
        const context = JSON.stringify({ seed, round, start, end, isReverse, needle: [...needle] })
        expect(mapping.find(needle, start, end, isReverse), context).toBe(
          naive(haystack, needle, start, end, isReverse),
        )
      }
    }
  })

  // Long periodic needles in periodic text: the candidates stop paying and the sure search takes over.
  test.each([11, 12, 13, 14])('periodic, seed %d', (seed) => {
    const random = seeded(seed)
    const period = randomBytes(random, 1 + random(6), [0x61, 0x62])
    const haystack = Uint8Array.from({ length: 40 * KiB }, (_, i) => period[i % period.byteLength] as number)
    for (let i = 0; i < 20; i++) haystack[random(haystack.byteLength)] = 0x62
    const mapping = mapFile(makeFile(join(folder, `periodic-${seed}`), haystack))
    for (let round = 0; round < 12; round++) {
      const length = 1 + random(3000)
      const from = random(haystack.byteLength - length)
      const needle = haystack.slice(from, from + length)
      if (round % 3 === 0) needle[random(length)] = 0x63
      for (const isReverse of [false, true]) {
        const expected = isReverse ? Buffer.from(haystack).lastIndexOf(needle) : Buffer.from(haystack).indexOf(needle)
        expect(
          mapping.find(needle, 0, haystack.byteLength, isReverse),
          JSON.stringify({ seed, round, length, from, isReverse }),
        ).toBe(expected)
      }
    }
  })

  // After some hundred candidates that fail, the sure search takes over: at each place in turn, the match is the next thing to come.
  test('a match right where the algorithm changes', () => {
    const byteLength = 4000
    const mapping = mapFile(makeFile(join(folder, 'change'), Buffer.alloc(byteLength, 'a')), { access: 'write' })
    for (let at = 2; at < byteLength - 2; at++) {
      mapping.setByte(at, 0x62)
      for (const isReverse of [false, true]) expect(mapping.find(bytes('aab'), 0, byteLength, isReverse)).toBe(at - 2)
      mapping.setByte(at, 0x61)
    }
  })

  test('findAsync agrees with find', async () => {
    const random = seeded(21)
    const haystack = randomBytes(random, 3 * MiB, [0x61, 0x62])
    const mapping = mapFile(makeFile(join(folder, 'agree'), haystack))
    for (let round = 0; round < 12; round++) {
      const start = random(MiB)
      const end = 3 * MiB - random(MiB)
      const from = random(3 * MiB - 40)
      const needle = haystack.slice(from, from + 8 + random(30))
      const isReverse = random(2) === 0
      const { offset } = await mapping.findAsync(needle, start, end, isReverse).result
      expect(offset, JSON.stringify({ round })).toBe(mapping.find(needle, start, end, isReverse))
      const whole = Buffer.from(haystack.subarray(start, end))
      const expected = isReverse ? whole.lastIndexOf(needle) : whole.indexOf(needle)
      expect(offset, JSON.stringify({ round })).toBe(expected === -1 ? -1 : expected + start)
    }
  })
})

describe('no byte outside the range is touched', () => {
  const kernels = ['exclusions', 'find', 'last_byte', 'masked_pattern', 'masked_run', 'matching', 'period', 'probes']
  const tiers: Readonly<Record<string, readonly string[]>> = {
    x64: ['nibble_marks_avx2', 'tier_avx2', 'tier_sse2', 'tiers_x64'],
    arm64: ['nibble_marks_neon', 'tier_neon', 'tiers_arm64'],
  }
  const names = [...kernels, 'tier_plain', ...(tiers[process.arch] ?? ['tiers_plain'])]
  const sources = names.map((name) => `../src/kernels/${name}.cc`)
  const program = compile(join(folder, 'bounds'), ['children/kernel_bounds.cc', ...sources], ['-std=c++20'])

  test.each([1, 2, 3])('seed %d', (seed) => {
    expect(execFileSync(program, [String(seed)], { encoding: 'utf8' })).toBe('40000\n')
  })
})

describe('edges', () => {
  const content = 'xyneedlexxneedley needle'
  const path = makeFile(join(folder, 'edges'), content)
  const needle = bytes('needle')

  test('a needle at the very end, at the very start, and as long as the range', () => {
    const mapping = mapFile(path)
    expect(mapping.find(needle, 12, content.length, false)).toBe(18)
    expect(mapping.find(needle, 0, content.length, true)).toBe(18)
    expect(mapping.find(needle, 2, 8, false)).toBe(2)
    expect(mapping.find(needle, 2, 8, true)).toBe(2)
  })

  test('a match that is not wholly inside the range is none', () => {
    const mapping = mapFile(path)
    for (const isReverse of [false, true]) {
      expect(mapping.find(needle, 3, 15, isReverse)).toBe(-1)
      expect(mapping.find(needle, 2, 7, isReverse)).toBe(-1)
      expect(mapping.find(needle, 19, 24, isReverse)).toBe(-1)
    }
  })

  test('an empty range holds nothing, and an empty needle is at the end that the search starts from', () => {
    const mapping = mapFile(path)
    for (const isReverse of [false, true]) {
      expect(mapping.find(needle, 5, 5, isReverse)).toBe(-1)
      expect(mapping.find(bytes('n'), content.length, content.length, isReverse)).toBe(-1)
    }
    expect(mapping.find(bytes(''), 3, 9, false)).toBe(3)
    expect(mapping.find(bytes(''), 3, 9, true)).toBe(9)
    expect(mapping.find(bytes(''), content.length, content.length, false)).toBe(content.length)
  })

  test('an empty needle async, too', async () => {
    const mapping = mapFile(path)
    expect(await mapping.findAsync(bytes(''), 3, 9, false).result).toMatchObject({ offset: 3, scannedTo: 3 })
    expect(await mapping.findAsync(bytes(''), 3, 9, true).result).toMatchObject({ offset: 9, scannedTo: 9 })
  })
})

describe('time stays linear where a naive search is quadratic', () => {
  const haystack = Buffer.alloc(4 * MiB, 'a')
  const mapped = makeFile(join(folder, 'linear'), haystack)

  function elapsedMs(run: () => void): number {
    const startedMs = performance.now()
    run()
    return performance.now() - startedMs
  }

  // A naive search compares 4 MiB x 32 KiB = 137 thousand million bytes here, which takes minutes; linear time takes milliseconds. The
  // yardstick is the same search for a needle of 8 bytes, with room for 20 times that and a slow machine.
  test.each([
    ['a…ab', `${'a'.repeat(32 * KiB)}b`],
    ['ba…a', `b${'a'.repeat(32 * KiB)}`],
    ['a…aba…a', `${'a'.repeat(16 * KiB)}b${'a'.repeat(16 * KiB)}`],
    ['aa…ca with only a common to both', `${'a'.repeat(32 * KiB)}ca`],
  ])('%s', (_, needle) => {
    const mapping = mapFile(mapped)
    for (const isReverse of [false, true]) {
      const short = elapsedMs(() => mapping.find(bytes('aaaaaaab'), 0, haystack.byteLength, isReverse))
      const long = elapsedMs(() => expect(mapping.find(bytes(needle), 0, haystack.byteLength, isReverse)).toBe(-1))
      expect(long).toBeLessThan(20 * short + 2000)
    }
  })

  test('a rare byte in the needle that the text is full of', () => {
    const text = Buffer.alloc(4 * MiB, Buffer.from([0x80, 0x61]))
    const mapping = mapFile(makeFile(join(folder, 'full'), text))
    const needle = Buffer.concat([Buffer.alloc(16 * KiB, Buffer.from([0x80, 0x61])), Buffer.from([0x80, 0x62])])
    for (const isReverse of [false, true]) {
      const took = elapsedMs(() => expect(mapping.find(needle, 0, text.byteLength, isReverse)).toBe(-1))
      expect(took).toBeLessThan(2000)
    }
  })
})
