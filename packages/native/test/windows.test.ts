import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
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

function alphabetFile(name: string): string {
  return makeFile(join(folder, name), Buffer.alloc(100_000, 'abcdefghijklmnopqrstuvwxyz'))
}

describe('a window', () => {
  test('shows the mapping’s own bytes, and counts as no export', () => {
    const mapping = mapFile(alphabetFile('own'), { access: 'copy' })
    const window = mapping.window(1, 99_999)
    mapping.copyIn(5000, bytes('STORED'))
    expect(text(window?.subarray(4999, 5005) ?? new Uint8Array())).toBe('STORED')
    expect(mapping.exports).toBe(0)
  })

  test('of the same range is the same array', () => {
    const mapping = mapFile(alphabetFile('same'))
    expect(mapping.window(10, 20)).toBe(mapping.window(10, 20))
    expect(mapping.window(10, 21)).not.toBe(mapping.window(10, 20))
  })

  test('reads a mapping that may not be stored to, past 4 GiB too', () => {
    const path = makeSparseFile(join(folder, 'huge'), 9 * GiB, [{ offset: 5 * GiB + 10, text: 'mark' }])
    expect(
      text(
        mapFile(path)
          .window(5 * GiB, 100)
          ?.subarray(10, 14) ?? new Uint8Array(),
      ),
    ).toBe('mark')
  })

  test('is detached when the mapping is closed', () => {
    const mapping = mapFile(alphabetFile('closed'))
    const windows = [mapping.window(0, 100), mapping.window(50, 100)]
    mapping.close()
    expect(windows.map((window) => window?.byteLength)).toEqual([0, 0])
  })

  test('is detached when it is closed itself, the others stay, and the next one is new', () => {
    const mapping = mapFile(alphabetFile('closed-alone'))
    const [first, second] = [mapping.window(0, 100), mapping.window(50, 100)]
    mapping.closeWindow(0, 100)
    mapping.closeWindow(0, 100)
    mapping.closeWindow(0, 99)
    expect([first?.byteLength, second?.byteLength]).toEqual([0, 100])
    const again = mapping.window(0, 100)
    expect(text(again ?? new Uint8Array())).toBe(
      text(mapping.window(0, 99) ?? new Uint8Array()) + text(second?.subarray(49, 50) ?? new Uint8Array()),
    )
    expect(again === first).toBe(false)
  })

  test('is not to be had without the file, nor of memory that may not be read; of anonymous memory it is', () => {
    expect(mapFile(alphabetFile('not-kept'), { keepsFile: false }).window(0, 1)).toBeUndefined()
    expect(mapMemory(4096, { protection: 0 }).window(0, 1)).toBeUndefined()
    const mapping = mapMemory(4096)
    mapping.setByte(9, 7)
    expect(mapping.window(9, 1)?.[0]).toBe(7)
  })
})

describe('a string over the bytes', () => {
  test('has a code unit for each, all 256 of them', () => {
    const every = Uint8Array.from({ length: 256 }, (_, i) => i)
    const mapping = mapFile(makeFile(join(folder, 'every'), every))
    expect(mapping.latin1(0, 256)).toBe(Buffer.from(every).toString('latin1'))
    expect(mapping.latin1(65, 3)).toBe('ABC')
    expect(mapping.latin1(256, 0)).toBe('')
    expect(mapping.exports).toBe(0)
  })

  test('is searched by a regular expression, past 4 GiB too', () => {
    const path = makeSparseFile(join(folder, 'searched'), 9 * GiB, [{ offset: 5 * GiB + 100_000, text: 'needle42' }])
    expect(/needle\d+/.exec(mapFile(path).latin1(5 * GiB, 200_000) ?? '')?.index).toBe(100_000)
  })

  test('longer than a string may be is RANGE', () => {
    const path = makeSparseFile(join(folder, 'long'), GiB, [])
    expect(codesOf(() => mapFile(path).latin1(0, 2 ** 29 - 23))).toEqual(['RANGE', undefined])
    expect(mapFile(path).latin1(0, 2 ** 29 - 24)).toHaveLength(2 ** 29 - 24)
  })

  test('is not to be had without the file, nor of memory that may not be read', () => {
    expect(mapFile(alphabetFile('string-not-kept'), { keepsFile: false }).latin1(0, 1)).toBeUndefined()
    expect(mapMemory(4096, { protection: 0 }).latin1(0, 1)).toBeUndefined()
  })

  test('shows zeros once the mapping is closed, and ends nothing', () => {
    const mapping = mapFile(alphabetFile('string-closed'))
    const string = mapping.latin1(0, 50_000)
    expect(string?.charCodeAt(40_000)).toBe('abcdefghijklmnopqrstuvwxyz'.charCodeAt(40_000 % 26))
    mapping.close()
    expect(string?.charCodeAt(40_000)).toBe(0)
  })
})
