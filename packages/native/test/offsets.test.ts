import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { bytes, GiB, KiB, makeSparseFile, mapFile, TiB, temporaryFolder, text } from './support/files.ts'

const folder = temporaryFolder()
const byteLength = 15 * TiB
const marks = [
  { offset: 5 * GiB + 10, text: 'mark at 5 GiB' },
  { offset: 4 * TiB + 10, text: 'mark at 4 TiB' },
  { offset: byteLength - 16, text: 'the last sixteen' },
]
const path = makeSparseFile(join(folder, 'huge'), byteLength, marks)

/** The file's own word, through read(2): what the mapping must agree with. */
function onDisk(offset: number, length: number): string {
  const file = openSync(path, 'r')
  const target = new Uint8Array(length)
  readSync(file, target, 0, length, offset)
  closeSync(file)
  return text(target)
}

describe.each(marks)('$text', ({ offset, text: mark }) => {
  const end = offset + mark.length
  const needle = bytes(mark)

  test('copyOut and getByte read it', () => {
    const mapping = mapFile(path)
    const target = new Uint8Array(mark.length)
    mapping.copyOut(offset, target)
    expect(text(target)).toBe(mark)
    expect(mapping.getByte(end - 1)).toBe(mark.charCodeAt(mark.length - 1))
  })

  test('readAsync reads it', async () => {
    const { bytes: read, unreadable } = await mapFile(path).readAsync(offset - 4, mark.length + 4).result
    expect(text(read)).toBe(`\0\0\0\0${mark}`)
    expect(unreadable).toEqual([])
  })

  test('find finds it, in both directions', () => {
    const mapping = mapFile(path)
    expect(mapping.find(needle, offset - 64 * KiB, end, false)).toBe(offset)
    expect(mapping.find(needle, offset - 64 * KiB, end, true)).toBe(offset)
    expect(mapping.find(needle, offset - 64 * KiB, end - 1, false)).toBe(-1)
    expect(mapping.find(needle, offset + 1, end, true)).toBe(-1)
  })

  test('findAsync finds it, in both directions', async () => {
    const mapping = mapFile(path)
    for (const isReverse of [false, true]) {
      const found = await mapping.findAsync(needle, offset - 3 * 1024 * KiB, end, isReverse).result
      expect(found).toMatchObject({ offset, cancelled: false, unreadable: [] })
    }
  })

  test('seekData and seekHole stop at its page', () => {
    const mapping = mapFile(path)
    const page = Math.floor(offset / 4096) * 4096
    expect(mapping.seekData(offset - 1024 ** 2)).toBe(page)
    expect(mapping.seekHole(offset)).toBe(page + 4096 < byteLength ? page + 4096 : -1)
  })

  test('is there in a mapping that begins near it', () => {
    const start = Math.floor(offset / 4096) * 4096
    const mapping = mapFile(path, { offset: start, byteLength: end - start })
    const target = new Uint8Array(mark.length)
    mapping.copyOut(offset - start, target)
    expect(text(target)).toBe(mark)
  })
})

describe('a store', () => {
  test.each([5 * GiB + 4095, 4 * TiB + 4095, byteLength - 18])(
    'at %d reaches the disk, there and nowhere else',
    async (offset) => {
      const mapping = mapFile(path, { access: 'write' })
      const page = Math.floor(offset / 4096) * 4096
      mapping.copyIn(offset, bytes('in'))
      mapping.flush(page, offset + 2 - page)
      expect(onDisk(offset - 1, 3)).toBe('\0in')
      await mapping.writeAsync(offset, bytes('ok')).result
      await mapping.flushAsync(page, offset + 2 - page).result
      expect(onDisk(offset - 1, 3)).toBe('\0ok')
      mapping.setByte(offset, 0)
      mapping.setByte(offset + 1, 0)
      mapping.releasePages(page, offset + 2 - page)
      expect(onDisk(offset - 1, 3)).toBe('\0\0\0')
      expect(onDisk(offset % 2 ** 32, 2)).toBe('\0\0') // where 32 bits would have put it
    },
  )

  test('to a copy mapping of the whole file is seen by it alone', () => {
    const mapping = mapFile(path, { access: 'copy' })
    const offset = byteLength - 2
    mapping.copyIn(offset, bytes('XY'))
    expect(mapping.getByte(offset + 1)).toBe(0x59)
    expect(onDisk(offset, 2)).toBe('en')
  })
})

test('fileStatus and status tell the size exactly', () => {
  expect(mapFile(path).status().byteLength).toBe(byteLength)
})
