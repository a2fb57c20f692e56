import { closeSync, openSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MAX_LOAN_BYTE_LENGTH, type MappedSource, openFile } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = 4096

function sparse(name: string, byteLength: number, marks: readonly number[]): string {
  const path = join(folder.path, name)
  writeFileSync(path, '')
  truncateSync(path, byteLength)
  const fd = openSync(path, 'r+')
  for (const offset of marks) writeSync(fd, 'mark', offset)
  closeSync(fd)
  return path
}

function directOf(path: string): { source: MappedSource; direct: NonNullable<MappedSource['direct']> } {
  const source = openFile(path) as MappedSource
  const { direct } = source
  if (direct === undefined) throw new Error('no direct bytes')
  return { source, direct }
}

describe('direct bytes', () => {
  test('an empty file has none', async () => {
    const source = openFile(folder.file('')) as MappedSource
    expect(source.direct).toBeUndefined()
    await source.close()
  })

  test('what was written is in memory, a hole that nobody read is not, until it is brought in', async () => {
    const { source, direct } = directOf(sparse('holes', 64 * PAGE, [0]))
    expect(direct.isInMemory({ start: 0, end: 10 })).toBe(true)
    expect(direct.isInMemory({ start: 0, end: 64 * PAGE })).toBe(false)
    expect(direct.isInMemory({ start: 5, end: 5 })).toBe(true)
    expect(await direct.bringIn({ start: 0, end: 64 * PAGE })).toBe(true)
    expect(direct.isInMemory({ start: 0, end: 64 * PAGE })).toBe(true)
    await source.close()
  })

  test('copies and lends, past 4 GiB too, across the ends of windows', async () => {
    const edges = [0, 5 * GIB, GIB - 2, 9 * GIB - 2]
    const { source, direct } = directOf(sparse('huge', 12 * GIB, edges))
    for (const offset of edges) {
      const copy = new Uint8Array(4)
      expect([direct.copyInMemory(offset, copy), latin1(copy)]).toEqual([true, 'mark'])
      // The first loan of a far place is not worth a window.
      const loan = direct.lend({ start: offset, end: offset + 4 }) ?? direct.lend({ start: offset, end: offset + 4 })
      expect([latin1(loan?.bytes ?? new Uint8Array()), loan?.isTrue()]).toEqual(['mark', true])
      loan?.release()
    }
    await source.close()
  })

  test('more places than windows: none is taken from a loan', async () => {
    const places = Array.from({ length: 20 }, (_, index) => index * GIB)
    const { source, direct } = directOf(sparse('many', 21 * GIB, places))
    const lend = (start: number) => direct.lend({ start, end: start + 4 }) ?? direct.lend({ start, end: start + 4 })
    const first = lend(0)
    for (const place of places.slice(1)) {
      const loan = lend(place)
      expect(latin1(loan?.bytes ?? new Uint8Array())).toBe('mark')
      loan?.release()
      loan?.release()
    }
    expect([latin1(first?.bytes ?? new Uint8Array()), first?.isTrue()]).toEqual(['mark', true])
    const held = [first, ...places.slice(1).map(lend)]
    expect(held.filter((loan) => loan !== undefined)).toHaveLength(8)
    for (const loan of held) loan?.release()
    await source.close()
  })

  test('a source ends when its loans are back, and not before', async () => {
    const { source, direct } = directOf(folder.file('hello'))
    const loan = direct.lend({ start: 1, end: 4 })
    let isClosed = false
    const closing = source.close().then(() => {
      isClosed = true
    })
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([isClosed, latin1(loan?.bytes ?? new Uint8Array())]).toEqual([false, 'ell'])
    loan?.release()
    await closing
    expect(() => direct.isInMemory({ start: 0, end: 1 })).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('a cut file: copies and loans say so, within the last page too', async () => {
    const path = folder.file('x'.repeat(3 * PAGE))
    const { source, direct } = directOf(path)
    const [kept, lost] = [direct.lend({ start: 0, end: 100 }), direct.lend({ start: 0, end: 3 * PAGE })]
    truncateSync(path, PAGE + 10)
    expect([kept?.isTrue(), lost?.isTrue()]).toEqual([true, false])
    expect(direct.copyInMemory(PAGE, new Uint8Array(10))).toBe(true)
    expect(direct.copyInMemory(PAGE, new Uint8Array(11))).toBe(false)
    expect(direct.copyInMemory(2 * PAGE, new Uint8Array(1))).toBe(false)
    expect(direct.lend({ start: PAGE, end: PAGE + 11 })).toBeUndefined()
    expect(await direct.bringIn({ start: 2 * PAGE, end: 3 * PAGE })).toBe(false)
    // Grown again: what was lost once is not true any more.
    truncateSync(path, 3 * PAGE)
    expect(lost?.isTrue()).toBe(false)
    for (const loan of [kept, lost]) loan?.release()
    await source.close()
  })

  test('a touch of what is gone makes a loan untrue', async () => {
    const path = folder.file('x'.repeat(3 * PAGE))
    const { source, direct } = directOf(path)
    const loan = direct.lend({ start: 0, end: 3 * PAGE })
    truncateSync(path, 0)
    expect(loan?.bytes[2 * PAGE]).toBe(0)
    truncateSync(path, 3 * PAGE)
    expect(loan?.isTrue()).toBe(false)
    loan?.release()
    await source.close()
  })

  test('outside the file is ERR_RANGE, and so is a loan that is too long', async () => {
    const { source, direct } = directOf(sparse('range', 32 * 1024 ** 2, []))
    expect(() => direct.copyInMemory(32 * 1024 ** 2, new Uint8Array(1))).toThrow(
      expect.objectContaining({ code: 'ERR_RANGE' }),
    )
    expect(() => direct.lend({ start: 0, end: MAX_LOAN_BYTE_LENGTH + 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_RANGE' }),
    )
    await source.close()
  })
})
