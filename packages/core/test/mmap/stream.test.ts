import { describe, expect, test } from 'vitest'
import { constants, Mmap, type MmapAccess, mmap, type Whence } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = constants.PAGESIZE
const fresh = (content = '0123456789', access: MmapAccess = 'write'): Mmap =>
  Mmap.open(folder.file(content), { access })
const refused = (call: () => unknown, code: string, errno?: string): void =>
  expect(call).toThrow(expect.objectContaining(errno === undefined ? { code } : { code, errno }))

describe('reading', () => {
  test('goes on where it stopped, gives what is left, and then nothing', () => {
    const map = fresh()
    expect([latin1(map.read(3)), map.tell(), latin1(map.read(0)), map.tell()]).toEqual(['012', 3, '', 3])
    expect([map.readByte(), map.tell()]).toEqual([0x33, 4])
    expect([latin1(map.read(100)), map.tell(), map.read(1).length, map.read().length]).toEqual(['456789', 10, 0, 0])
    refused(() => map.readByte(), 'ERR_RANGE')
    expect(map.tell()).toBe(10)
  })

  test('null, nothing and negative counts read to the end', () => {
    for (const count of [null, undefined, -1, -100]) {
      const map = fresh()
      map.seek(7)
      expect(latin1(map.read(count))).toBe('789')
    }
    refused(() => fresh().read(1.5), 'ERR_ARGUMENT')
    refused(() => fresh().read('1' as unknown as number), 'ERR_ARGUMENT')
    refused(() => fresh().read(2 ** 63), 'ERR_RANGE')
  })

  test('lines end with their line feed, the last with the map; a carriage return means nothing', () => {
    const map = fresh('a\r\n\n\rb\nlast')
    const lines = Array.from({ length: 6 }, () => latin1(map.readLine()))
    expect(lines).toEqual(['a\r\n', '\n', '\rb\n', 'last', '', ''])
    expect(map.tell()).toBe(map.length)
  })

  test('what is read is a copy', () => {
    const map = fresh()
    const bytes = map.read(2)
    map.set(0, 0x41)
    bytes[1] = 0x42
    expect([latin1(bytes), latin1(map.slice(0, 2))]).toEqual(['0B', 'A1'])
  })
})

describe('writing', () => {
  test('goes on where it stopped, all or nothing', () => {
    const map = fresh()
    expect([map.write(Buffer.from('ab')), map.tell()]).toEqual([2, 2])
    map.writeByte(0x63)
    expect([latin1(map.slice()), map.tell()]).toEqual(['abc3456789', 3])
    refused(() => map.write(new Uint8Array(8)), 'ERR_RANGE')
    expect([latin1(map.slice()), map.tell()]).toEqual(['abc3456789', 3])
    expect([map.write(Buffer.from('7654321')), map.tell(), map.write(new Uint8Array(0))]).toEqual([7, 10, 0])
    refused(() => map.writeByte(1), 'ERR_RANGE')
  })

  test('takes bytes of every kind, and nothing else', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(2)).fill(0x42)
    const sources = [
      Buffer.from('A'),
      shared,
      new Uint16Array([0x4443]),
      new DataView(new ArrayBuffer(1)),
      new ArrayBuffer(1),
    ]
    const map = fresh()
    for (const source of [...sources, new SharedArrayBuffer(1)]) map.write(source)
    expect(latin1(map.slice())).toBe('ABBCD\0\0\x0089')
    for (const source of ['text', 1, null, [1], undefined, {}])
      refused(() => map.write(source as unknown as Uint8Array), 'ERR_ARGUMENT')
  })

  test('a byte is checked before the map, and the map before its end', () => {
    const map = fresh('0', 'read')
    for (const byte of [256, -1]) refused(() => map.writeByte(byte), 'ERR_RANGE')
    refused(() => map.writeByte('1' as unknown as number), 'ERR_ARGUMENT')
    refused(() => map.writeByte(1), 'ERR_READ_ONLY')
    refused(() => map.write(new Uint8Array(100)), 'ERR_READ_ONLY')
    map.close()
    refused(() => map.writeByte(1), 'ERR_CLOSED')
    refused(() => map.write(new Uint8Array(100)), 'ERR_CLOSED')
  })

  test('an array that lies about its length is taken at its bytes', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 1000
      }
    }
    const map = fresh()
    expect(map.write(new Liar(3).fill(0x41))).toBe(3)
    const boaster = Object.defineProperty(new Uint8Array(2).fill(0x42), 'length', { value: 1000 })
    expect(map.write(boaster)).toBe(2)
    expect(latin1(map.slice())).toBe('AAABB56789')
  })
})

describe('seeking', () => {
  test('from the start, from here, from the end; names and Python’s numbers', () => {
    const map = fresh()
    const moves: [number, Whence, number][] = [
      [4, 'start', 4],
      [3, 'current', 7],
      [-7, 1, 0],
      [-2, 'end', 8],
      [0, 2, 10],
      [5, 0, 5],
    ]
    for (const [distance, whence, place] of moves)
      expect([map.seek(distance, whence), map.tell()]).toEqual([place, place])
    expect(map.seek(1)).toBe(1)
  })

  test('stays where it was when it is refused', () => {
    const map = fresh()
    map.seek(5)
    for (const distance of [-1, 11, 2 ** 53 - 1, 2 ** 70]) refused(() => map.seek(distance), 'ERR_RANGE')
    for (const distance of [-6, 6, 2 ** 62]) refused(() => map.seek(distance, 'current'), 'ERR_RANGE')
    for (const distance of [-11, 1]) refused(() => map.seek(distance, 'end'), 'ERR_RANGE')
    for (const whence of [3, 4, -1, 'START', null]) refused(() => map.seek(0, whence as Whence), 'ERR_ARGUMENT')
    refused(() => map.seek(99, 'nowhere' as Whence), 'ERR_ARGUMENT')
    expect(map.tell()).toBe(5)
  })

  test('after a shrink the position stays, past the end', () => {
    const map = fresh('x'.repeat(PAGE))
    map.seek(0, 'end')
    map.resize(10)
    expect([map.tell(), map.length, map.read().length, map.find(Buffer.from('x'))]).toEqual([PAGE, 10, 0, -1])
    expect([map.readLine().length, map.find(new Uint8Array(0)), map.rfind(new Uint8Array(0))]).toEqual([0, -1, -1])
    refused(() => map.readByte(), 'ERR_RANGE')
    refused(() => map.write(new Uint8Array(0)), 'ERR_RANGE')
    refused(() => map.seek(0, 'current'), 'ERR_RANGE')
    expect(map.seek(-1, 'end')).toBe(9)
  })

  test('data and holes of a sparse file, past 4 GiB and behind an offset', () => {
    const byteLength = 6 * GIB
    const path = folder.sparse(byteLength, [
      { offset: 5 * GIB, text: 'here' },
      { offset: 5 * GIB + 1024 ** 2, text: 'there' },
    ])
    for (const offset of [0, GIB, 5 * GIB]) {
      const map = Mmap.open(path, { access: 'read', offset })
      expect(map.seek(0, 'data')).toBe(5 * GIB - offset)
      expect(latin1(map.read(4))).toBe('here')
      const hole = map.seek(5 * GIB - offset, 'hole')
      expect([hole % PAGE, map.at(hole)]).toEqual([0, 0])
      expect(map.seek(hole, 'data')).toBe(5 * GIB + 1024 ** 2 - offset)
      const last = map.seek(map.tell(), 'hole')
      refused(() => map.seek(last, 'data'), 'ERR_OS', 'ENXIO')
      refused(() => map.seek(map.length, 'hole'), 'ERR_OS', 'ENXIO')
      refused(() => map.seek(map.length + 1, 'data'), 'ERR_RANGE')
      expect(map.tell()).toBe(last)
      map.close()
    }
  })

  test('memory is data throughout', () => {
    const map = mmap(-1, 2 * PAGE)
    expect([map.seek(5, 'data'), map.seek(5, 'hole')]).toEqual([5, 2 * PAGE])
    refused(() => map.seek(2 * PAGE, 'data'), 'ERR_OS', 'ENXIO')
  })
})

test('find and rfind begin at the position, and leave it there', () => {
  const map = fresh('ab.ab.ab')
  const needle = Buffer.from('ab')
  map.seek(1)
  expect([map.find(needle), map.rfind(needle), map.tell()]).toEqual([3, 6, 1])
  map.seek(7)
  expect([map.find(needle), map.rfind(needle), map.rfind(needle, 0)]).toEqual([-1, -1, 6])
  // An end counts without a start, null or not; CPython would forget it.
  map.seek(0)
  expect([map.rfind(needle, null, 5), map.rfind(needle, undefined, 5), map.rfind(needle, 0, null)]).toEqual([3, 3, 6])
})

test('every place past 4 GiB can be reached', () => {
  const offset = 5 * GIB + 3
  const map = Mmap.open(folder.sparse(6 * GIB, [{ offset, text: 'one\ntwo\n' }]))
  map.seek(offset)
  expect([latin1(map.readLine()), latin1(map.readLine()), map.tell()]).toEqual(['one\n', 'two\n', offset + 8])
  map.seek(-8, 'current')
  map.write(Buffer.from('ONE'))
  map.writeByte(0x21)
  expect([map.tell(), latin1(map.read(4))]).toEqual([offset + 4, 'two\n'])
  map.move(offset + 100, offset, 8)
  expect(latin1(map.slice(offset + 100, offset + 108))).toBe('ONE!two\n')
  map.setSlice(offset, offset + 8, 2, Buffer.from('....'))
  expect(latin1(map.slice(offset, offset + 8))).toBe('.N.!.w.\n')
  map.close()
})
