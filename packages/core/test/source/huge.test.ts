import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { type FindProgress, find, openFile } from '../../src/index.ts'
import { GIB, latin1, TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const END = 15 * TIB
const path = folder.sparse(END, [
  { offset: 0, text: 'first bytes of it' },
  { offset: 5 * GIB, text: 'at five gibibytes' },
  { offset: 4 * TIB, text: 'at four tebibytes' },
  { offset: END - 16, text: 'the last 16 byte' },
])
const source = openFile(path, { isWritable: true })
afterAll(() => source.close())

describe.each([
  { title: '5 GiB', offset: 5 * GIB, text: 'at five gibibytes' },
  { title: '4 TiB', offset: 4 * TIB, text: 'at four tebibytes' },
  { title: 'the last 16 bytes of 15 TiB', offset: END - 16, text: 'the last 16 byte' },
])('$title', ({ offset, text }) => {
  const needle = Buffer.from(text)
  const length = needle.length

  test('read, findIn, extents', async () => {
    expect(latin1((await source.read(offset, length)).bytes)).toBe(text)
    const window = { start: offset - 5000, end: offset + length }
    for (const direction of ['forward', 'backward'] as const) {
      expect(await source.findIn(needle, window, direction)).toEqual({ offset, unreadable: [] })
    }
    const data: number[] = []
    for await (const { kind, start, end } of source.extents({ start: offset - GIB, end: offset + length })) {
      if (kind === 'data') data.push(start, end)
    }
    expect(data[0]).toBeLessThanOrEqual(offset)
    expect(data[1]).toBe(offset + length)
  })

  test('write, and back', async () => {
    const result = await source.write(offset + 3, Buffer.from('#'), { expected: needle.subarray(3, 4) })
    expect(result.kind).toBe('stored')
    expect(latin1((await source.read(offset, length)).bytes)).toBe(`${text.slice(0, 3)}#${text.slice(4)}`)
    await source.write(offset + 3, needle.subarray(3, 4))
  })

  test('find from both ends, in no time', async () => {
    for (const [direction, from] of [
      ['forward', 0],
      ['backward', END],
    ] as const) {
      const startedMs = performance.now()
      expect(await find(source, needle, { from, direction })).toMatchObject({
        offset,
        isWrapped: false,
        unreadable: [],
      })
      expect(performance.now() - startedMs).toBeLessThan(2000)
    }
    expect(await find(source, needle, { from: offset + 1, direction: 'forward', isWrapping: true })).toMatchObject({
      offset,
      isWrapped: true,
    })
    expect(await find(source, needle, { from: offset, direction: 'backward', isWrapping: true })).toMatchObject({
      offset,
      isWrapped: true,
    })
    expect((await find(source, needle, { from: offset + 1, direction: 'forward' })).offset).toBe(-1)
  })
})

test('zeros are found inside holes, across their edges, and not where there are none', async () => {
  const zeros = new Uint8Array(1000)
  expect((await find(source, zeros, { from: 0, direction: 'forward' })).offset).toBe(17)
  expect((await find(source, zeros, { from: 7 * TIB, direction: 'forward' })).offset).toBe(7 * TIB)
  expect((await find(source, zeros, { from: END, direction: 'backward' })).offset).toBe(END - 16 - 1000)
})

test('progress counts the holes and ends at the total', async () => {
  const reports: FindProgress[] = []
  await find(source, Buffer.from('absent!'), {
    from: 0,
    direction: 'forward',
    onProgress: (progress) => reports.push(progress),
  })
  expect(reports.at(-1)).toEqual({ scanned: END - 6, total: END - 6 })
  expect(reports.length).toBeGreaterThanOrEqual(5)
})

test('a real program: every match, both ways, is where Buffer finds it', async () => {
  const bytes = readFileSync(process.execPath)
  const program = openFile(process.execPath)
  for (const text of ['\x7fELF', 'process.binding', 'napi_create_', 'qzjxkw!never']) {
    const needle = Buffer.from(text, 'latin1')
    const expected: number[] = []
    for (let at = bytes.indexOf(needle); at >= 0; at = bytes.indexOf(needle, at + 1)) expected.push(at)
    const forward: number[] = []
    for (let from = 0; ; ) {
      const { offset } = await find(program, needle, { from, direction: 'forward' })
      if (offset < 0) break
      forward.push(offset)
      from = offset + 1
    }
    const backward: number[] = []
    for (let from = program.byteLength; ; ) {
      const { offset } = await find(program, needle, { from, direction: 'backward' })
      if (offset < 0) break
      backward.push(offset)
      from = offset
    }
    expect(forward, text).toEqual(expected)
    expect(backward.reverse(), text).toEqual(expected)
  }
  await program.close()
})
