import { pbkdf2 } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { binding, type NativeMapping } from '../lib/index.ts'
import { bitsOf } from './support/bits.ts'
import { bytes, GiB, MiB, makeFile, makeSparseFile, mapFile, temporaryFolder, text } from './support/files.ts'

const folder = temporaryFolder()
const page = binding.pageSize
const isLinux = process.platform === 'linux'
const { constants } = binding
const refusal = (errnoName: string): unknown => expect.objectContaining({ code: 'OS', errnoName, syscall: 'madvise' })

function advice(name: string): number {
  const number = constants[name]
  if (number === undefined) throw new Error(`this system has no ${name}`)
  return number
}

function pagesFile(name: string, pages: number): string {
  return makeFile(join(folder, name), Buffer.alloc(pages * page, 'abcdefgh'))
}

/** The page cache without this file, so that what is read next comes from the disk. */
function evict(path: string): NativeMapping {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
  const mapping = mapFile(path, { access: 'write' })
  mapping.advise(advice('MADV_PAGEOUT'), 0, mapping.byteLength)
  return mapping
}

function resident(mapping: NativeMapping, offset = 0, length = mapping.byteLength): number {
  const bitmap = mapping.residency(offset, length)
  return bitmap.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
}

/** Work for each thread of libuv's pool, so that what is queued next does not begin at once. */
async function occupiedPool(): Promise<void> {
  const derive = promisify(pbkdf2)
  await Promise.all(Array.from({ length: 8 }, () => derive('a', 'b', 20_000, 32, 'sha256')))
}

/** What /proc tells of the mapping that holds the file: a number of KiB. */
function smaps(path: string, field: string): number {
  const all = readFileSync('/proc/self/smaps', 'latin1')
  const own = all.slice(all.indexOf(path))
  return Number(own.match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'))?.[1])
}

describe('advise', () => {
  test('takes every advice that costs nothing and changes nothing, for some pages and for none', () => {
    const mapping = mapFile(pagesFile('advice', 8))
    for (const name of ['MADV_NORMAL', 'MADV_RANDOM', 'MADV_SEQUENTIAL', 'MADV_WILLNEED', 'MADV_DONTNEED']) {
      mapping.advise(advice(name), 0, 8 * page)
      mapping.advise(advice(name), page, page + 1)
      mapping.advise(advice(name), 8 * page, 0)
    }
    expect(mapping.getByte(8 * page - 1)).toBe(104)
  })

  test('MADV_DONTNEED gives a copy mapping the file’s bytes back', () => {
    const mapping = mapFile(pagesFile('again', 2), { access: 'copy' })
    mapping.copyIn(page, bytes('changed'))
    mapping.advise(advice('MADV_DONTNEED'), page, page)
    expect(mapping.getByte(page)).toBe(97)
  })

  // 102 is MADV_GUARD_INSTALL (Linux 6.13), after which a touch of those pages is SIGSEGV.
  test.each([102, 103, 7, 999, 2 ** 31 - 1])(
    '%d, which is no advice of the table, is EINVAL and never asked',
    (number) => {
      const mapping = mapFile(pagesFile(`guard-${number}`, 2), { access: 'copy' })
      expect(() => mapping.advise(number, 0, page)).toThrow(refusal('EINVAL'))
      expect(mapping.getByte(0)).toBe(97)
    },
  )

  test('the same asynchronously, for no pages at all too', async () => {
    const mapping = mapFile(pagesFile('guard-async', 2), { access: 'copy' })
    await expect(mapping.adviseAsync(102, 0, page).result).rejects.toEqual(refusal('EINVAL'))
    await expect(mapping.adviseAsync(102, 0, 0).result).rejects.toEqual(refusal('EINVAL'))
    expect(mapping.getByte(0)).toBe(97)
  })

  test('refuses an offset inside a page, and a range outside the mapping', () => {
    const mapping = mapFile(pagesFile('aligned', 2))
    const normal = advice('MADV_NORMAL')
    expect(() => mapping.advise(normal, 1, 1)).toThrow(RangeError)
    expect(() => mapping.adviseAsync(normal, 1, 1)).toThrow(RangeError)
    expect(() => mapping.advise(normal, 0, 2 * page + 1)).toThrow(RangeError)
    expect(() => mapping.adviseAsync(normal, page, page + 1)).toThrow(RangeError)
    expect(() => mapping.advise(2 ** 31, 0, 1)).toThrow(RangeError)
  })

  test('passes the kernel’s own refusal on', () => {
    const mapping = mapFile(pagesFile('remove', 2))
    if (isLinux) expect(() => mapping.advise(advice('MADV_REMOVE'), 0, page)).toThrow(refusal('EACCES'))
  })
})

describe.runIf(isLinux)('adviseAsync', () => {
  test('MADV_REMOVE makes a hole in the file', async () => {
    const path = pagesFile('hole', 4)
    const mapping = mapFile(path, { access: 'write' })
    await mapping.adviseAsync(advice('MADV_REMOVE'), page, 2 * page).result
    const now = readFileSync(path)
    expect(text(now.subarray(page - 1, page + 1))).toBe('h\0')
    expect(text(now.subarray(3 * page - 1, 3 * page + 1))).toBe('\0a')
    expect(now.byteLength).toBe(4 * page)
  })

  test('goes on past 4 GiB and past the end of a piece, wherever it began', async () => {
    const path = makeSparseFile(join(folder, 'huge-advice'), 5 * GiB, [
      { offset: 4 * GiB - page, text: 'before' },
      { offset: 4 * GiB + 17 * MiB, text: 'after' },
      { offset: 4 * GiB + 18 * MiB, text: 'beyond' },
    ])
    const mapping = mapFile(path, { access: 'write' })
    const start = 4 * GiB - page
    await mapping.adviseAsync(advice('MADV_REMOVE'), start, 18 * MiB + page).result
    expect(mapping.getByte(4 * GiB + 17 * MiB)).toBe(0)
    expect(mapping.getByte(start)).toBe(0)
    expect(mapping.getByte(4 * GiB + 18 * MiB)).toBe(98)
  })

  test('cancelled before it began, rejects with ECANCELED and advises nothing', async () => {
    const path = makeSparseFile(join(folder, 'cancelled-advice'), GiB, [{ offset: 0, text: 'kept' }])
    const mapping = mapFile(path, { access: 'write' })
    const busy = occupiedPool()
    const job = mapping.adviseAsync(advice('MADV_REMOVE'), 0, GiB)
    job.cancel()
    job.cancel()
    await expect(job.result).rejects.toEqual(refusal('ECANCELED'))
    await busy
    expect(mapping.getByte(0)).toBe(107)
  })
})

describe.runIf(isLinux)('residency', () => {
  test('has a bit for each page that holds some of the range', () => {
    const mapping = mapFile(pagesFile('count', 4))
    expect(mapping.residency(0, 0)).toEqual(new Uint8Array(0))
    expect(mapping.residency(4 * page, 0)).toEqual(new Uint8Array(0))
    mapping.copyOut(0, new Uint8Array(4 * page))
    expect([...mapping.residency(0, 1)]).toEqual([0b1])
    expect([...mapping.residency(page - 1, 2)]).toEqual([0b11])
    expect([...mapping.residency(page, page)]).toEqual([0b1])
    expect([...mapping.residency(0, 4 * page)]).toEqual([0b1111])
    expect(() => mapping.residency(1, 4 * page)).toThrow(RangeError)
  })

  test('tells what was read from what was not', () => {
    const path = makeSparseFile(join(folder, 'cold'), 64 * MiB, [])
    const mapping = mapFile(path, { access: 'write' })
    mapping.advise(advice('MADV_RANDOM'), 0, 64 * MiB) // no reading around what is touched
    expect(resident(mapping)).toBe(0)
    mapping.getByte(10 * page)
    mapping.getByte(12 * page + 1)
    expect(bitsOf(mapping.residency(9 * page, 5 * page), 5)).toEqual([0, 1, 0, 1, 0])
    for (const first of [0, 3, 5]) {
      const bits = bitsOf(mapping.residency(first * page, 40 * page), 40)
      expect(bits.flatMap((bit, at) => (bit === 1 ? [first + at] : []))).toEqual([10, 12])
    }
  })

  test('past 4 GiB, and over more pages than one call of the system is asked for', () => {
    const path = makeSparseFile(join(folder, 'huge-residency'), 5 * GiB, [])
    const mapping = mapFile(path, { access: 'write' })
    mapping.advise(advice('MADV_RANDOM'), 0, 5 * GiB)
    mapping.getByte(4 * GiB + 3 * page)
    const bitmap = mapping.residency(0, 5 * GiB)
    expect(bitmap.length).toBe((5 * GiB) / page / 8)
    expect(bitmap.findIndex((byte) => byte !== 0)).toBe((4 * GiB) / page / 8)
    expect(bitmap.findLastIndex((byte) => byte !== 0)).toBe((4 * GiB) / page / 8)
    expect(bitmap[(4 * GiB) / page / 8]).toBe(0b1000)
  })

  test('refuses a range of more pages than it can answer for', () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'too-many'), 2 ** 26 * page + 1, []))
    expect(() => mapping.residency(0, 2 ** 26 * page + 1)).toThrow(RangeError)
  })
})

describe.runIf(isLinux)('populateAsync', () => {
  test('brings in the pages of the range, and hardly more', async () => {
    const path = makeSparseFile(join(folder, 'populate'), 64 * MiB, [])
    const mapping = mapFile(path, { access: 'write' })
    mapping.advise(advice('MADV_RANDOM'), 0, 64 * MiB)
    await mapping.populateAsync(20 * MiB + 1, 33 * MiB).result
    expect(resident(mapping, 20 * MiB, 33 * MiB)).toBe((33 * MiB) / page)
    expect(resident(mapping, 0, 19 * MiB)).toBe(0)
    expect(resident(mapping, 54 * MiB, 10 * MiB)).toBe(0)
    expect(smaps(path, 'Rss')).toBeGreaterThanOrEqual(33 * 1024) // in this process' page table, too
  })

  test('brings in what had left memory', async () => {
    const mapping = evict(makeFile(join(folder, 'evicted'), Buffer.alloc(8 * MiB, 'x')))
    await mapping.populateAsync(0, 8 * MiB).result
    expect(resident(mapping)).toBe((8 * MiB) / page)
  })

  test('of nothing resolves', async () => {
    const mapping = mapFile(pagesFile('populate-none', 1))
    await mapping.populateAsync(0, 0).result
    await mapping.populateAsync(page, 0).result
  })

  test('past 4 GiB', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'huge-populate'), 6 * GiB, []), { access: 'write' })
    await mapping.populateAsync(5 * GiB, 3 * page).result
    expect([...mapping.residency(5 * GiB, 3 * page)]).toEqual([0b111])
    expect(resident(mapping, GiB, 3 * page)).toBe(0)
  })

  test('can be cancelled at once and on the way, and rejects with ECANCELED', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'cancel-populate'), 6 * GiB, []))
    const atOnce = mapping.populateAsync(0, GiB)
    atOnce.cancel()
    await expect(atOnce.result).rejects.toEqual(refusal('ECANCELED'))
    const onTheWay = mapping.populateAsync(0, 6 * GiB)
    setTimeout(() => onTheWay.cancel(), 20)
    await expect(onTheWay.result).rejects.toEqual(refusal('ECANCELED'))
    mapping.releasePages(0, 6 * GiB)
    mapping.advise(advice('MADV_PAGEOUT'), 0, 6 * GiB)
  })

  test('goes on when the mapping is closed meanwhile', async () => {
    const mapping = mapFile(pagesFile('closed-populate', 4))
    const { result } = mapping.populateAsync(0, 4 * page)
    mapping.close()
    await result
  })
})

describe.runIf(isLinux)('lock and unlock', () => {
  test('keep the whole pages that hold the range in memory', () => {
    const path = pagesFile('lock', 8)
    const mapping = mapFile(path)
    mapping.lock(page + 5, page)
    expect(smaps(path, 'Locked')).toBe(0) // of the first part, which is not locked
    expect(readFileSync('/proc/self/smaps', 'latin1')).toMatch(/\/lock\n(.*\n){1,25}Locked:\s+[1-9]/)
    mapping.unlock(page + 5, page)
    expect(smaps(path, 'Locked')).toBe(0)
  })

  test('take a range of nothing, and refuse one outside', () => {
    const mapping = mapFile(pagesFile('lock-none', 1))
    mapping.lock(page, 0)
    mapping.unlock(0, 0)
    expect(() => mapping.lock(0, page + 1)).toThrow(RangeError)
    expect(() => mapping.unlock(1, page)).toThrow(RangeError)
  })

  test('past 4 GiB', () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'huge-lock'), 6 * GiB, []), { access: 'write' })
    mapping.lock(5 * GiB + 1, 1)
    expect([...mapping.residency(5 * GiB, page)]).toEqual([1])
    expect(resident(mapping, GiB, page)).toBe(0)
    mapping.unlock(5 * GiB, page)
  })
})
