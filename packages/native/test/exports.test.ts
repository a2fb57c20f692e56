import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { MappingAccess } from '../lib/index.ts'
import {
  bytes,
  codesOf,
  GiB,
  makeFile,
  makeSparseFile,
  mapFile,
  mapMemory,
  temporaryFolder,
  text,
} from './support/files.ts'

const folder = temporaryFolder()
const accesses: readonly MappingAccess[] = ['read', 'write', 'copy']

function alphabetFile(name: string, byteLength = 100_000): string {
  return makeFile(join(folder, name), Buffer.alloc(byteLength, 'abcdefghijklmnopqrstuvwxyz'))
}

describe.each(accesses)('an export of a %s mapping', (access) => {
  test('has the bytes of the range, which need not begin or end with a page', () => {
    const path = alphabetFile(`bytes-${access}`)
    const mapping = mapFile(path, { access })
    const file = readFileSync(path)
    for (const [offset, byteLength] of [
      [0, 100_000],
      [1, 3],
      [4095, 2],
      [4096, 4096],
      [50_001, 49_999],
    ] as const) {
      const buffer = mapping.exportRange(offset, byteLength)
      expect(buffer.byteLength).toBe(byteLength)
      expect(Buffer.from(buffer).equals(file.subarray(offset, offset + byteLength))).toBe(true)
    }
    expect(mapping.exports).toBe(5)
  })

  test('is of a page further on in the file when the mapping is', () => {
    const path = alphabetFile(`further-${access}`)
    const mapping = mapFile(path, { access, offset: 8192, byteLength: 9000 })
    expect(text(new Uint8Array(mapping.exportRange(4097, 26)))).toBe(text(readFileSync(path).subarray(12_289, 12_315)))
  })

  test('of no bytes is an empty buffer, at the end too, and is released as any', () => {
    const mapping = mapFile(alphabetFile(`none-${access}`), { access })
    const empty = [mapping.exportRange(0, 0), mapping.exportRange(100_000, 0)]
    expect(empty.map((buffer) => buffer.byteLength)).toEqual([0, 0])
    expect(mapping.exports).toBe(2)
    for (const buffer of empty) mapping.releaseExport(buffer)
    expect(mapping.exports).toBe(0)
  })

  test('that is released has no bytes any more, in every array over it; a second time nothing happens', () => {
    const mapping = mapFile(alphabetFile(`released-${access}`), { access })
    const buffer = mapping.exportRange(0, 100)
    const other = mapping.exportRange(0, 100)
    const arrays = [new Uint8Array(buffer), new Uint8Array(buffer, 3, 4), Buffer.from(buffer)]
    mapping.releaseExport(buffer)
    mapping.releaseExport(buffer)
    expect([buffer.byteLength, ...arrays.map((array) => array.byteLength)]).toEqual([0, 0, 0, 0])
    expect(mapping.exports).toBe(1)
    expect(new Uint8Array(other)[1]).toBe(98)
  })

  test('is detached when the mapping is closed', () => {
    const mapping = mapFile(alphabetFile(`closed-${access}`), { access })
    const array = new Uint8Array(mapping.exportRange(0, 100))
    mapping.close()
    expect([array.byteLength, array[0], mapping.exports]).toEqual([0, undefined, 0])
  })

  test('of bytes past 4 GiB has those bytes', () => {
    const path = makeSparseFile(join(folder, `huge-${access}`), 9 * GiB, [{ offset: 5 * GiB + 4094, text: 'marked' }])
    const buffer = mapFile(path, { access }).exportRange(5 * GiB + 4000, 8192)
    expect(Buffer.from(buffer).indexOf('marked')).toBe(94)
  })

  test('outside the mapping is a RangeError', () => {
    const mapping = mapFile(alphabetFile(`outside-${access}`), { access })
    expect(() => mapping.exportRange(99_999, 2)).toThrow(RangeError)
    expect(() => mapping.exportRange(100_001, 0)).toThrow(RangeError)
    expect(mapping.exports).toBe(0)
  })
})

describe('a store through an export', () => {
  test('of a write mapping is in the mapping and in the file', () => {
    const path = alphabetFile('store-write')
    const mapping = mapFile(path, { access: 'write' })
    new Uint8Array(mapping.exportRange(5000, 10)).set(bytes('STORED'))
    expect(mapping.find(bytes('STORED'), 0, 100_000, false)).toBe(5000)
    expect(text(readFileSync(path).subarray(5000, 5006))).toBe('STORED')
  })

  test('of a copy mapping is in the mapping and not in the file', () => {
    const path = alphabetFile('store-copy')
    const mapping = mapFile(path, { access: 'copy' })
    new Uint8Array(mapping.exportRange(5000, 10)).set(bytes('STORED'))
    expect(mapping.find(bytes('STORED'), 0, 100_000, false)).toBe(5000)
    expect(readFileSync(path).includes('STORED')).toBe(false)
  })

  test('of a read mapping is in that export alone: not in the mapping, nor in another export, nor in the file', () => {
    const path = alphabetFile('store-read')
    const mapping = mapFile(path)
    const array = new Uint8Array(mapping.exportRange(5000, 10))
    const before = new Uint8Array(mapping.exportRange(5000, 10))
    array.set(bytes('STORED'))
    expect(text(array.subarray(0, 6))).toBe('STORED')
    expect(mapping.find(bytes('STORED'), 0, 100_000, false)).toBe(-1)
    expect(text(before)).toBe(text(readFileSync(path).subarray(5000, 5010)))
    expect(text(new Uint8Array(mapping.exportRange(5000, 10)))).toBe(text(before))
    expect(readFileSync(path).includes('STORED')).toBe(false)
  })

  test('of anonymous memory that may only be read is in that export alone', () => {
    const mapping = mapMemory(9000, { access: 'read' })
    const array = new Uint8Array(mapping.exportRange(4097, 100)).fill(7)
    expect([array[0], mapping.getByte(4097)]).toEqual([7, 0])
  })
})

test('what somebody else writes to the file shows in an export of a read mapping', () => {
  const path = alphabetFile('shown')
  const array = new Uint8Array(mapFile(path).exportRange(0, 100_000))
  mapFile(path, { access: 'write' }).copyIn(70_000, bytes('NEWS'))
  expect(text(array.subarray(70_000, 70_004))).toBe('NEWS')
})

describe('an export is refused', () => {
  test('without the file, where it would have to be mapped once more', () => {
    const path = alphabetFile('not-kept')
    expect(codesOf(() => mapFile(path, { keepsFile: false }).exportRange(0, 1))).toEqual(['OS', 'EBADF'])
    const array = new Uint8Array(mapFile(path, { access: 'write', keepsFile: false }).exportRange(1, 1))
    expect(array[0]).toBe(98)
  })

  test('where the memory may not be read', () => {
    expect(codesOf(() => mapMemory(4096, { protection: 0 }).exportRange(0, 1))).toEqual(['OS', 'EACCES'])
  })
})

test('only an export of the same mapping can be released', () => {
  const mapping = mapFile(alphabetFile('strangers'))
  const other = mapFile(join(folder, 'strangers')).exportRange(0, 1)
  for (const stranger of [new ArrayBuffer(1), other, new Uint8Array(1), undefined]) {
    expect(() => mapping.releaseExport(stranger as ArrayBuffer)).toThrow(TypeError)
  }
  expect(other.byteLength).toBe(1)
})
