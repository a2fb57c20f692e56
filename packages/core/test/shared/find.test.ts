import { describe, expect, test } from 'vitest'
import { type ByteSource, type Extent, type FindOptions, type FindProgress, find } from '../../src/shared/index.ts'
import { findWithLimits } from '../../src/shared/search/find.ts'
import type { SearchLimits } from '../../src/shared/search/limits.ts'
import { MemorySource } from '../support/memory_source.ts'
import { ascending, naiveMatch } from '../support/naive.ts'
import { Random, SEED } from '../support/random.ts'
import { sparseContent } from '../support/sparse_content.ts'

const TIB = 1024 ** 4

/** The places in the order the search must meet them: before and after going round. */
function expectedPasses(
  byteLength: number,
  needleLength: number,
  { from, direction, isWrapping }: FindOptions,
): number[][] {
  const count = Math.max(0, byteLength - needleLength + 1)
  const below = ascending(0, Math.min(from, count))
  const above = ascending(from, count)
  const passes = direction === 'forward' ? [above, below] : [below.reverse(), above.reverse()]
  return isWrapping === true ? passes : passes.slice(0, 1)
}

function randomLimits(random: Random): SearchLimits {
  return {
    windowByteLength: random.between(1, 20),
    pieceByteLength: random.between(1, 60),
    zonesHeld: random.between(1, 3),
  }
}

test(`find agrees with the naive search: holes, gaps, windows, both directions, wrapping (seed ${SEED})`, async () => {
  const random = new Random(SEED)
  const seen = { matches: 0, wrapped: 0, absent: 0 }
  for (let round = 0; round < 4000; round++) {
    const alphabet = random.pick([1, 2, 3])
    const { bytes, extents, unreadable } = sparseContent(random, alphabet)
    const needle = random.bytes(random.between(1, 8), alphabet)
    const hasExtents = random.chance(0.7)
    const hasFindIn = random.chance(0.5)
    const source = new MemorySource(bytes, { extents: hasExtents ? extents : undefined, unreadable, hasFindIn })
    const options: FindOptions = {
      from: random.between(0, bytes.length),
      direction: random.pick(['forward', 'backward']),
      isWrapping: random.chance(0.6),
    }
    const limits = randomLimits(random)
    const result = await findWithLimits(source, needle, options, limits)

    const passes = expectedPasses(bytes.length, needle.length, options)
    const offsets = passes.map((starts) => naiveMatch(bytes, needle, starts, unreadable))
    const pass = offsets.findIndex((offset) => offset >= 0)
    const context = JSON.stringify({
      round,
      bytes: [...bytes],
      needle: [...needle],
      extents,
      unreadable,
      hasExtents,
      options,
      limits,
    })
    expect({ offset: result.offset, isWrapped: result.isWrapped }, context).toEqual({
      offset: pass < 0 ? -1 : offsets[pass],
      isWrapped: pass > 0,
    })
    if (pass < 0 && options.isWrapping === true && needle.length <= bytes.length) {
      expect(result.unreadable, context).toEqual(unreadable)
      seen.absent++
    }
    if (pass >= 0) seen.matches++
    if (pass > 0) seen.wrapped++
  }
  expect(seen.matches).toBeGreaterThan(500)
  expect(seen.wrapped).toBeGreaterThan(50)
  expect(seen.absent).toBeGreaterThan(50)
})

describe('every place is looked at once', () => {
  for (const direction of ['forward', 'backward'] as const) {
    for (const hasFindIn of [true, false]) {
      test(`${direction}, ${hasFindIn ? 'by the source' : 'by reading'}`, async () => {
        const needle = Uint8Array.of(9, 9, 9)
        const source = new MemorySource(new Uint8Array(100), { hasFindIn })
        const limits = { windowByteLength: 7, pieceByteLength: 30, zonesHeld: 5 }
        const reports: FindProgress[] = []
        const onProgress = (progress: FindProgress) => reports.push(progress)
        await findWithLimits(source, needle, { from: 41, direction, isWrapping: true, onProgress }, limits)
        const places = source.scanned.flatMap(({ start, end }) => ascending(start, end - needle.length + 1))
        expect(places.toSorted((a, b) => a - b)).toEqual(ascending(0, 98))
        expect(reports.length).toBeGreaterThanOrEqual(source.scanned.length)
        expect(reports.map((report) => report.scanned)).toEqual(
          reports.map((report) => report.scanned).toSorted((a, b) => a - b),
        )
        expect(reports.at(-1)).toEqual({ scanned: 98, total: 98 })
      })
    }
  }

  test('a hole is not scanned, but for the bytes a match could share with its neighbours', async () => {
    const bytes = new Uint8Array(1000)
    const extents: Extent[] = [
      { kind: 'hole', start: 0, end: 400 },
      { kind: 'data', start: 400, end: 410 },
      { kind: 'hole', start: 410, end: 1000 },
    ]
    const source = new MemorySource(bytes, { extents })
    expect((await find(source, Uint8Array.of(0, 1, 0), { from: 0, direction: 'forward' })).offset).toBe(-1)
    expect(source.scanned).toEqual([{ start: 398, end: 412 }])
  })
})

/** A file of 15 TiB that holds eight bytes at the very end (or nothing at all). */
class HollowSource implements ByteSource {
  readonly byteLength: number = 15 * TIB
  readonly mark: Uint8Array

  constructor(mark: Uint8Array) {
    this.mark = mark
  }

  async *extents({ start, end }: { start: number; end: number }): AsyncGenerator<Extent> {
    const dataStart = this.byteLength - this.mark.length
    if (start < dataStart) yield { kind: 'hole', start, end: Math.min(end, dataStart) }
    if (end > dataStart) yield { kind: 'data', start: Math.max(start, dataStart), end }
  }

  async read(offset: number, length: number) {
    const bytes = new Uint8Array(length)
    for (const [at, byte] of this.mark.entries()) {
      const place = this.byteLength - this.mark.length + at - offset
      if (place >= 0 && place < length) bytes[place] = byte
    }
    return { offset, bytes, unreadable: [] }
  }

  async close(): Promise<void> {}
}

describe('a hole of 15 TiB takes no time', () => {
  for (const direction of ['forward', 'backward'] as const) {
    const mark = new TextEncoder().encode('the end!')
    const hollow = new HollowSource(mark)
    const cases = [
      { title: 'the mark in its last bytes', needle: mark, offset: 15 * TIB - 8 },
      { title: 'absent bytes', needle: Uint8Array.of(1, 2, 3), offset: -1 },
      { title: 'zeros', needle: new Uint8Array(5), offset: direction === 'forward' ? 5 * TIB : 5 * TIB - 1 },
      { title: 'zeros that end in the data', needle: Uint8Array.of(0, 0, 0x74), offset: 15 * TIB - 10 },
    ]
    test.each(cases)(`${direction}: $title`, async ({ needle, offset }) => {
      const startedMs = performance.now()
      const result = await find(hollow, needle, { from: 5 * TIB, direction, isWrapping: true })
      expect(result.offset).toBe(offset)
      expect(performance.now() - startedMs).toBeLessThan(900)
    })
  }
})

describe('a source that knows of a lost tail', () => {
  for (const direction of ['forward', 'backward'] as const) {
    test(`is not asked about it window by window, ${direction}`, async () => {
      let asked = 0
      const source: ByteSource = {
        byteLength: 15 * TIB,
        read: () => Promise.reject(new Error('unused')),
        findIn: async () => {
          asked++
          return { offset: -1, unreadable: [{ start: 4096, end: 15 * TIB }] }
        },
        close: async () => undefined,
      }
      const result = await find(source, Uint8Array.of(1), { from: 15 * TIB, direction, isWrapping: true })
      expect(result).toEqual({ offset: -1, isWrapped: false, unreadable: [{ start: 4096, end: 15 * TIB }] })
      expect(asked).toBeLessThanOrEqual(2)
    })
  }
})

describe('refusals and cancelling', () => {
  const source = new MemorySource(new Uint8Array(64))
  const needle = Uint8Array.of(1)

  test('an empty needle and a start outside the source', async () => {
    await expect(find(source, new Uint8Array(0), { from: 0, direction: 'forward' })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT',
    })
    for (const from of [-1, 65, 0.5, Number.NaN]) {
      await expect(find(source, needle, { from, direction: 'forward' })).rejects.toMatchObject({ code: 'ERR_RANGE' })
    }
  })

  test('a needle longer than the source, and an empty source, have no match', async () => {
    expect((await find(source, new Uint8Array(65), { from: 0, direction: 'forward', isWrapping: true })).offset).toBe(
      -1,
    )
    expect(
      (await find(new MemorySource(new Uint8Array(0)), needle, { from: 0, direction: 'backward', isWrapping: true }))
        .offset,
    ).toBe(-1)
  })

  test('an abort before or between windows rejects with its reason', async () => {
    const reason = new Error('no longer wanted')
    await expect(
      find(source, needle, { from: 0, direction: 'forward', signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason)
    const controller = new AbortController()
    const limits = { windowByteLength: 8, pieceByteLength: 64, zonesHeld: 8 }
    const onProgress = ({ scanned }: FindProgress) => scanned >= 16 && controller.abort(reason)
    const fresh = new MemorySource(new Uint8Array(64))
    const options: FindOptions = { from: 0, direction: 'forward', signal: controller.signal, onProgress }
    await expect(findWithLimits(fresh, needle, options, limits)).rejects.toBe(reason)
    expect(fresh.scanned).toHaveLength(2)
  })

  test('timers run while a long search goes on', async () => {
    const long = new MemorySource(new Uint8Array(64 * 1024 ** 2))
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await findWithLimits(
      long,
      Uint8Array.of(1, 2),
      { from: 0, direction: 'forward' },
      { windowByteLength: 1024 ** 2, pieceByteLength: TIB, zonesHeld: 8 },
    )
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(0)
  })

  test('the caller may reuse its needle at once', async () => {
    const bytes = new Uint8Array(64)
    bytes[50] = 7
    const reused = Buffer.from([7])
    const search = find(new MemorySource(bytes), reused, { from: 0, direction: 'forward' })
    reused[0] = 8
    expect((await search).offset).toBe(50)
  })
})
