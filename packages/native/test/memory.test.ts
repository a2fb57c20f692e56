import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { bytes, codesOf, GiB, makeFile, mapFile, mapMemory, temporaryFolder } from './support/files.ts'
import { mapCount } from './support/proc_maps.ts'

const folder = temporaryFolder()
const path = makeFile(join(folder, 'file'), Buffer.alloc(100_000, 'abcdefgh'))

// Linux' numbers.
const PROT_READ = 1
const PROT_WRITE = 2
const PROT_EXEC = 4
const MAP_SHARED = 1
const MAP_PRIVATE = 2
const MAP_SHARED_VALIDATE = 3
const MAP_FIXED = 0x10
const MAP_GROWSDOWN = 0x100
const MAP_NORESERVE = 0x4000
const MAP_HUGETLB = 0x40000
const MAP_FIXED_NOREPLACE = 0x100000

describe('anonymous memory', () => {
  test('is zeros, can be stored to and searched, and has no file to ask', () => {
    const mapping = mapMemory(100_000)
    mapping.copyIn(50_000, bytes('stored'))
    expect(mapping.find(bytes('stored'), 0, 100_000, false)).toBe(50_000)
    expect(mapping.getByte(0)).toBe(0)
    mapping.flush(0, 100_000)
    expect(codesOf(() => mapping.status())).toEqual(['OS', 'EBADF'])
    expect(codesOf(() => mapping.seekData(0))).toEqual(['OS', 'EBADF'])
    expect(codesOf(() => mapping.seekHole(0))).toEqual(['OS', 'EBADF'])
  })

  test('is read whole, and refuses a store that would have to tell the file’s status', async () => {
    const mapping = mapMemory(10_000)
    expect(await mapping.readAsync(0, 10_000).result).toEqual({ bytes: new Uint8Array(10_000), unreadable: [] })
    await expect(mapping.writeAsync(0, bytes('x')).result).rejects.toMatchObject({ code: 'OS', errnoName: 'EBADF' })
    expect(mapping.getByte(0)).toBe(0)
  })

  test('of more than 4 GiB has a last byte', () => {
    const mapping = mapMemory(5 * GiB, { flags: MAP_PRIVATE | MAP_NORESERVE })
    mapping.setByte(5 * GiB - 1, 7)
    expect(mapping.getByte(5 * GiB - 1)).toBe(7)
  })

  test('takes an offset, when it is a multiple of the page size', () => {
    expect(mapMemory(100, { offset: 4096 }).getByte(99)).toBe(0)
    expect(() => mapMemory(100, { offset: 1 })).toThrow(RangeError)
  })
})

describe('raw bits', () => {
  test('say what may be stored to, whatever the access', () => {
    const readOnly = mapFile(path, { access: 'copy', protection: PROT_READ })
    expect(codesOf(() => readOnly.setByte(0, 1))).toEqual(['OS', 'EACCES'])
    const writable = mapFile(path, { protection: PROT_READ | PROT_WRITE, flags: MAP_PRIVATE })
    writable.setByte(0, 1)
    expect([writable.getByte(0), readFileSync(path)[0]]).toEqual([1, 97])
  })

  test('that let nothing be read are EACCES, not the end', async () => {
    for (const protection of [0, PROT_EXEC]) {
      const mapping = mapMemory(4096, { protection })
      const target = new Uint8Array(1)
      const calls = [
        () => mapping.getByte(0),
        () => mapping.copyOut(0, target),
        () => mapping.find(target, 0, 10, false),
        () => mapping.readAsync(0, 1),
        () => mapping.findAsync(target, 0, 10, false),
        () => mapping.setByte(0, 1),
        () => mapping.copyIn(0, target),
        () => mapping.writeAsync(0, target),
      ]
      for (const call of calls) expect(codesOf(call)).toEqual(['OS', 'EACCES'])
    }
  })

  test('that let it only be stored to let it be read, as the processor does', () => {
    const mapping = mapMemory(4096, { protection: PROT_WRITE })
    mapping.setByte(0, 7)
    expect(mapping.getByte(0)).toBe(7)
  })

  test('that choose the address are EINVAL', () => {
    for (const flag of [MAP_FIXED, MAP_FIXED_NOREPLACE, MAP_GROWSDOWN]) {
      expect(codesOf(() => mapMemory(4096, { flags: MAP_PRIVATE | flag }))).toEqual(['OS', 'EINVAL'])
      expect(codesOf(() => mapFile(path, { flags: MAP_SHARED | flag }))).toEqual(['OS', 'EINVAL'])
    }
  })

  test('of MAP_SHARED_VALIDATE are shared, though MAP_PRIVATE’s bit is in them', () => {
    const file = makeFile(join(folder, 'validated'), Buffer.alloc(8192))
    const mapping = mapFile(file, { access: 'write', flags: MAP_SHARED_VALIDATE })
    mapping.setByte(5, 7)
    mapping.releasePages(0, 8192)
    expect([mapping.getByte(5), readFileSync(file)[5]]).toEqual([7, 7])
  })

  test('of 64 bits are no bits', () => {
    expect(() => mapMemory(4096, { flags: 2 ** 32 })).toThrow(RangeError)
  })
})

describe('huge pages', () => {
  // Without any in the pool, the kernel gives the addresses (MAP_NORESERVE) and no page: a touch is SIGBUS.
  const huge = (byteLength: number): ReturnType<typeof mapMemory> =>
    mapMemory(byteLength, { flags: MAP_PRIVATE | MAP_NORESERVE | MAP_HUGETLB })

  test('are unmapped whole, though the length is no multiple of them', () => {
    const before = mapCount()
    for (let i = 0; i < 100; i++) huge(10_000).close()
    expect(mapCount()).toBeLessThan(before + 10)
  })

  test('that are not to be had are FAULT in a guarded call, and zeros in a view, of which the next call tells', () => {
    const free = Number(/HugePages_Free:\s+(\d+)/.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
    const mapping = huge(10_000)
    const array = new Uint8Array(mapping.exportRange(5000, 10))
    if (free > 0) {
      mapping.setByte(5000, 7)
      expect(array[0]).toBe(7)
      return
    }
    expect(codesOf(() => mapping.getByte(9999))).toEqual(['FAULT', undefined])
    expect(array[0]).toBe(0)
    expect(mapping.takeViewFault()).toEqual({ offset: 5000, fileByteLength: 0 })
    // There is no file to map there again.
    expect(() => mapping.getByte(0)).toThrow(expect.objectContaining({ code: 'FAULT', isInView: true }))
  })
})

describe('a descriptor', () => {
  test('that is none is EBADF, kept or not', () => {
    const open = (fd: number, keepsFile: boolean): unknown =>
      new binding.Mapping(fd, { offset: 0, byteLength: 1, access: 'read', keepsFile })
    for (const fd of [-2, 999_999]) {
      for (const keepsFile of [true, false]) expect(codesOf(() => open(fd, keepsFile))).toEqual(['OS', 'EBADF'])
    }
  })

  test('that is not kept leaves the bytes, and nothing that is known of the file', async () => {
    const mapping = mapFile(path, { access: 'write', keepsFile: false })
    expect(mapping.find(bytes('hab'), 0, 100_000, false)).toBe(7)
    expect(codesOf(() => mapping.status())).toEqual(['OS', 'EBADF'])
    expect(codesOf(() => mapping.seekHole(0))).toEqual(['OS', 'EBADF'])
    expect((await mapping.readAsync(99_990, 10).result).unreadable).toEqual([])
  })
})
