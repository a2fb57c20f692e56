import { appendFileSync, closeSync, openSync, readFileSync, readSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { bytes, KiB, MiB, makeFile, makeSparseFile, mapFile, temporaryFolder, text } from './support/files.ts'

const folder = temporaryFolder()
const alphabet = 'abcdefghijklmnopqrstuvwxyz'

function alphabetFile(name: string, byteLength: number): string {
  return makeFile(join(folder, name), Buffer.alloc(byteLength, alphabet))
}

describe('the bytes of the file', () => {
  test('come out at any offset, the last byte included', () => {
    const mapping = mapFile(alphabetFile('out', 10_000))
    const target = new Uint8Array(4)
    mapping.copyOut(26 * 200 + 1, target)
    expect(text(target)).toBe('bcde')
    mapping.copyOut(9996, target)
    expect(text(target)).toBe(text(readFileSync(join(folder, 'out')).subarray(9996)))
    expect(mapping.getByte(9999)).toBe(alphabet.charCodeAt(9999 % 26))
  })

  test('come out whole when they are many pages and unaligned', () => {
    const mapping = mapFile(alphabetFile('pages', 100_001))
    const target = new Uint8Array(100_000)
    mapping.copyOut(1, target)
    expect(Buffer.compare(target, readFileSync(join(folder, 'pages')).subarray(1))).toBe(0)
  })

  test('of none, at the very end too', () => {
    const mapping = mapFile(alphabetFile('none', 10))
    mapping.copyOut(10, new Uint8Array(0))
    mapping.copyOut(0, new Uint8Array(0))
    expect(() => mapping.getByte(10)).toThrow(RangeError)
  })

  test('from a page further on', () => {
    const page = binding.pageSize
    const mapping = mapFile(makeSparseFile(join(folder, 'further'), 3 * page, [{ offset: page + 7, text: 'mark' }]), {
      offset: page,
      byteLength: page,
    })
    const target = new Uint8Array(4)
    mapping.copyOut(7, target)
    expect(text(target)).toBe('mark')
  })

  test('arrive in a shared array, too', () => {
    const mapping = mapFile(alphabetFile('shared', 30))
    const target = new Uint8Array(new SharedArrayBuffer(3))
    mapping.copyOut(26, target)
    expect(text(target)).toBe('abc')
  })
})

describe('what a store does', () => {
  test('to a write mapping: reaches the file', async () => {
    const path = alphabetFile('write', 20 * KiB)
    const mapping = mapFile(path, { access: 'write' })
    mapping.copyIn(4090, bytes('0123456789'))
    mapping.setByte(0, 0xff)
    await mapping.writeAsync(20 * KiB - 3, bytes('end')).result
    mapping.flush(0, 20 * KiB)
    await mapping.flushAsync(4096, 4096).result
    const now = readFileSync(path)
    expect(now[0]).toBe(0xff)
    expect(text(now.subarray(4090, 4100))).toBe('0123456789')
    expect(text(now.subarray(-3))).toBe('end')
  })

  test('to a copy mapping: stays with the mapping, even when its pages are let go', () => {
    const path = alphabetFile('copy', 8 * KiB)
    const mapping = mapFile(path, { access: 'copy' })
    mapping.copyIn(10, bytes('XYZ'))
    mapping.releasePages(0, 8 * KiB)
    const target = new Uint8Array(5)
    mapping.copyOut(9, target)
    expect(text(target)).toBe('jXYZn')
    expect(text(readFileSync(path).subarray(9, 14))).toBe('jklmn')
  })

  test('to a write mapping whose pages are let go before the flush: is not lost', () => {
    const path = alphabetFile('let-go', 8 * KiB)
    const mapping = mapFile(path, { access: 'write' })
    mapping.copyIn(5000, bytes('kept'))
    mapping.releasePages(0, 8 * KiB)
    const target = new Uint8Array(4)
    mapping.copyOut(5000, target)
    expect(text(target)).toBe('kept')
    expect(text(readFileSync(path).subarray(5000, 5004))).toBe('kept')
  })

  test('to a read mapping: is refused with EACCES, and the process lives', () => {
    const mapping = mapFile(alphabetFile('read', 100))
    const refusal = expect.objectContaining({ code: 'OS', errnoName: 'EACCES', syscall: 'write' })
    expect(() => mapping.copyIn(0, bytes('x'))).toThrow(refusal)
    expect(() => mapping.setByte(0, 1)).toThrow(refusal)
    expect(() => mapping.writeAsync(0, bytes('x'))).toThrow(refusal)
    expect(mapping.getByte(0)).toBe(97)
  })

  test('a store resolves with the file’s status right after it, as it stays while nobody else writes', async () => {
    const mapping = mapFile(alphabetFile('stored-status', 5000), { access: 'write' })
    const before = mapping.status()
    await new Promise((resume) => setTimeout(resume, 20)) // longer than a tick of the clock that dates changes
    const stored = await mapping.writeAsync(4000, bytes('new')).result
    expect(stored).toEqual(mapping.status())
    expect(stored.byteLength).toBe(5000)
    expect(stored.modifiedNs >= before.modifiedNs).toBe(true)
    const { result } = mapping.writeAsync(4000, new Uint8Array(0))
    expect(await result).toEqual(mapping.status())
  })

  test('what somebody else writes while a store waits for the disk is not in its status', async () => {
    const byteLength = 64 * MiB
    const path = makeSparseFile(join(folder, 'msync'), byteLength, [])
    const mapping = mapFile(path, { access: 'write' })
    let absent = 0
    for (let round = 1; round <= 5 && absent === 0; round++) {
      const before = mapping.status().byteLength
      const job = mapping.writeAsync(0, new Uint8Array(byteLength).fill(round))
      while (mapping.getByte(byteLength - 1) !== round) await new Promise((resume) => setImmediate(resume))
      await new Promise((resume) => setTimeout(resume, 2)) // the store is done, and msync begun
      appendFileSync(path, 'x')
      const stored = await job.result
      expect(mapping.status().byteLength).toBe(before + 1)
      if (stored.byteLength === before) absent++
    }
    expect(absent).toBe(1)
  })

  test('later in the source: does not reach a write that was queued', async () => {
    const path = alphabetFile('queued', 100)
    const mapping = mapFile(path, { access: 'write' })
    const source = bytes('before')
    const job = mapping.writeAsync(0, source)
    source.fill(0)
    await job.result
    expect(text(readFileSync(path).subarray(0, 6))).toBe('before')
  })
})

describe('readAsync', () => {
  test('gives the bytes in an array of its own', async () => {
    const mapping = mapFile(alphabetFile('async', 3 * MiB + 11))
    const { bytes: read, unreadable } = await mapping.readAsync(5, 3 * MiB).result
    expect(unreadable).toEqual([])
    expect(read.byteLength).toBe(3 * MiB)
    expect(read.buffer.byteLength).toBe(3 * MiB)
    expect(Buffer.compare(read, readFileSync(join(folder, 'async')).subarray(5, 5 + 3 * MiB))).toBe(0)
  })

  test('takes 0 bytes, and refuses more than 64 MiB', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'cap'), 65 * MiB, []))
    expect((await mapping.readAsync(65 * MiB, 0).result).bytes).toEqual(new Uint8Array(0))
    expect(() => mapping.readAsync(0, 64 * MiB + 1)).toThrow(/at most 64 MiB/)
    expect((await mapping.readAsync(0, 64 * MiB).result).bytes.byteLength).toBe(64 * MiB)
  })

  test('cancelled before it begins, rejects with ECANCELED; cancelling again does nothing', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'cancel'), 64 * MiB, []))
    const jobs = Array.from({ length: 12 }, () => mapping.readAsync(0, 64 * MiB))
    for (const job of jobs) job.cancel()
    const last = (await Promise.allSettled(jobs.map((job) => job.result))).at(-1)
    expect(last).toMatchObject({ status: 'rejected', reason: { code: 'OS', errnoName: 'ECANCELED', syscall: 'read' } })
    for (const job of jobs) job.cancel()
  })
})

describe('findAsync', () => {
  test('says how far it came', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'far'), 9 * MiB, [{ offset: 5 * MiB, text: 'mark' }]))
    const mark = bytes('mark')
    const forward = await mapping.findAsync(mark, 0, 9 * MiB, false).result
    expect(forward).toEqual({ offset: 5 * MiB, scannedTo: 5 * MiB + 4, cancelled: false, unreadable: [] })
    const reverse = await mapping.findAsync(mark, 0, 9 * MiB, true).result
    expect(reverse).toEqual({ offset: 5 * MiB, scannedTo: 5 * MiB, cancelled: false, unreadable: [] })
    const absent = await mapping.findAsync(mark, 0, 5 * MiB + 3, false).result
    expect(absent).toEqual({ offset: -1, scannedTo: 5 * MiB + 3, cancelled: false, unreadable: [] })
    const absentBefore = await mapping.findAsync(mark, 5 * MiB + 1, 9 * MiB, true).result
    expect(absentBefore).toEqual({ offset: -1, scannedTo: 5 * MiB + 1, cancelled: false, unreadable: [] })
  })

  test('sees a match that crosses its steps, in both directions', async () => {
    // All the ways to lie around a multiple of a MiB, the slices' 32 MiB included: steps end there, or the needle's length from there.
    const steps = Array.from({ length: 36 }, (_, i) => i + 1)
    const marks = steps.map((step) => ({ offset: step * MiB + (step % 12) - 6, text: 'mark' }))
    const mapping = mapFile(makeSparseFile(join(folder, 'across'), 40 * MiB, marks))
    const found: number[] = []
    for (let start = 0, at = 0; at !== -1; start = at + 1) {
      at = (await mapping.findAsync(bytes('mark'), start, 40 * MiB, false).result).offset
      if (at !== -1) found.push(at)
    }
    expect(found).toEqual(marks.map(({ offset }) => offset))
    const foundBackwards: number[] = []
    for (let end = 40 * MiB, at = 0; at !== -1; end = at + 3) {
      at = (await mapping.findAsync(bytes('mark'), 0, end, true).result).offset
      if (at !== -1) foundBackwards.push(at)
    }
    expect(foundBackwards).toEqual(found.toReversed())
  })

  test('cancelled, stops where it is and says so', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'stop'), 2 ** 43, []))
    const job = mapping.findAsync(bytes('mark'), 0, 2 ** 43, false)
    setTimeout(() => job.cancel(), 120)
    const { offset, cancelled, scannedTo } = await job.result
    expect({ offset, cancelled }).toEqual({ offset: -1, cancelled: true })
    expect(scannedTo).toBeGreaterThan(0)
    expect(scannedTo).toBeLessThan(2 ** 43)
  })

  test('leaves the pool to others: more searches than threads, and a file read still gets through', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'fair'), 2 ** 43, []))
    const jobs = Array.from({ length: 8 }, () => mapping.findAsync(bytes('mark'), 0, 2 ** 43, false))
    const { bytes: read } = await mapping.readAsync(0, 10).result
    expect(read).toEqual(new Uint8Array(10))
    for (const job of jobs) job.cancel()
    for (const { cancelled } of await Promise.all(jobs.map((job) => job.result))) expect(cancelled).toBe(true)
  })

  test('lets go of the pages behind it', async () => {
    const byteLength = 400 * MiB
    const mapping = mapFile(makeSparseFile(join(folder, 'rss'), byteLength, []))
    const before = process.memoryUsage.rss()
    await mapping.findAsync(bytes('mark'), 0, byteLength, false).result
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MiB)
  })
})

describe('status', () => {
  test('tells the file as it is now, not as it was mapped', () => {
    const path = alphabetFile('status', 5000)
    const mapping = mapFile(path)
    const file = openSync(path, 'r')
    expect(mapping.status()).toEqual(binding.fileStatus(file))
    closeSync(file)
    truncateSync(path, 17)
    expect(mapping.status()).toMatchObject({ byteLength: 17, kind: 'file', links: 1 })
    expect(mapping.byteLength).toBe(5000)
  })
})

describe('seekData and seekHole', () => {
  test('find the runs of a sparse file and leave the position alone', () => {
    const path = makeSparseFile(join(folder, 'seek'), 8 * MiB, [{ offset: 4 * MiB, text: 'data' }])
    const file = openSync(path, 'r')
    readSync(file, new Uint8Array(3))
    const mapping = new binding.Mapping(file, { offset: 0, byteLength: 8 * MiB, access: 'read' })
    expect(mapping.seekData(0)).toBe(4 * MiB)
    expect(mapping.seekHole(0)).toBe(0)
    expect(mapping.seekHole(4 * MiB)).toBe(4 * MiB + 4096)
    expect(mapping.seekData(5 * MiB)).toBe(-1)
    expect(mapping.seekData(8 * MiB)).toBe(-1)
    expect(mapping.seekHole(9 * MiB)).toBe(-1)
    mapping.close()
    // Sequential reads go on where they were: the next one starts at byte 3.
    expect(readSync(file, new Uint8Array(8 * MiB))).toBe(8 * MiB - 3)
    closeSync(file)
  })

  test('seekHole does not take the end of the file for a hole', () => {
    expect(mapFile(alphabetFile('dense', 5000)).seekHole(0)).toBe(-1)
  })
})

describe('arguments that TypeScript should have stopped', () => {
  const path = alphabetFile('arguments', 100)

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 101])(
    'an offset of %s is a RangeError',
    (offset) => {
      const mapping = mapFile(path, { access: 'write' })
      expect(() => mapping.getByte(offset)).toThrow(RangeError)
      expect(() => mapping.setByte(offset, 1)).toThrow(RangeError)
      expect(() => mapping.copyOut(offset, new Uint8Array(1))).toThrow(RangeError)
      expect(() => mapping.copyIn(offset, new Uint8Array(1))).toThrow(RangeError)
      expect(() => mapping.find(bytes('a'), offset, 100, false)).toThrow(RangeError)
      expect(() => mapping.findAsync(bytes('a'), 0, offset, false)).toThrow(RangeError)
      expect(() => mapping.readAsync(offset, 1)).toThrow(RangeError)
      expect(() => mapping.writeAsync(offset, new Uint8Array(1))).toThrow(RangeError)
      expect(() => mapping.flush(offset, 1)).toThrow(RangeError)
      expect(() => mapping.releasePages(offset, 1)).toThrow(RangeError)
    },
  )

  test('lengths past the end, inverted ranges and unaligned flushes are RangeErrors', () => {
    const mapping = mapFile(path, { access: 'write' })
    expect(() => mapping.copyOut(99, new Uint8Array(2))).toThrow(RangeError)
    expect(() => mapping.readAsync(1, 2 ** 53 - 1)).toThrow(RangeError)
    expect(() => mapping.find(bytes('a'), 5, 4, false)).toThrow(RangeError)
    expect(() => mapping.flush(1, 1)).toThrow(RangeError)
    expect(() => mapping.setByte(0, 256)).toThrow(RangeError)
  })

  test('other types are TypeErrors', () => {
    const mapping = mapFile(path)
    expect(() => mapping.getByte('0' as never)).toThrow(TypeError)
    expect(() => mapping.copyOut(0, new Uint16Array(1) as never)).toThrow(TypeError)
    expect(() => mapping.copyOut(0, undefined as never)).toThrow(TypeError)
    expect(() => mapping.find('a' as never, 0, 1, false)).toThrow(TypeError)
    expect(() => mapping.find(bytes('a'), 0, 1, 1 as never)).toThrow(TypeError)
  })

  test('a foreign this is refused', () => {
    const mapping = mapFile(path)
    for (const foreign of [
      {},
      undefined,
      1,
      Object.create(mapping),
      Object.create(binding.Mapping.prototype),
      new Map(),
    ]) {
      expect(() => mapping.getByte.call(foreign as never, 0)).toThrow(TypeError)
    }
    expect(() => (binding.Mapping as unknown as () => unknown)()).toThrow(TypeError)
  })

  test('a mapping that the system refuses is an OS error with its call', () => {
    const file = openSync(path, 'r')
    const directory = openSync(folder, 'r')
    const options = { offset: 0, byteLength: 100, access: 'read' } as const
    const { Mapping } = binding
    expect(() => new Mapping(directory, options)).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'ENODEV', syscall: 'mmap' }),
    )
    expect(() => new Mapping(file, { ...options, access: 'write' })).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'EACCES', errno: 13 }),
    )
    expect(() => new Mapping(2 ** 31 - 1, options)).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'EBADF' }))
    expect(() => new Mapping(file, { ...options, byteLength: 2 ** 52 })).toThrow(
      expect.objectContaining({ code: 'OS', errnoName: 'ENOMEM' }),
    )
    expect(() => new Mapping(file, { ...options, byteLength: 0 })).toThrow(RangeError)
    expect(() => new Mapping(file, { ...options, offset: 1 })).toThrow(RangeError)
    expect(() => new Mapping(file, { ...options, access: 'all' as never })).toThrow(RangeError)
    closeSync(file)
    closeSync(directory)
  })
})
