// Strings of windows that are searched side by side, against the same by one pass: with windows of 4 KiB, runs longer than many of them, characters
// across their edges, answers with room for a few runs only, and bytes that cannot be read.
import { closeSync, ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openFile, strings } from '../../src/index.ts'
import type {
  ByteRange,
  ByteSource,
  RunsWindow,
  StringEncoding,
  WindowRuns,
  WindowScanner,
} from '../../src/shared/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'
import { all, mixedBytes, SlowSource } from './support.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2
const ENCODINGS: readonly StringEncoding[] = ['ascii', 'utf8', 'utf16le', 'utf16be']
type StringsWindow = RunsWindow & { readonly encoding: StringEncoding; readonly minLength: number }

interface Narrow {
  readonly limit: number
  /** Read by nobody: told as unreadable by whatever meets it. */
  readonly gap?: ByteRange | undefined
}

/** A mapped file whose windows are as short as can be. */
class NarrowSource implements ByteSource {
  readonly byteLength: number
  readonly scanner: WindowScanner
  /** Searches that were begun without knowing what was before. */
  ahead = 0
  readonly #source: ByteSource

  constructor(source: ByteSource, narrow: Narrow) {
    this.#source = source
    this.byteLength = source.byteLength
    const native = source.scanner as WindowScanner
    this.scanner = {
      windowByteLength: 16_384,
      ahead: 2,
      stringsByteLength: 4096,
      byteStats: (...given) => native.byteStats(...given),
      equalRuns: (...given) => native.equalRuns(...given),
      differences: (...given) => native.differences(...given),
      strings: (window, options) => {
        if (window.resume === undefined) this.ahead++
        const strings = (wanted: StringsWindow): Promise<WindowRuns> => native.strings(wanted, options)
        return around(narrow.gap, { ...window, limit: narrow.limit }, strings)
      },
    }
  }

  read(offset: number, length: number): ReturnType<ByteSource['read']> {
    return this.#source.read(offset, length)
  }

  async close(): Promise<void> {}
}

/** Up to the gap, and on behind it, as a native search does. */
async function around(
  gap: ByteRange | undefined,
  window: StringsWindow,
  strings: (window: StringsWindow) => Promise<WindowRuns>,
): Promise<WindowRuns> {
  const { range } = window
  if (gap === undefined || gap.end <= range.start || gap.start >= range.end) return await strings(window)
  const isWithin = gap.start <= range.start
  const before = isWithin
    ? undefined
    : await strings({ ...window, range: { start: range.start, end: gap.start }, isEnd: true, limit: 2 ** 31 })
  const after =
    gap.end >= range.end
      ? undefined
      : await strings({ ...window, range: { start: gap.end, end: range.end }, resume: undefined })
  return {
    runs: Float64Array.from([...(before?.runs ?? []), ...(after?.runs ?? [])]),
    values: new Uint8Array(0),
    scannedTo: after?.scannedTo ?? range.end,
    resume: after?.resume ?? [0, 0, 0, 0],
    head: before?.head ?? [],
    unreadable: [{ start: Math.max(gap.start, range.start), end: Math.min(gap.end, range.end) }],
  }
}

/** Mixed bytes with long stretches of one text. */
function longMixed(random: Random): Uint8Array {
  const bytes = mixedBytes(random, 90_000 + random.between(0, 20_000))
  for (let n = 0; n < 3; n++) {
    const text = random.pick(['plain ', 'é', '€', '\u{1f600}', 'a€\u{1f600}é'])
    const many = text.repeat(random.between(500, 5000))
    const wide = Buffer.from(many, 'utf16le')
    const long = random.pick([Buffer.from(many), Buffer.from(many), wide, Buffer.from(wide).swap16()])
    const at = random.between(0, bytes.length - 1)
    bytes.set(long.subarray(0, bytes.length - at), at)
  }
  return bytes
}

function randomRange(random: Random, byteLength: number): ByteRange {
  const start = random.chance(0.5) ? random.between(0, 9000) : 0
  return { start, end: random.chance(0.5) ? random.between(start, byteLength) : byteLength }
}

describe.each([SEED, SEED + 1, SEED + 2, SEED + 3])('seed %i', (seed) => {
  const random = new Random(seed)
  const bytes = longMixed(random)
  const path = folder.file(bytes)

  test.each(ENCODINGS)('%s', async (encoding) => {
    const source = openFile(path)
    for (let round = 0; round < 12; round++) {
      const options = {
        encoding,
        minLength: random.pick([1, 2, 4, 8, 40, 63, 64, 65, 200, 3000, 9000]),
        range: randomRange(random, bytes.length),
      }
      const narrow = new NarrowSource(source, { limit: random.pick([1, 30, 2 ** 31]) })
      const found = await all(strings(narrow, options))
      const expected = await all(strings(new SlowSource(source), options))
      expect(found, JSON.stringify({ seed, round, ...options })).toEqual(expected)
      expect(narrow.ahead).toBeGreaterThanOrEqual(Math.floor((options.range.end - options.range.start) / 4096))
    }
    await source.close()
  })

  test.each(ENCODINGS)('%s, around what cannot be read', async (encoding) => {
    const source = openFile(path)
    for (let round = 0; round < 12; round++) {
      const range = randomRange(random, bytes.length)
      const minLength = random.pick([1, 4, 8, 70, 3000])
      const gapStart = random.between(range.start, range.end)
      const gap = { start: gapStart, end: Math.min(range.end, gapStart + random.between(1, 30_000)) }
      const narrow = new NarrowSource(source, { limit: random.pick([1, 30, 2 ** 31]), gap })
      const found = await all(strings(narrow, { encoding, minLength, range }))
      const parts = [
        { start: range.start, end: gap.start },
        { start: gap.end, end: range.end },
      ]
      const expected = []
      for (const part of parts)
        expected.push(...(await all(strings(new SlowSource(source), { encoding, minLength, range: part }))).items)
      const context = JSON.stringify({ seed, round, encoding, minLength, range, gap })
      expect(found.items, context).toEqual(expected)
      expect(found.unreadable, context).toEqual(gap.start < gap.end ? [gap] : [])
    }
    await source.close()
  })
})

/** Every character at every place around an edge. */
test.each(ENCODINGS)('%s: a character across the edge of two windows', async (encoding) => {
  for (const text of ['a€', '\u{1f600}', 'ab', 'é\u0085']) {
    const utf8 = Buffer.from(text.repeat(3))
    const wide = Buffer.from(text.repeat(3), 'utf16le')
    const written = encoding === 'utf8' || encoding === 'ascii' ? utf8 : encoding === 'utf16le' ? wide : wide.swap16()
    for (let before = 0; before <= written.length; before++) {
      const bytes = new Uint8Array(12_288)
      bytes.set(written, 4096 - before)
      const source = openFile(folder.file(bytes))
      for (const minLength of [1, 2, 3, 6]) {
        const narrow = new NarrowSource(source, { limit: 2 ** 31 })
        const expected = await all(strings(new MemorySource(bytes), { encoding, minLength }))
        const context = JSON.stringify({ text, before, minLength })
        expect(await all(strings(narrow, { encoding, minLength })), context).toEqual(expected)
      }
      await source.close()
    }
  }
})

test('one string over many windows, past 4 GiB', async () => {
  const path = folder.sparse(5 * GIB)
  const fd = openSync(path, 'r+')
  const [start, byteLength] = [4 * GIB - 30 * MIB - 1, 61 * MIB]
  for (let at = 0; at < byteLength; at += MIB)
    writeSync(fd, Buffer.alloc(MIB, 'text without an end, '), 0, MIB, start + at)
  ftruncateSync(fd, 5 * GIB)
  closeSync(fd)
  const source = openFile(path)
  expect((await all(strings(source))).items).toEqual([{ offset: start, byteLength }])
  expect((await all(strings(source, { encoding: 'utf8', minLength: byteLength }))).items).toHaveLength(1)
  expect((await all(strings(source, { minLength: byteLength + 1 }))).items).toEqual([])
  await source.close()
})

test('a file that is cut off meanwhile, and an abort between two windows', async () => {
  const path = folder.file(Buffer.alloc(40 * MIB, 'a line of text\n'))
  const source = openFile(path)
  const controller = new AbortController()
  const pages = strings(source, { signal: controller.signal, pageLength: 1000 })
  await pages.next()
  controller.abort('enough')
  await expect(all(pages)).rejects.toBe('enough')
  const rest = strings(source, { pageLength: 1000 })
  const first = await rest.next()
  truncateSync(path, MIB)
  const { items, unreadable } = await all(rest)
  expect(first.done).toBe(false)
  expect(unreadable.at(-1)?.end).toBe(40 * MIB)
  for (const { byteLength } of items.slice(0, -1)) expect(byteLength).toBe(14)
  await source.close()
})
