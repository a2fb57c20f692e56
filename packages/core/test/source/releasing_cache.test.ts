import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { binding, type NativeMapping } from '@mapscope/native'
import { afterAll, describe, expect, test } from 'vitest'
import {
  type ByteSource,
  type CacheOptions,
  count,
  diffAligned,
  differences,
  entropy,
  find,
  findNext,
  findPrevious,
  hash,
  hashChunks,
  histogram,
  identify,
  Overview,
  openFile,
  runs,
  search,
  searchOutwards,
  searchRegexp,
  strings,
  sweep,
} from '../../src/index.ts'
import { childAnswer } from '../support/child.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'

const MIB = 1024 ** 2
const BYTE_LENGTH = 24 * MIB
const PAGE = binding.pageSize
const folder = new TempFolder()
const mappings: NativeMapping[] = []
afterAll(() => {
  for (const mapping of mappings) mapping.close()
})

/** Bytes that no format, text or run is in; the last page is not whole. */
const content = new Random(SEED).bytes(BYTE_LENGTH - 1000)
const path = folder.file(content)
const needle = content.slice(BYTE_LENGTH / 2, BYTE_LENGTH / 2 + 20)
const absent = new TextEncoder().encode('nothing has this text in it')

/** To the disk, and out of the cache: by GNU dd, which asks the kernel itself. */
function evict(file: string): void {
  execFileSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'], { stdio: 'ignore' })
}

function mapped(file: string, byteLength: number): NativeMapping {
  const fd = openSync(file, 'r')
  const mapping = new binding.Mapping(fd, { offset: 0, byteLength, access: 'read' })
  closeSync(fd)
  mappings.push(mapping)
  return mapping
}

function cached(mapping: NativeMapping, offset = 0, byteLength = mapping.byteLength): number {
  return mapping
    .residency(offset, byteLength)
    .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

interface Row {
  readonly name: string
  /** Whether it looks at every byte, so that all of the file comes into memory without the option. */
  readonly isWhole: boolean
  run(source: ByteSource, options: CacheOptions): Promise<unknown>
}

const whole = (name: string, run: Row['run']): Row => ({ name, isWhole: true, run })
const part = (name: string, run: Row['run']): Row => ({ name, isWhole: false, run })

const ROWS: readonly Row[] = [
  whole('search', (source, options) => drain(search(source, absent, options))),
  whole('search backward', (source, options) => drain(search(source, absent, { direction: 'backward', ...options }))),
  part('search with a limit', (source, options) => drain(search(source, needle, { limit: 1, ...options }))),
  whole('search by an expression', (source, options) => drain(search(source, /[q-z]{4}[0-9]+[a-z]{5}x/, options))),
  whole('searchRegexp', (source, options) => drain(searchRegexp(source, { pattern: 'absent nee[a-z]le' }, options))),
  whole('count', (source, options) => count(source, absent, options)),
  part('findNext', (source, options) => findNext(source, needle, options)),
  part('findPrevious', (source, options) => findPrevious(source, needle, options)),
  whole('searchOutwards', (source, options) => drain(searchOutwards(source, absent, { from: 7 * MIB, ...options }))),
  whole('find', (source, options) => find(source, absent, { from: 0, direction: 'forward', ...options })),
  whole('histogram', (source, options) => histogram(source, options)),
  whole('entropy', (source, options) => drain(entropy(source, options))),
  whole('strings', (source, options) => drain(strings(source, { minLength: 20, ...options }))),
  whole('runs', (source, options) => drain(runs(source, options))),
  whole('differences', (source, options) => drain(differences(source, source, options))),
  whole('diffAligned', (source, options) => drain(diffAligned(source, source, options))),
  whole('Overview', (source, options) => drain(new Overview(source).refine(options))),
  whole('hash', (source, options) => hash(source, { algorithms: ['sha1', 'crc32'], ...options })),
  whole('hashChunks', (source, options) =>
    drain(hashChunks(source, { algorithms: ['crc32'], chunkByteLength: MIB + 1, ...options })),
  ),
  part('identify', (source, options) => identify(source, options)),
  whole('sweep', (source, options) => drain(sweep(source, options))),
]

if (process.platform === 'linux') {
  const watched = mapped(path, content.length)

  /** A source of its own: closing it waits for what a search that stopped early still has under way. */
  async function evictedAndRun({ run }: Row, options: CacheOptions): Promise<void> {
    // No page goes that somebody has mapped: a worker of the search before may not have come to let go of its own, on a loaded machine.
    const gone = (): number => {
      evict(path)
      return cached(watched)
    }
    await expect.poll(gone, { timeout: 30_000, interval: 100 }).toBe(0)
    const source = openFile(path)
    try {
      await run(source, options)
    } finally {
      await source.close()
    }
  }

  /** The disk may still be bringing what was read ahead. */
  async function settledResidency(): Promise<Uint8Array> {
    for (let before = watched.residency(0, content.length); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      const now = watched.residency(0, content.length)
      if (Buffer.from(now).equals(before)) return now
      before = now
    }
  }

  describe('releasesCache', () => {
    test.each(ROWS)('$name leaves nothing in the cache with it, and what it read there without', async (row) => {
      await evictedAndRun(row, {})
      expect(cached(watched)).toBeGreaterThan(row.isWhole ? (0.9 * BYTE_LENGTH) / PAGE : 0)
      await evictedAndRun(row, { releasesCache: true })
      expect(cached(watched)).toBe(0)
    })

    test('what was there before stays, page by page', async () => {
      evict(path)
      const fd = openSync(path, 'r')
      for (const offset of [0, 5 * MIB + 12_345, 20 * MIB]) readSync(fd, new Uint8Array(100_000), 0, 100_000, offset)
      closeSync(fd)
      const before = await settledResidency()
      expect([before.some((byte) => byte !== 0xff), before.some((byte) => byte !== 0)]).toEqual([true, true])
      const source = openFile(path)
      for (const { run } of ROWS) await run(source, { releasesCache: true })
      expect(Buffer.from(await settledResidency()).equals(before)).toBe(true)
      await source.close()
    })

    test('gives the same answers, with the source closed soon after', async () => {
      evict(path)
      const source = openFile(path)
      const [hits, { counts }, digests] = await Promise.all([
        count(source, needle.subarray(0, 2), { releasesCache: true }),
        histogram(source, { releasesCache: true }),
        hash(source, { algorithms: ['sha256'], releasesCache: true }),
      ])
      await source.close()
      let expected = 0
      const bytes = Buffer.from(content)
      for (let at = bytes.indexOf(needle.subarray(0, 2)); at >= 0; at = bytes.indexOf(needle.subarray(0, 2), at + 2))
        expected++
      expect(hits).toBe(expected)
      expect(counts[0]).toBe(content.filter((byte) => byte === 0).length)
      expect(digests.sha256).toBe(String(execFileSync('sha256sum', [path])).slice(0, 64))
    })

    test('loses nothing that is stored meanwhile, and leaves what is locked', async () => {
      const file = folder.file(content)
      const mapping = mapped(file, content.length)
      evict(file)
      mapping.lock(8 * MIB, 16 * PAGE)
      const source = openFile(file)
      const fd = openSync(file, 'r+')
      let stored = 0
      const onProgress = (): void => {
        writeSync(fd, 'stored meanwhile', 1000 + MIB * stored++)
      }
      await drain(entropy(source, { blockByteLength: 4096, onProgress, releasesCache: true }))
      expect(stored).toBeGreaterThan(1)
      expect(cached(mapping, 8 * MIB, 16 * PAGE)).toBe(16)
      evict(file)
      const expected = Buffer.from(content)
      for (let at = 0; at < stored; at++) expected.write('stored meanwhile', 1000 + MIB * at)
      expect(readFileSync(file).equals(expected)).toBe(true)
      closeSync(fd)
      mapping.unlock(8 * MIB, 16 * PAGE)
      await source.close()
    })

    test('holds past 4 GiB, and in a file that is cut short under the scan', async () => {
      const file = folder.sparse(5 * GIB, [{ offset: 5 * GIB - 100, text: 'mark' }])
      const fd = openSync(file, 'r+')
      writeSync(fd, content, 0, content.length, 4 * GIB + 1000)
      closeSync(fd)
      evict(file)
      const far = mapped(file, 5 * GIB)
      const source = openFile(file)
      expect(await count(source, new TextEncoder().encode('mark'), { releasesCache: true })).toBeGreaterThan(0)
      expect(cached(far, 4 * GIB, GIB)).toBe(0)
      execFileSync('truncate', ['-s', String(4 * GIB + 3 * MIB), file])
      const { unreadable } = await histogram(source, { releasesCache: true })
      expect(unreadable).toEqual([{ start: 4 * GIB + 3 * MIB, end: 5 * GIB }])
      await source.close()
    })

    test('an aborted scan ends at once, and its pages go a little later', async () => {
      evict(path)
      const source = openFile(path)
      const stop = new AbortController()
      const onProgress = (): void => stop.abort(new Error('enough'))
      await expect(histogram(source, { signal: stop.signal, onProgress, releasesCache: true })).rejects.toThrow(
        'enough',
      )
      await expect.poll(() => cached(watched)).toBe(0)
      await source.close()
    })

    test('an empty file, and a source without a cache, take no notice', async () => {
      const source = openFile(folder.file(''))
      expect((await histogram(source, { releasesCache: true })).byteLength).toBe(0)
      await source.close()
    })

    // Who may not write a file is told that all of it is resident.
    if (process.getuid?.() === 0) {
      test('of somebody else’s file all that was read goes', async () => {
        evict(path)
        const answer = await childAnswer('release_foreign.mjs', [path])
        expect(answer).toEqual({ tellsResidency: false, hits: 1 })
        expect(cached(watched)).toBe(0)
      })
    }
  })
}
