import { closeSync, openSync, readSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Mmap, mmap } from '../../src/index.ts'
import { GIB, latin1, TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const END = 15 * TIB
const path = folder.sparse(END, [
  { offset: 0, text: 'first bytes of it' },
  { offset: 5 * GIB, text: 'at five gibibytes' },
  { offset: 4 * TIB, text: 'at four tebibytes' },
  { offset: END - 16, text: 'the last 16 byte' },
])

const places = [
  { title: '5 GiB', offset: 5 * GIB, text: 'at five gibibytes' },
  { title: '4 TiB', offset: 4 * TIB, text: 'at four tebibytes' },
  { title: 'the last 16 bytes of 15 TiB', offset: END - 16, text: 'the last 16 byte' },
]

describe.each(places)('$title', ({ offset, text }) => {
  const needle = Buffer.from(text)

  test('at, set, slice, flush, readAt', async () => {
    const map = Mmap.open(path)
    expect(map.length).toBe(END)
    expect([map.at(offset), map.at(offset - END)]).toEqual([needle[0], needle[0]])
    expect(latin1(map.slice(offset, offset + text.length))).toBe(text)
    expect(latin1(map.slice(offset + 8, offset - 1, -2))).toBe(
      [...text]
        .slice(0, 9)
        .filter((_, at) => at % 2 === 0)
        .reverse()
        .join(''),
    )
    expect(latin1(await map.readAt(offset, text.length))).toBe(text)
    map.set(offset + 1, 0x21)
    map.flush(offset - (offset % 4096), 4096)
    expect(readByFile(offset, 3)).toBe(`${text[0]}!${text[2]}`)
    map.set(offset + 1, needle[1] as number)
    map.close()
  })

  test('find and rfind', () => {
    const map = Mmap.open(path, { access: 'read' })
    const [low, high] = [offset - 100_000, Math.min(END, offset + 100_000)]
    expect([map.find(needle, low), map.find(needle, low, high), map.rfind(needle, low, high)]).toEqual([
      offset,
      offset,
      offset,
    ])
    expect(map.find(needle, offset - END - 5)).toBe(offset)
    expect([map.find(needle, offset + 1, high), map.rfind(needle, low, offset + 15)]).toEqual([-1, -1])
    map.close()
  })

  test('a map that begins there', () => {
    const fd = openSync(path, 'r')
    const begin = offset - (offset % 4096)
    const map = mmap(fd, 4096, { access: 'read', offset: begin })
    closeSync(fd)
    expect(latin1(map.slice(offset - begin, offset - begin + 16))).toBe(text.slice(0, 16))
    expect([map.offset, map.size()]).toEqual([begin, END])
    map.close()
  })
})

test('indexes and reads past the end of 15 TiB are refused', async () => {
  const map = Mmap.open(path, { access: 'read' })
  for (const index of [END, -END - 1, 2 ** 53])
    expect(() => map.at(index)).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
  expect(latin1(map.slice(-4, 2 ** 60))).toBe('byte')
  expect(() => map.slice()).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
  await expect(map.readAt(END - 1, 2)).rejects.toMatchObject({ code: 'ERR_RANGE' })
  map.close()
})

/** pread beside the map. */
function readByFile(offset: number, length: number): string {
  const fd = openSync(path, 'r')
  const bytes = Buffer.alloc(length)
  readSync(fd, bytes, 0, length, offset)
  closeSync(fd)
  return bytes.toString('latin1')
}
