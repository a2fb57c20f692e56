import { describe, expect, test } from 'vitest'
import { Mmap, type MmapAccess } from '../../src/index.ts'
import { latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const fresh = (access: MmapAccess = 'write') => Mmap.open(folder.file('0123456789'), { access })

describe('after close', () => {
  const calls: [string, (map: Mmap) => unknown][] = [
    ['length', (map) => map.length],
    ['at', (map) => map.at(0)],
    ['at, outside', (map) => map.at(99)],
    ['at, no integer', (map) => map.at('x' as unknown as number)],
    ['set', (map) => map.set(0, 1)],
    ['set, bad value', (map) => map.set(0, 256)],
    ['slice', (map) => map.slice()],
    ['find', (map) => map.find(Buffer.from('1'))],
    ['rfind', (map) => map.rfind(Buffer.from('1'))],
    ['flush', (map) => map.flush()],
    ['size', (map) => map.size()],
    ['iteration', (map) => [...map]],
  ]
  test.each(calls)('%s is ERR_CLOSED', (_, call) => {
    for (const access of ['read', 'write'] as const) {
      const map = fresh(access)
      map.close()
      expect(() => call(map)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    }
  })

  test('readAt rejects, close does nothing, closed and access answer', async () => {
    const map = fresh()
    map.close()
    await expect(map.readAt(0, 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    map.close()
    map[Symbol.dispose]()
    expect([map.closed, map.access, map.offset]).toEqual([true, 'write', 0])
  })
})

describe('set checks read-only, then the index, then the byte', () => {
  const code = (call: () => void) => {
    try {
      call()
    } catch (error) {
      return (error as { code: string }).code
    }
    return 'stored'
  }
  test('in that order', () => {
    const readable = fresh('read')
    expect(code(() => readable.set(99, 256))).toBe('ERR_READ_ONLY')
    const writable = fresh()
    expect(code(() => writable.set(99, 256))).toBe('ERR_RANGE')
    expect(code(() => writable.set(1.5, 256))).toBe('ERR_ARGUMENT')
    expect(code(() => writable.set(0, 256))).toBe('ERR_ARGUMENT')
    expect(code(() => writable.set(0, -1))).toBe('ERR_ARGUMENT')
    expect(code(() => writable.set(0, '1' as unknown as number))).toBe('ERR_ARGUMENT')
    expect(code(() => writable.set(-10, 0x41))).toBe('stored')
    expect(latin1(writable.slice())).toBe('A123456789')
  })

  test('an object converts to its number', () => {
    const map = fresh()
    map.set({ valueOf: () => 2 } as unknown as number, Object(0x42))
    expect(latin1(map.slice(0, 4))).toBe('01B3')
  })
})

describe('slice, find and flush', () => {
  test('a slice is a copy', () => {
    const map = fresh()
    const bytes = map.slice(0, 3)
    map.set(0, 0x41)
    bytes[1] = 0x42
    expect([latin1(bytes), latin1(map.slice(0, 3))]).toEqual(['0B2', 'A12'])
  })

  test('an empty needle lies at start or end, and nowhere past the end', () => {
    const map = fresh('read')
    const empty = new Uint8Array(0)
    expect([map.find(empty), map.rfind(empty), map.find(empty, 10), map.rfind(empty, 3, 5)]).toEqual([0, 10, 10, 5])
    expect([map.find(empty, 11), map.rfind(empty, 11), map.find(empty, 5, 4)]).toEqual([-1, -1, -1])
  })

  test('an end without a start is honoured', () => {
    expect(fresh('read').find(Buffer.from('7'), undefined, 5)).toBe(-1)
  })

  test('needles are bytes', () => {
    for (const needle of ['1', 1, null, [1], undefined]) {
      expect(() => fresh('read').find(needle as unknown as Uint8Array)).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT' }),
      )
    }
  })

  test('flush on read and copy maps does nothing, even between pages', () => {
    for (const access of ['read', 'copy'] as const) {
      const map = fresh(access)
      map.flush(3, 1)
      expect(() => map.flush(3, 8)).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
    }
    expect(() => fresh().flush(3, 1)).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'EINVAL' }))
  })

  test('iteration sees the bytes as they are when reached', () => {
    const map = fresh()
    const seen: number[] = []
    for (const byte of map) {
      if (seen.length === 0) map.set(9, 0x5a)
      seen.push(byte)
    }
    expect(String.fromCharCode(...seen)).toBe('012345678Z')
  })
})

describe('readAt', () => {
  test('reads exactly what it is asked for', async () => {
    const map = fresh('read')
    expect(latin1(await map.readAt(2, 3))).toBe('234')
    expect(await map.readAt(10, 0)).toHaveLength(0)
    for (const [offset, length] of [
      [-1, 1],
      [0, 11],
      [10, 1],
      [0, -1],
    ] as const) {
      await expect(map.readAt(offset, length)).rejects.toMatchObject({ code: 'ERR_RANGE' })
    }
    await expect(map.readAt(0.5, 1)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
  })

  test('a read in flight survives close; an abort rejects with its reason', async () => {
    const path = folder.sparse(64 * 1024 ** 2, [{ offset: 64 * 1024 ** 2 - 4, text: 'last' }])
    const map = Mmap.open(path, { access: 'read' })
    const reading = map.readAt(48 * 1024 ** 2, 16 * 1024 ** 2)
    map.close()
    expect(latin1((await reading).subarray(-4))).toBe('last')
    const other = Mmap.open(path, { access: 'read' })
    const reason = new Error('enough')
    await expect(other.readAt(0, 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const aborted = other.readAt(0, 64 * 1024 ** 2, { signal: controller.signal })
    controller.abort(reason)
    await expect(aborted).rejects.toBe(reason)
    other.close()
  })
})
