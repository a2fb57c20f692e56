import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  binding,
  type MatchOptions,
  type MatchResult,
  type NativePattern,
  type NeedleSpec,
  type PatternSpec,
  type RunSpec,
} from '../lib/index.ts'
import { bytes, KiB, MiB, makeFile, makeSparseFile, mapFile, TiB, temporaryFolder } from './support/files.ts'
import { type Hit, type NaiveOptions, naiveMatches } from './support/naive_match.ts'
import { seeded } from './support/random.ts'

const folder = temporaryFolder()
const ALL = { limit: 2 ** 24 }

type Random = (below: number) => number

function hitsOf(pattern: NativePattern, result: MatchResult): Hit[] {
  return Array.from(result.offsets, (offset, i) => ({
    offset,
    byteLength: result.byteLengths?.[i] ?? pattern.minByteLength,
    which: result.which?.[i] ?? 0,
  }))
}

const REAL = readFileSync(process.execPath).subarray(8 * MiB, 9 * MiB)

const HAYSTACKS: Readonly<Record<string, (random: Random, byteLength: number) => Uint8Array>> = {
  random: (random, byteLength) => Uint8Array.from({ length: byteLength }, () => random(256)),
  zero: (_, byteLength) => new Uint8Array(byteLength),
  'two letters': (random, byteLength) => Uint8Array.from({ length: byteLength }, () => 0x61 + random(2)),
  'almost zero': (random, byteLength) => Uint8Array.from({ length: byteLength }, () => (random(40) === 0 ? 1 : 0)),
  periodic: (random, byteLength) => {
    const period = 1 + random(9)
    const haystack = Uint8Array.from({ length: byteLength }, (_, i) => i % period)
    for (let i = 0; i < 5; i++) haystack[random(byteLength)] = random(3)
    return haystack
  },
  text: (random, byteLength) => {
    const words = ['the ', 'mapping ', 'of ', 'a ', 'file\n', 'THE ', 'offset ']
    let text = ''
    while (text.length < byteLength) text += words[random(words.length)]
    return bytes(text.slice(0, byteLength))
  },
  real: (random, byteLength) => {
    const start = random(REAL.byteLength - byteLength)
    return Uint8Array.from(REAL.subarray(start, start + byteLength))
  },
}

/** Of the haystack or made up; a byte of it changed now and then, and some bits that do not count. */
function anyNeedle(random: Random, haystack: Uint8Array, longest: number): NeedleSpec {
  const byteLength = 1 + random(Math.min(longest, haystack.byteLength))
  const from = random(haystack.byteLength - byteLength + 1)
  const values = Uint8Array.from(haystack.subarray(from, from + byteLength))
  if (random(4) === 0) values[random(byteLength)] = random(256)
  if (random(3) !== 0) return { values }
  const kinds = [0xff, 0xff, 0x00, 0xf0, 0x0f, 0xdf, random(256)]
  const masks = Uint8Array.from(values, () => kinds[random(kinds.length)] as number)
  return { values: random(20) === 0 ? values : values.map((byte, i) => byte & (masks[i] as number)), masks }
}

const INTEGERS = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64', 'i64', 'uleb128', 'sleb128'] as const
const FLOATS = ['f16', 'f32', 'f64'] as const

function anyNumber(random: Random): PatternSpec {
  const isLittleEndian = random(2) === 0
  if (random(3) === 0) {
    const bounds = [-1e300, -1, -0, 0, 1e-7, 0.1, 1, 65504, 1e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    const [min = 0, max = 0] = [bounds[random(bounds.length)] ?? 0, bounds[random(bounds.length)] ?? 0].sort(
      (a, b) => a - b,
    )
    return { kind: 'number', type: FLOATS[random(3)] ?? 'f16', isLittleEndian, min, max }
  }
  const bound = () => {
    const magnitude = BigInt(random(2 ** 31)) * BigInt(random(2 ** 31)) * 8n
    const value = random(3) === 0 ? magnitude >> 62n : magnitude >> BigInt(random(64))
    return random(3) === 0 ? -value : value
  }
  const [a, b] = [bound(), bound()]
  const type = INTEGERS[random(INTEGERS.length)] ?? 'u8'
  return { kind: 'number', type, isLittleEndian, ...(a < b ? { min: a, max: b } : { min: b, max: a }) }
}

const SPECS: Readonly<Record<string, (random: Random, haystack: Uint8Array) => PatternSpec>> = {
  'short bytes': (random, haystack) => ({ kind: 'bytes', ...anyNeedle(random, haystack, 8) }),
  'long bytes': (random, haystack) => ({ kind: 'bytes', ...anyNeedle(random, haystack, 300) }),
  any: (random, haystack) => {
    const longest = [3, 8, 40, 300][random(4)] ?? 3
    const needles = Array.from({ length: 1 + random(30) }, () => anyNeedle(random, haystack, longest))
    return { kind: 'any', needles: random(4) === 0 ? [...needles, ...needles] : needles }
  },
  number: (random) => anyNumber(random),
}

function anyOptions(random: Random, spec: PatternSpec): NaiveOptions {
  const isReverse = random(3) === 0
  const isOverlapping = !(spec.kind === 'bytes' && !isReverse && random(3) === 0)
  const alignment = [1, 1, 2, 4, 8, 3, 64, 100][random(8)] ?? 1
  return { isReverse, isOverlapping, alignment, alignmentBase: random(5) }
}

/** Shown with a failure; a pattern in full, for it is what failed. */
function context(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  )
}

describe.each(binding.tiers.map((tier) => [tier] as const))('tier %s against the naive search', (tier) => {
  describe.each(Object.keys(SPECS))('%s', (specName) => {
    test.each(Object.keys(HAYSTACKS).flatMap((name, i) => [1, 2, 3].map((round) => [name, i * 10 + round] as const)))(
      'in %s bytes, seed %d',
      (haystackName, seed) => {
        const random = seeded(seed)
        const haystack = HAYSTACKS[haystackName]?.(random, 1 + random(seed % 3 === 0 ? 3000 : 400)) ?? bytes('')
        for (let round = 0; round < 25; round++) {
          const spec = SPECS[specName]?.(random, haystack) as PatternSpec
          const options = anyOptions(random, spec)
          const start = random(3) === 0 ? random(haystack.byteLength) : 0
          const end = haystack.byteLength - (random(3) === 0 ? random(haystack.byteLength - start + 1) : 0)
          const pattern = binding.compilePattern(spec, tier)
          // matchBytes begins at 0: the range is cut out, and the places' remainder with it.
          const alignmentBase = (options.alignmentBase ?? 0) + start
          const cut = haystack.subarray(start, end)
          const result = pattern.matchBytes(cut, { ...options, alignmentBase, ...ALL })
          const expected = naiveMatches(cut, spec, { start: 0, end: end - start }, { ...options, alignmentBase })
          const said = context({
            seed,
            round,
            options,
            start,
            end,
            spec,
            haystack: haystack.byteLength < 500 ? haystack : seed,
          })
          expect(hitsOf(pattern, result), said).toEqual(expected)
          expect(result.scannedTo, said).toBe(options.isReverse === true ? 0 : end - start)
          const counted = pattern.matchBytes(cut, { ...options, alignmentBase, isCountOnly: true, limit: 0 })
          expect({ count: counted.count, hits: counted.offsets.length }, said).toEqual({
            count: expected.length,
            hits: 0,
          })
          const limit = 1 + random(5) + Math.floor(expected.length / 20)
          expect(piecewise(pattern, cut, { ...options, alignmentBase, limit }), said).toEqual(expected)
        }
      },
    )
  })
})

/** Goes on from `scannedTo` until the far end. */
function piecewise(pattern: NativePattern, haystack: Uint8Array, options: MatchOptions): Hit[] {
  const hits: Hit[] = []
  const isReverse = options.isReverse === true
  let start = 0
  let startsBefore = haystack.byteLength
  for (let calls = 0; calls <= haystack.byteLength + 1; calls++) {
    const alignmentBase = (options.alignmentBase ?? 0) + start
    const result = pattern.matchBytes(haystack.subarray(start), {
      ...options,
      alignmentBase,
      startsBefore: startsBefore - start,
    })
    hits.push(...hitsOf(pattern, result).map((hit) => ({ ...hit, offset: hit.offset + start })))
    const scannedTo = result.scannedTo + start
    if (scannedTo === (isReverse ? 0 : haystack.byteLength)) return hits
    if (isReverse) startsBefore = scannedTo - pattern.minByteLength + 1
    else start = scannedTo
  }
  throw new Error('the far end is never reached')
}

function run(letters: string, min: number, max?: number): RunSpec {
  const set = new Uint8Array(256)
  for (const byte of bytes(letters)) set[byte] = 1
  return { set, min, max }
}

test('runs of sets of bytes are as V8 takes them', () => {
  const random = seeded(77)
  const haystack = Uint8Array.from({ length: 1500 }, () => 0x61 + random(5))
  haystack.set(bytes('-----'), haystack.length - 5)
  for (const runs of [
    [run('a', 1, 1), run('b', 1), run('acd', 0, 2), run('e', 1)],
    [run('abc', 2, 2), run('d', 0), run('a', 1, 3), run('bcde', 1, 1)],
    [run('c', 3), run('ab', 0), run('ab', 0, 1)],
  ]) {
    const values = Uint8Array.of(0x60)
    const anchor = { values, masks: Uint8Array.of(0xf8), offset: 0 }
    const spec: PatternSpec = { kind: 'sequence', runs, anchor }
    const pattern = binding.compilePattern(spec)
    for (const isOverlapping of [true, false]) {
      const found = hitsOf(pattern, pattern.matchBytes(haystack, { ...ALL, isOverlapping }))
      const expected = naiveMatches(haystack, spec, { start: 0, end: haystack.length }, { isOverlapping })
      expect(found, `${runs.length} ${isOverlapping}`).toEqual(expected)
      expect(found.length).toBeGreaterThan(3)
    }
  }
})

describe('matchAsync over more than a window', () => {
  const MARK = bytes('\u0001mark')
  // Zeros with marks across every edge of a MiB, at the first byte and at the last.
  const haystack = new Uint8Array(4 * MiB)
  const marks = [0, 5, MiB - 5, MiB, MiB + 5, 2 * MiB - 2, 3 * MiB - 1, 4 * MiB - 5]
  for (const mark of marks) haystack.set(MARK, mark)
  const path = makeFile(join(folder, 'windows'), haystack)

  const patterns: readonly PatternSpec[] = [
    { kind: 'bytes', values: MARK },
    {
      kind: 'bytes',
      values: bytes('\u0001marK'),
      masks: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x5f),
    },
    { kind: 'any', needles: [{ values: bytes('absent') }, { values: MARK }] },
    { kind: 'number', type: 'u32', isLittleEndian: false, min: 0x016d_6172n, max: 0x016d_6172n },
    {
      kind: 'sequence',
      runs: [run('\u0001', 1, 1), run('lm', 1, 3), run('a', 0), run('r', 1), run('k', 1, 9)],
      anchor: { values: bytes('\u0001'), offset: 0 },
    },
  ]

  test.each(binding.tiers.flatMap((tier) => patterns.map((spec, i) => [tier, spec.kind, i] as const)))(
    '%s %s: marks at every edge',
    async (tier, _, index) => {
      const spec = patterns[index] as PatternSpec
      const mapping = mapFile(path)
      const pattern = binding.compilePattern(spec, tier)
      for (const isReverse of [false, true]) {
        const { offsets, unreadable, scannedTo, count } = await mapping.matchAsync(pattern, 0, 4 * MiB, {
          ...ALL,
          isReverse,
        }).result
        expect([...offsets]).toEqual(isReverse ? [...marks].reverse() : marks)
        expect({ unreadable, scannedTo, count }).toEqual({
          unreadable: [],
          scannedTo: isReverse ? 0 : 4 * MiB,
          count: marks.length,
        })
      }
    },
  )

  test('needles as long as a window and longer, overlapping everywhere', async () => {
    const period = bytes('abcdefg')
    const periodic = Buffer.alloc(3 * MiB, period)
    const mapping = mapFile(makeFile(join(folder, 'long'), periodic))
    for (const byteLength of [64, 1024, MiB - 1, MiB, MiB + 1, 2 * MiB, 3 * MiB]) {
      const values = periodic.subarray(3, 3 + Math.min(byteLength, 3 * MiB - 3))
      const pattern = binding.compilePattern({ kind: 'bytes', values })
      const last = 3 * MiB - values.byteLength
      const expected = 1 + Math.floor((last - 3) / 7)
      for (const isReverse of [false, true]) {
        const { offsets } = await mapping.matchAsync(pattern, 0, 3 * MiB, { ...ALL, isReverse }).result
        const ascending = isReverse ? offsets.toReversed() : offsets
        expect([offsets.length, ascending[0], ascending.at(-1)], `${byteLength}`).toEqual([
          expected,
          3,
          3 + 7 * (expected - 1),
        ])
      }
      const changed = Uint8Array.from(values)
      changed[Math.floor(values.byteLength / 2)] = 0x62
      if (changed[Math.floor(values.byteLength / 2)] === values[Math.floor(values.byteLength / 2)]) continue
      const none = await mapping.matchAsync(binding.compilePattern({ kind: 'bytes', values: changed }), 0, 3 * MiB, ALL)
        .result
      expect(none.count).toBe(0)
    }
  })

  test.each([false, true])(
    'every byte a hit (reverse: %s): more than the array of a window holds',
    async (isReverse) => {
      const mapping = mapFile(makeFile(join(folder, 'dense'), new Uint8Array(2 * MiB + 77)))
      for (const spec of [
        { kind: 'bytes', values: new Uint8Array(1) },
        { kind: 'bytes', values: new Uint8Array(40) },
        { kind: 'any', needles: [{ values: new Uint8Array(2) }, { values: new Uint8Array(9) }] },
      ] as const satisfies readonly PatternSpec[]) {
        const pattern = binding.compilePattern(spec)
        const { count, offsets } = await mapping.matchAsync(pattern, 0, mapping.byteLength, { ...ALL, isReverse })
          .result
        const lengths = spec.kind === 'any' ? [2, 9] : [pattern.minByteLength]
        expect(count).toBe(lengths.reduce((sum, length) => sum + mapping.byteLength - length + 1, 0))
        const isOrdered = offsets.every(
          (offset, i) => i === 0 || (isReverse ? offset <= (offsets[i - 1] ?? 0) : offset >= (offsets[i - 1] ?? 0)),
        )
        expect(isOrdered).toBe(true)
      }
    },
  )

  test('windows agree with one piece of memory, over real bytes', async () => {
    const real = readFileSync(process.execPath).subarray(0, 5 * MiB + 123)
    const mapping = mapFile(makeFile(join(folder, 'real'), real))
    const random = seeded(77)
    for (let round = 0; round < 24; round++) {
      const spec = Object.values(SPECS)[round % 4]?.(random, real.subarray(0, 64 * KiB)) as PatternSpec
      const pattern = binding.compilePattern(spec, binding.tiers[round % binding.tiers.length])
      const options = { ...anyOptions(random, spec), limit: 50_000 }
      const inFile = await mapping.matchAsync(pattern, 0, real.byteLength, options).result
      const inMemory = pattern.matchBytes(real, options)
      expect(inFile, context({ round, spec, options })).toEqual(inMemory)
    }
  })
})

describe('far away', () => {
  const places = [2 ** 31 - 2, 2 ** 32 - 3, 2 ** 32 + 5, 2 ** 40 - 2, 5 * TiB]
  const path = makeSparseFile(
    join(folder, 'far'),
    15 * TiB,
    places.map((offset) => ({ offset, text: 'farmark' })),
  )

  const specs: readonly PatternSpec[] = [
    { kind: 'bytes', values: bytes('farmark') },
    { kind: 'any', needles: [{ values: bytes('ark') }, { values: bytes('farmark') }] },
    { kind: 'number', type: 'u32', isLittleEndian: false, min: 0x6661_726dn, max: 0x6661_726dn },
  ]
  test.each(specs.map((spec, i) => [spec.kind, i] as const))('%s past 4 GiB and past 1 TiB', async (_, index) => {
    const spec = specs[index] as PatternSpec
    const mapping = mapFile(path)
    const pattern = binding.compilePattern(spec)
    for (const offset of places) {
      for (const isReverse of [false, true]) {
        const range = [offset - 3 * MiB, offset + 3 * MiB] as const
        const result = await mapping.matchAsync(pattern, ...range, { ...ALL, isReverse }).result
        const expected = spec.kind === 'any' ? [offset, offset + 4] : [offset]
        const near = [...result.offsets].filter((hit) => hit >= offset && hit < offset + 8)
        expect(near).toEqual(isReverse ? expected.reverse() : expected)
        expect(result.scannedTo).toBe(range[isReverse ? 0 : 1])
        const aligned = await mapping.matchAsync(pattern, ...range, {
          ...ALL,
          alignment: 1000,
          alignmentBase: 1000 - (offset % 1000),
          isCountOnly: true,
        }).result
        expect(aligned.count).toBe(1)
      }
    }
  })

  test('a search of 15 TiB is cancelled at once, with what it had', async () => {
    const mapping = mapFile(path)
    const job = mapping.matchAsync(
      binding.compilePattern({ kind: 'bytes', values: bytes('farmark') }),
      0,
      15 * TiB,
      ALL,
    )
    setTimeout(() => job.cancel(), 50)
    const { cancelled, scannedTo, count } = await job.result
    expect(cancelled).toBe(true)
    expect(scannedTo).toBeLessThan(15 * TiB)
    expect(count).toBe(places.filter((place) => place + 7 <= scannedTo).length)
    job.cancel()
  })
})
