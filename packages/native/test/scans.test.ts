import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { NativeMapping, RunsResult } from '../lib/index.ts'
import { compile } from './support/compile.ts'
import { GiB, KiB, MiB, makeFile, makeSparseFile, mapFile, mapMemory, TiB, temporaryFolder } from './support/files.ts'
import {
  type Encoding,
  joined,
  naiveCounts,
  naiveDifferences,
  naiveEqualRuns,
  naiveStats,
  naiveStrings,
  type Pair,
  pairs,
} from './support/naive_scans.ts'
import { seeded } from './support/random.ts'

const folder = temporaryFolder()
const ENCODINGS: readonly Encoding[] = ['ascii', 'utf8', 'utf16le', 'utf16be']
const SEEDS = [1, 2, 3, 4, 5, 6, Math.floor(Math.random() * 2 ** 31)]
const PIECES: readonly string[] = [
  'a',
  'Zebra',
  ' ',
  '\t',
  '\n',
  '\0',
  'é',
  '€',
  '\u{1f600}',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\ue000',
  '\ufffe',
]

type Random = (below: number) => number

/** Pieces of text in every encoding, broken ones too, between stretches of noise and of one byte. */
function mixedBytes(random: Random, byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  for (let at = 0; at < byteLength; ) {
    const piece = mixedPiece(random)
    bytes.set(piece.subarray(0, byteLength - at), at)
    at += piece.length
  }
  return bytes
}

function mixedPiece(random: Random): Uint8Array {
  const kind = random(7)
  if (kind === 0) return Uint8Array.from({ length: random(60) + 1 }, () => random(256))
  if (kind === 1) return new Uint8Array(random(300) + 1).fill([0, 0xff, 0x41, random(256)][random(4)] as number)
  if (kind === 2)
    return Uint8Array.of(
      [0xc0, 0xe0, 0xed, 0xf0, 0xf4][random(5)] as number,
      0x80 + random(64),
      0x80 + random(64),
      0x80,
    )
  const text = Array.from({ length: random(20) + 1 }, () => PIECES[random(random(2) === 0 ? 3 : PIECES.length)]).join(
    '',
  )
  const wide = Buffer.from(text, 'utf16le')
  if (kind === 3) return Buffer.from(text, 'utf8')
  if (kind === 4) return wide
  return kind === 5 ? wide.swap16() : Buffer.from(text, 'utf8').subarray(0, 1 + random(8))
}

/** In jobs of any length, each going on where the one before stopped. */
async function inJobs(
  range: { readonly start: number; readonly end: number },
  jobByteLength: number,
  start: (
    offset: number,
    byteLength: number,
    next: { isEnd: boolean; resume: readonly number[] | undefined },
  ) => ReturnType<NativeMapping['stringsAsync']>,
): Promise<{ readonly runs: Pair[]; readonly results: RunsResult[] }> {
  const runs: Pair[] = []
  const results: RunsResult[] = []
  let resume: readonly number[] | undefined
  for (let at = range.start; at < range.end; ) {
    const end = Math.min(range.end, at + jobByteLength)
    const result = await start(at, end - at, { isEnd: end === range.end, resume }).result
    expect(result.scannedTo).toBeGreaterThan(at)
    for (const run of pairs(result.runs)) runs.push(run)
    results.push(result)
    at = result.scannedTo
    resume = result.resume
  }
  return { runs, results }
}

describe.each(SEEDS)('seed %i', (seed) => {
  const random = seeded(seed)
  const bytes = mixedBytes(random, 20 * KiB + random(9000))
  const path = makeFile(join(folder, `mixed-${seed}`), bytes)

  test.each(ENCODINGS)('strings, %s', async (encoding) => {
    const mapping = mapFile(path)
    for (let round = 0; round < 12; round++) {
      const start = random(2) === 0 ? random(bytes.length) : 0
      const end = bytes.length - (random(2) === 0 ? random(bytes.length - start) : 0)
      const minLength = 1 + random(random(2) === 0 ? 8 : 100)
      const { runs } = await inJobs({ start, end }, 4200 + random(20_000), (offset, byteLength, next) =>
        mapping.stringsAsync(offset, byteLength, { encoding, minLength, limit: 1 + random(50), ...next }),
      )
      const expected = naiveStrings(bytes.subarray(start, end), encoding, minLength)
      expect(runs, JSON.stringify({ seed, round, start, end, minLength })).toEqual(
        expected.map(([offset, byteLength]) => [start + offset, byteLength]),
      )
    }
  })

  test('equal runs, and of which byte', async () => {
    const mapping = mapFile(path)
    for (let round = 0; round < 12; round++) {
      const start = random(bytes.length)
      const end = start + 1 + random(bytes.length - start)
      const minByteLength = 2 + random(random(2) === 0 ? 6 : 200)
      const { runs, results } = await inJobs({ start, end }, 4200 + random(20_000), (offset, byteLength, next) =>
        mapping.equalRunsAsync(offset, byteLength, { minByteLength, limit: 1 + random(50), ...next }),
      )
      const expected = naiveEqualRuns(bytes.subarray(start, end), minByteLength)
      expect(runs, JSON.stringify({ seed, round, start, end, minByteLength })).toEqual(
        expected.map(([offset, byteLength]) => [start + offset, byteLength]),
      )
      const values = results.flatMap(({ lastBytes }) => [...lastBytes])
      expect(values).toEqual(runs.map(([offset]) => bytes[offset]))
    }
  })

  test('statistics of blocks', async () => {
    const mapping = mapFile(path)
    for (const blockByteLength of [1, 7, 256, 1000, 4096, 65_536]) {
      const start = random(bytes.length - 2000)
      const end = start + (blockByteLength === 1 ? 500 : random(bytes.length - start))
      const result = await mapping.byteStatsAsync(start, end - start, blockByteLength).result
      expect(result).toMatchObject({ scannedTo: end, cancelled: false, unreadable: [] })
      expect([...result.counts]).toEqual(naiveCounts(bytes.subarray(start, end)))
      expect(result.entropy.length).toBe(Math.ceil((end - start) / blockByteLength))
      for (const [index, entropy] of result.entropy.entries()) {
        const from = start + index * blockByteLength
        const expected = naiveStats(bytes.subarray(from, Math.min(end, from + blockByteLength)))
        expect(entropy).toBeCloseTo(expected.entropy, 5)
        expect([...result.classes.subarray(5 * index, 5 * index + 5)]).toEqual(expected.classes)
        expect([result.least[index], result.most[index]]).toEqual([expected.least, expected.most])
      }
    }
  })

  test('differences', async () => {
    const other = bytes.slice()
    for (let count = random(400); count > 0; count--) {
      const at = random(other.length)
      other.set(
        other.slice(at, at + random(200)).map((byte) => byte ^ random(3)),
        at,
      )
    }
    const mapping = mapFile(path)
    const rival = mapFile(makeFile(join(folder, `rival-${seed}`), other))
    for (let round = 0; round < 10; round++) {
      const start = random(bytes.length)
      const otherStart = round % 2 === 0 ? start : random(bytes.length)
      const byteLength = random(bytes.length - Math.max(start, otherStart))
      const result = await mapping.compareAsync(rival, start, otherStart, byteLength, 2 ** 20).result
      expect(result).toMatchObject({ scannedTo: start + byteLength, unreadable: [], otherUnreadable: [] })
      const expected = naiveDifferences(
        bytes.subarray(start, start + byteLength),
        other.subarray(otherStart, otherStart + byteLength),
      )
      expect(joined(pairs(result.runs)), JSON.stringify({ seed, round, start, otherStart, byteLength })).toEqual(
        expected.map(([offset, length]) => [start + offset, length]),
      )
    }
  })
})

describe('across windows', () => {
  const random = seeded(77)
  const bytes = new Uint8Array(5 * MiB + 123)
  for (let at = 0; at < bytes.length; at++) bytes[at] = random(4) === 0 ? 0x41 + random(3) : 0x80 + random(64)
  // One string over three windows, one over an edge, one equal run over an edge, one string at the very end.
  bytes.fill(0x61, MiB - 100, 3 * MiB + 7)
  bytes.set(Buffer.from('over the edge'), 4 * MiB - 6)
  bytes.fill(0xee, 5 * MiB - 50, 5 * MiB + 50)
  bytes.set(Buffer.from('the very end'), bytes.length - 12)
  const path = makeFile(join(folder, 'windows'), bytes)

  test('strings are whole', async () => {
    const mapping = mapFile(path)
    const options = { encoding: 'ascii', minLength: 9, limit: 1000, isEnd: true } as const
    const { runs } = await mapping.stringsAsync(0, bytes.length, options).result
    expect(pairs(runs)).toEqual(naiveStrings(bytes, 'ascii', 9))
  })

  test('equal runs are whole', async () => {
    const mapping = mapFile(path)
    const { runs } = await mapping.equalRunsAsync(0, bytes.length, { minByteLength: 60, limit: 1000, isEnd: true })
      .result
    expect(pairs(runs)).toEqual(naiveEqualRuns(bytes, 60))
  })

  test('statistics of blocks of an odd length', async () => {
    const mapping = mapFile(path)
    const { counts, entropy } = await mapping.byteStatsAsync(0, bytes.length, 700_001).result
    expect([...counts]).toEqual(naiveCounts(bytes))
    expect(entropy.length).toBe(Math.ceil(bytes.length / 700_001))
    for (const [index, value] of entropy.entries())
      expect(value).toBeCloseTo(naiveStats(bytes.subarray(index * 700_001, (index + 1) * 700_001)).entropy, 5)
  })

  test('more runs than a look has room for', async () => {
    const dense = Uint8Array.from({ length: 2 * MiB }, (_, at) => (at % 2 === 0 ? 0x41 : 0))
    const mapping = mapFile(makeFile(join(folder, 'dense'), dense))
    const { runs } = await mapping.stringsAsync(0, dense.length, {
      encoding: 'ascii',
      minLength: 1,
      limit: 2 ** 30,
      isEnd: true,
    }).result
    expect(runs.length).toBe(2 * MiB)
    expect(runs.every((value, at) => value === (at % 2 === 0 ? at : 1))).toBe(true)
    const same = mapMemory(2 * MiB)
    const compared = await mapping.compareAsync(same, 0, 0, 2 * MiB, 2 ** 30).result
    expect(compared.runs.length).toBe(2 * MiB)
  })
})

describe('every tier, beside pages that cannot be touched', () => {
  const kernels = ['ascii_marks', 'byte_masks', 'byte_masks_plain', 'equal_marks', 'histogram', 'run_marks']
  const tiers: Readonly<Record<string, readonly string[]>> = {
    x64: ['byte_masks_x64', 'byte_masks_sse2', 'byte_masks_avx2'],
    arm64: ['byte_masks_arm64', 'byte_masks_neon'],
  }
  const names = [...kernels, 'utf16_marks', 'utf8_marks', ...(tiers[process.arch] ?? ['byte_masks_other'])]
  const sources = names.map((name) => `../src/kernels/${name}.cc`)
  const program = compile(join(folder, 'bounds'), ['children/run_bounds.cc', ...sources], ['-std=c++20'])

  test.each(SEEDS)('seed %i', (seed) => {
    const [agreed, asked] = execFileSync(program, [String(seed)], { encoding: 'utf8' })
      .trim()
      .split(' of ')
    expect(agreed).toBe(asked)
    expect(Number(asked)).toBeGreaterThan(5000)
  })
})

describe('against GNU strings', () => {
  test.each([4, 8])(
    '-n %i, on this program',
    async (minLength) => {
      // A part of it: GNU takes a second for 100 MiB, and telling its lines apart takes longer.
      const part = readFileSync(process.execPath).subarray(20 * MiB, 40 * MiB)
      const program = makeFile(join(folder, `program-${minLength}`), part)
      const mapping = mapFile(program)
      const found = await inJobs({ start: 0, end: mapping.byteLength }, 16 * MiB, (offset, byteLength, next) =>
        mapping.stringsAsync(offset, byteLength, { encoding: 'ascii', minLength, limit: 2 ** 30, ...next }),
      )
      // To GNU a TAB is part of a string; so its strings are cut at them.
      const { stdout, status } = spawnSync('strings', ['-a', '-n', '1', '-t', 'd', program], { maxBuffer: 2 ** 30 })
      expect(status).toBe(0)
      const expected: Pair[] = []
      for (const line of stdout.toString('latin1').split('\n')) {
        const [, number, text] = /^ *(\d+) (.*)$/s.exec(line) ?? []
        if (number === undefined || text === undefined) continue
        let offset = Number(number)
        for (const part of text.split('\t')) {
          if (part.length >= minLength) expected.push([offset, part.length])
          offset += part.length + 1
        }
      }
      expect(found.runs.length).toBe(expected.length)
      expect(
        found.runs.every(([offset, length], at) => offset === expected[at]?.[0] && length === expected[at]?.[1]),
      ).toBe(true)
    },
    60_000,
  )
})

describe.each([
  { title: '5 GiB', at: 5 * GiB },
  { title: '1 TiB', at: TiB },
])('past $title of a sparse file', ({ title, at }) => {
  const path = makeSparseFile(join(folder, `sparse ${title}`), at + 3 * MiB, [{ offset: at - 5, text: 'over it is' }])
  const from = at - 2 * MiB
  const length = 4 * MiB

  test('all four', async () => {
    const mapping = mapFile(path)
    const strings = await mapping.stringsAsync(from, length, { encoding: 'ascii', minLength: 4, limit: 9, isEnd: true })
      .result
    expect(pairs(strings.runs)).toEqual([[at - 5, 10]])
    const runs = await mapping.equalRunsAsync(from, length, { minByteLength: 100, limit: 9, isEnd: true }).result
    expect(pairs(runs.runs)).toEqual([
      [from, 2 * MiB - 5],
      [at + 5, 2 * MiB - 5],
    ])
    expect([...runs.lastBytes]).toEqual([0, 0])
    const compared = await mapping.compareAsync(mapping, from, from - length, length, 9).result
    expect(joined(pairs(compared.runs))).toEqual([[at - 5, 10]])
    const stats = await mapping.byteStatsAsync(from, length, MiB).result
    expect(stats.counts[0]).toBe(length - 10)
    expect([...stats.entropy].map((value) => value > 0)).toEqual([false, true, true, false])
  })
})

describe('bytes that are not there', () => {
  test('are unreadable to each of them, and end what was open', async () => {
    const path = makeFile(join(folder, 'cut'), Buffer.alloc(64 * KiB, 'a'))
    const whole = mapFile(makeFile(join(folder, 'whole'), Buffer.alloc(64 * KiB, 'a')))
    const mapping = mapFile(path)
    truncateSync(path, 10_000)
    const gap = [10_000, 64 * KiB]
    const strings = await mapping.stringsAsync(0, 64 * KiB, { encoding: 'ascii', minLength: 4, limit: 9, isEnd: true })
      .result
    expect({ runs: pairs(strings.runs), unreadable: strings.unreadable }).toEqual({
      runs: [[0, 10_000]],
      unreadable: gap,
    })
    const runs = await mapping.equalRunsAsync(0, 64 * KiB, { minByteLength: 4, limit: 9, isEnd: true }).result
    expect({ runs: pairs(runs.runs), unreadable: runs.unreadable }).toEqual({ runs: [[0, 10_000]], unreadable: gap })
    const stats = await mapping.byteStatsAsync(0, 64 * KiB, 4096).result
    expect(stats).toMatchObject({ scannedTo: 64 * KiB, unreadable: gap })
    expect(stats.counts[0x61]).toBe(10_000)
    expect([...stats.entropy].map((value) => Number.isNaN(value))).toEqual([
      false,
      false,
      false,
      ...Array(13).fill(true),
    ])
    const compared = await mapping.compareAsync(whole, 0, 0, 64 * KiB, 9).result
    expect({ runs: pairs(compared.runs), unreadable: compared.unreadable }).toEqual({ runs: [], unreadable: gap })
    const otherwise = await whole.compareAsync(mapping, 0, 0, 64 * KiB, 9).result
    expect({ runs: pairs(otherwise.runs), unreadable: otherwise.otherUnreadable }).toEqual({
      runs: [],
      unreadable: gap,
    })
  })
})

test('a page that is gone is told of where nothing had to touch it', async () => {
  const path = makeFile(join(folder, 'gone'), Buffer.alloc(8192, 'a'))
  const otherPath = makeFile(join(folder, 'gone too'), Buffer.alloc(8192, 'a'))
  // Without the file kept, only a touch can tell.
  const mapping = mapFile(path, { keepsFile: false })
  const other = mapFile(otherPath, { keepsFile: false })
  truncateSync(path, 0)
  truncateSync(otherPath, 0)
  const runs = await mapping.equalRunsAsync(5000, 1, { minByteLength: 2, limit: 9, isEnd: true }).result
  expect(runs.unreadable).toEqual([5000, 5001])
  const compared = await mapping.compareAsync(other, 100, 200, 10, 9).result
  expect([compared.unreadable, compared.otherUnreadable]).toEqual([
    [100, 110],
    [200, 210],
  ])
})

test('a cancelled one says so', async () => {
  const mapping = mapMemory(256 * MiB)
  const jobs = [
    mapping.byteStatsAsync(0, 256 * MiB, MiB),
    mapping.stringsAsync(0, 256 * MiB, { encoding: 'utf8', minLength: 4, limit: 9, isEnd: true }),
    mapping.equalRunsAsync(0, 256 * MiB, { minByteLength: 4, limit: 9, isEnd: true }),
    mapping.compareAsync(mapping, 0, 0, 256 * MiB, 9),
  ]
  for (const job of jobs) job.cancel()
  for (const job of jobs) {
    const { cancelled, scannedTo } = await job.result
    expect({ cancelled, isWhole: scannedTo === 256 * MiB }).toEqual({ cancelled: true, isWhole: false })
  }
})

test('wrong arguments are refused', () => {
  const mapping = mapMemory(4096)
  const runs = { limit: 1, isEnd: true }
  expect(() => mapping.byteStatsAsync(0, 4096, 0)).toThrow(RangeError)
  expect(() => mapping.byteStatsAsync(0, 4097, 1)).toThrow(RangeError)
  expect(() => mapping.stringsAsync(0, 4096, { ...runs, encoding: 'ebcdic' as Encoding, minLength: 4 })).toThrow(
    RangeError,
  )
  expect(() => mapping.stringsAsync(0, 4096, { ...runs, encoding: 'ascii', minLength: 0 })).toThrow(RangeError)
  expect(() => mapping.equalRunsAsync(0, 4096, { ...runs, minByteLength: 1 })).toThrow(RangeError)
  expect(() => mapping.compareAsync({} as NativeMapping, 0, 0, 1, 1)).toThrow(TypeError)
  expect(() => mapping.compareAsync(mapping, 0, 4096, 1, 1)).toThrow(RangeError)
})
