import { spawnSync } from 'node:child_process'
import { truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type BlockBatch,
  type ByteSource,
  differences,
  entropy,
  histogram,
  openFile,
  runs,
  type ScanProgress,
  strings,
} from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder, TIB } from '../support/temp.ts'
import { all, holedSource, mixedBytes, naiveEqualRuns, regExpRuns, SlowSource } from './support.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2

function pattern(encoding: string, least: number): RegExp {
  const character = { ascii: '[ -~]', utf16le: '[ -~]\\x00', utf16be: '\\x00[ -~]' }[encoding]
  return new RegExp(`(?:${character}){${least},}`, 'g')
}

async function blocksOf(source: ByteSource, options: Parameters<typeof entropy>[1]): Promise<BlockBatch[]> {
  const batches: BlockBatch[] = []
  for await (const batch of entropy(source, options)) batches.push(batch)
  return batches
}

/** One line of Python for each number: counts, and entropies of blocks. */
function python(path: string, block: number): { counts: number[]; entropies: number[] } {
  const program = `
import sys, json, math, collections
data = open(sys.argv[1], 'rb').read()
size = int(sys.argv[2])
def bits(part):
    return -sum(n / len(part) * math.log2(n / len(part)) for n in collections.Counter(part).values())
counts = collections.Counter(data)
print(json.dumps({'counts': [counts[v] for v in range(256)], 'entropies': [bits(data[i:i + size]) for i in range(0, len(data), size)]}))
`
  const { stdout, stderr, status } = spawnSync('python3', ['-c', program, path, String(block)], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

describe.each([SEED, SEED + 1, SEED + 2])('seed %i', (seed) => {
  const random = new Random(seed)
  const bytes = mixedBytes(random, 40_000 + random.between(0, 9000))
  const path = folder.file(bytes)

  test.each(['ascii', 'utf16le', 'utf16be'] as const)(
    'strings, %s: mapped and plain, against a RegExp',
    async (encoding) => {
      for (const minLength of [1, 4, 9]) {
        const expected = regExpRuns(bytes, pattern(encoding, minLength))
        for (const source of [openFile(path), new MemorySource(bytes)]) {
          expect((await all(strings(source, { encoding, minLength, pageLength: 7 }))).items).toEqual(expected)
          await source.close()
        }
      }
    },
  )

  test('strings, utf8: mapped as plain, and every one decodes', async () => {
    const source = openFile(path)
    const { items } = await all(strings(source, { encoding: 'utf8', minLength: 3 }))
    expect(items).toEqual((await all(strings(new SlowSource(source), { encoding: 'utf8', minLength: 3 }))).items)
    expect(items.length).toBeGreaterThan(10)
    for (const { offset, byteLength } of items) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(offset, offset + byteLength))
      expect([...text].length).toBeGreaterThanOrEqual(3)
      expect(text).not.toMatch(/[\p{Cc}\p{Co}\u2028\u2029]/u)
    }
    await source.close()
  })

  test('histogram and entropy, against Python', async () => {
    const block = random.pick([100, 4096, 10_000])
    const expected = python(path, block)
    for (const source of [openFile(path), new MemorySource(bytes)]) {
      const { counts, byteLength, unreadable } = await histogram(source)
      expect([...counts]).toEqual(expected.counts)
      expect({ byteLength, unreadable }).toEqual({ byteLength: bytes.length, unreadable: [] })
      const found = (await blocksOf(source, { blockByteLength: block })).flatMap((batch) => [...batch.entropy])
      expect(found.length).toBe(expected.entropies.length)
      for (const [index, value] of found.entries()) expect(value).toBeCloseTo(expected.entropies[index] as number, 5)
      await source.close()
    }
  })

  test('mapped blocks are as plain ones', async () => {
    const source = openFile(path)
    const range = { start: random.between(0, 500), end: bytes.length - random.between(0, 500) }
    const merged = (batches: BlockBatch[]): unknown =>
      batches.map(({ classes, least, most }) => [[...classes], [...least], [...most]])
    const options = { range, blockByteLength: 512 }
    expect(merged(await blocksOf(source, options))).toEqual(merged(await blocksOf(new SlowSource(source), options)))
    await source.close()
  })

  test('differences, against cmp -l', async () => {
    const changed = bytes.slice(0, bytes.length - random.between(0, 300))
    for (let count = 0; count < 50; count++) changed.set(random.bytes(random.between(1, 30)), random.between(0, 30_000))
    const otherPath = folder.file(changed)
    const { stdout } = spawnSync('cmp', ['-l', path, otherPath], { encoding: 'utf8', maxBuffer: 2 ** 28 })
    const places = stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10) - 1]))
    for (let at = changed.length; at < bytes.length; at++) places.push(at)
    const [source, other] = [openFile(path), openFile(otherPath)]
    for (const [a, b] of [
      [source, other],
      [other, source],
      [source, new MemorySource(changed)],
      [new MemorySource(bytes), other],
    ] as const) {
      const { items } = await all(differences(a, b, { pageLength: 5 }))
      expect(items.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at))).toEqual(
        places,
      )
      expect(items.every(({ start }, at) => start > (items[at - 1]?.end ?? -1))).toBe(true)
    }
    await Promise.all([source.close(), other.close()])
  })

  test('holes are known, joined to the zeros beside them, and not read', async () => {
    const { bytes: holed, source } = holedSource(random, 12)
    expect([...(await histogram(source)).counts]).toEqual([...(await histogram(new MemorySource(holed))).counts])
    for (const minByteLength of [2, 64, 1000]) {
      expect((await all(runs(source, { minByteLength }))).items).toEqual(naiveEqualRuns(holed, minByteLength))
    }
    for (const encoding of ['ascii', 'utf16le', 'utf16be'] as const)
      expect((await all(strings(source, { encoding }))).items).toEqual(regExpRuns(holed, pattern(encoding, 4)))
    const flat = (batches: BlockBatch[]): number[] => batches.flatMap((batch) => [...batch.classes])
    const options = { blockByteLength: 3000 }
    expect(flat(await blocksOf(source, options))).toEqual(flat(await blocksOf(new MemorySource(holed), options)))
    const read = source.scanned.reduce((sum, range) => sum + range.end - range.start, 0)
    expect(read).toBeLessThanOrEqual(8 * holed.length)
  })

  test('unreadable bytes are in nothing that is found', async () => {
    const gaps = [
      { start: 1000, end: 1100 },
      { start: 20_000, end: 24_096 },
    ]
    const source = new MemorySource(bytes, { unreadable: gaps })
    const there = Buffer.concat([bytes.subarray(0, 1000), bytes.subarray(1100, 20_000), bytes.subarray(24_096)])
    const counted = await histogram(source)
    expect(counted.unreadable).toEqual(gaps)
    expect([...counted.counts]).toEqual([...(await histogram(new MemorySource(there))).counts])
    const found = await all(strings(source, { minLength: 2 }))
    expect(found.unreadable).toEqual(gaps)
    const parts = [
      [0, 1000],
      [1100, 20_000],
      [24_096, bytes.length],
    ] as const
    const expected = parts.flatMap(([start, end]) =>
      regExpRuns(bytes.subarray(start, end), pattern('ascii', 2)).map((run) => ({
        ...run,
        offset: run.offset + start,
      })),
    )
    expect(found.items).toEqual(expected)
    const compared = await all(differences(source, new MemorySource(bytes.map((byte) => ~byte))))
    expect(compared.items).toEqual(parts.map(([start, end]) => ({ start, end })))
    expect(compared.unreadable).toEqual(gaps)
  })
})

describe.each([
  { title: '5 GiB', at: 5 * GIB },
  { title: '1 TiB', at: TIB },
])('past $title', ({ at }) => {
  const path = folder.sparse(at + 10 * MIB, [{ offset: at - 6, text: 'over the edge' }])
  const otherPath = folder.sparse(at + 10 * MIB, [{ offset: at - 6, text: 'over THE edge' }])

  test('each finds it, in no time', async () => {
    const source = openFile(path)
    const other = openFile(otherPath)
    expect((await all(strings(source))).items).toEqual([{ offset: at - 6, byteLength: 13 }])
    expect((await all(differences(source, other))).items).toEqual([{ start: at - 1, end: at + 2 }])
    expect((await all(runs(source))).items).toEqual([
      { start: 0, end: at - 6, value: 0 },
      { start: at + 7, end: at + 10 * MIB, value: 0 },
    ])
    const { counts, byteLength } = await histogram(source)
    expect([counts[0], byteLength]).toEqual([at + 10 * MIB - 13, at + 10 * MIB])
    const range = { start: at - 128 * MIB, end: at + 10 * MIB }
    const batches = await blocksOf(source, { range, blockByteLength: MIB })
    const values = batches.flatMap((batch) => [...batch.entropy])
    expect(values.map((value) => value > 0)).toEqual(values.map((_, index) => index === 127 || index === 128))
    await Promise.all([source.close(), other.close()])
  })
})

describe('in general', () => {
  test('progress ends at the total, and an abort rejects with its reason', async () => {
    const path = folder.file(new Uint8Array(3 * MIB).fill(65))
    const source = openFile(path)
    for (const scan of [
      (options: object) => histogram(source, options),
      (options: object) => blocksOf(source, options),
      (options: object) => all(strings(source, options)),
      (options: object) => all(runs(source, options)),
      (options: object) => all(differences(source, source, options)),
    ]) {
      const reports: ScanProgress[] = []
      await scan({ onProgress: (report: ScanProgress) => reports.push(report) })
      expect(reports.at(-1)).toEqual({ scanned: 3 * MIB, total: 3 * MIB })
      const controller = new AbortController()
      controller.abort('enough')
      await expect(scan({ signal: controller.signal })).rejects.toBe('enough')
      await expect(scan({ range: { start: 5, end: 3 * MIB + 1 } })).rejects.toMatchObject({ code: 'ERR_RANGE' })
    }
    await source.close()
    await expect(histogram(source)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('an empty file has nothing', async () => {
    const source = openFile(folder.file(''))
    expect(await histogram(source)).toMatchObject({ byteLength: 0, entropy: Number.NaN, unreadable: [] })
    expect((await all(strings(source))).items).toEqual([])
    expect(await blocksOf(source, {})).toEqual([])
    const other = new MemorySource(Uint8Array.of(1, 2))
    expect((await all(differences(source, other))).items).toEqual([{ start: 0, end: 2 }])
    await source.close()
  })

  test('a lost tail of 1 TiB is one leap', async () => {
    const path = folder.sparse(TIB, [{ offset: 0, text: 'the start of it' }])
    const source = openFile(path)
    truncateSync(path, 5000)
    const lost = [{ start: 5000, end: TIB }]
    expect(await all(strings(source))).toEqual({ items: [{ offset: 0, byteLength: 15 }], unreadable: lost })
    expect(await histogram(source)).toMatchObject({ byteLength: 5000, unreadable: lost })
    expect(await all(differences(source, source))).toEqual({ items: [], unreadable: lost })
    expect((await all(runs(source))).unreadable).toEqual(lost)
    await source.close()
  })

  test('options that cannot be are refused', async () => {
    const source = new MemorySource(new Uint8Array(10))
    const refused = { code: 'ERR_ARGUMENT' }
    await expect(all(strings(source, { minLength: 0 }))).rejects.toMatchObject(refused)
    await expect(all(runs(source, { minByteLength: 1 }))).rejects.toMatchObject(refused)
    await expect(all(strings(source, { pageLength: 0 }))).rejects.toMatchObject(refused)
    await expect(blocksOf(source, { blockByteLength: 0 })).rejects.toMatchObject(refused)
  })
})
