import { truncateSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { constants, Mmap, mmap } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const { PAGESIZE: PAGE } = constants
const folder = new TempFolder()
const refused = (call: () => unknown, code: string, errno?: string): void =>
  expect(call).toThrow(expect.objectContaining(errno === undefined ? { code } : { code, errno }))

describe('advice', () => {
  test('start is inside the map, a length too long is cut, the rest is the kernel’s', () => {
    const map = Mmap.open(folder.file('x'.repeat(3 * PAGE)))
    const { MADV_RANDOM, MADV_WILLNEED } = constants
    map.advise(MADV_RANDOM)
    map.advise(MADV_WILLNEED, PAGE)
    map.advise(MADV_RANDOM, PAGE, 0)
    map.advise(MADV_RANDOM, PAGE, 2 ** 50)
    for (const start of [3 * PAGE, -1, 2 ** 53]) refused(() => map.advise(MADV_RANDOM, start), 'ERR_RANGE')
    refused(() => map.advise(MADV_RANDOM, 0, -1), 'ERR_RANGE')
    refused(() => map.advise(MADV_RANDOM, PAGE, 2 ** 63 - 1024), 'ERR_RANGE')
    refused(() => map.advise(MADV_RANDOM, 1), 'ERR_OS', 'EINVAL')
    refused(() => map.advise(77_777), 'ERR_OS', 'EINVAL')
    refused(() => map.advise(2 ** 31), 'ERR_RANGE')
    for (const advice of [undefined, null, 'random', 1.5]) refused(() => map.advise(advice as number), 'ERR_ARGUMENT')
    map.close()
    refused(() => map.advise(MADV_RANDOM, -1), 'ERR_CLOSED')
  })

  test('no advice ends the process at the next touch', () => {
    const map = mmap(-1, PAGE, { flags: constants.MAP_PRIVATE })
    for (let advice = 0; advice < 256; advice++) {
      // Poisoning memory is for real, even for root: it would break the page for the whole machine.
      if (advice === constants.MADV_HWPOISON || advice === constants.MADV_SOFT_OFFLINE) continue
      try {
        map.advise(advice)
      } catch (error) {
        expect(error).toMatchObject({ name: 'MapscopeError' })
      }
      expect(map.at(0)).toBe(0)
    }
  })

  test('what only memory had can be forgotten', () => {
    const map = Mmap.open(folder.file('0123456789'), { access: 'copy' })
    map.set(0, 0x41)
    map.advise(constants.MADV_DONTNEED)
    expect(map.at(0)).toBe(0x30)
  })
})

describe('what is in memory', () => {
  test('a bit for each page, from the page of the offset on', () => {
    const map = mmap(-1, 4 * PAGE)
    map.set(PAGE, 1)
    expect([...map.residency()]).toEqual([0b0010])
    expect([...map.residency(PAGE + 5, PAGE)]).toEqual([0b01])
    expect([map.isResident(PAGE, PAGE), map.isResident(), map.isResident(PAGE + 5, 10), map.isResident(0, 0)]).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect(map.residency(5, 0)).toHaveLength(0)
    for (const [offset, size] of [[-1], [0, 4 * PAGE + 1], [5 * PAGE]] as const) {
      refused(() => map.residency(offset, size), 'ERR_RANGE')
      refused(() => map.isResident(offset, size), 'ERR_RANGE')
    }
  })

  test('whether all of many pages are, wherever a missing one lies among them', () => {
    const map = mmap(-1, 20 * PAGE, { flags: Number(constants.MAP_PRIVATE) })
    for (let page = 0; page < 20; page++) map.set(page * PAGE, 1)
    expect(map.isResident()).toBe(true)
    expect([...map.residency()]).toEqual([0xff, 0xff, 0x0f])
    for (const page of [0, 7, 8, 15, 16, 19]) {
      map.advise(constants.MADV_DONTNEED, page * PAGE, PAGE)
      expect([map.isResident(), map.isResident(page * PAGE, 1)]).toEqual([false, false])
      if (page > 0) expect(map.isResident(0, page * PAGE)).toBe(true)
      if (page < 19) expect(map.isResident((page + 1) * PAGE)).toBe(true)
      map.set(page * PAGE, 1)
    }
  })

  test('past 4 GiB, and never of more than 2^26 pages', () => {
    const map = Mmap.open(folder.sparse(15 * 1024 * GIB), { access: 'read' })
    expect(map.residency(5 * GIB, 9 * PAGE)).toHaveLength(2)
    expect(map.isResident()).toBe(false)
    refused(() => map.residency(), 'ERR_RANGE')
    refused(() => map.residency(1, 2 ** 26 * PAGE), 'ERR_RANGE')
  })

  test('populate brings it in, off the main thread, and tells of what is not there', async () => {
    const path = folder.sparse(6 * GIB, [{ offset: 5 * GIB, text: 'here' }])
    const map = Mmap.open(path, { access: 'read' })
    await map.populate(5 * GIB + 1, 100_000)
    expect(map.isResident(5 * GIB, 100_000)).toBe(true)
    await map.prefetch(5 * GIB + 1, 10)
    await map.prefetch()
    await map.populate(0, 0)
    const reason = new Error('enough')
    await expect(map.populate(0, GIB, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const populating = map.populate(0, 6 * GIB, { signal: controller.signal })
    controller.abort(reason)
    await expect(populating).rejects.toBe(reason)
    truncateSync(path, PAGE)
    await expect(map.populate(0, 3 * PAGE)).rejects.toMatchObject({
      code: 'ERR_FAULT',
      offset: PAGE,
      fileByteLength: PAGE,
    })
    await expect(map.populate(0, 6 * GIB + 1)).rejects.toMatchObject({ code: 'ERR_RANGE' })
    map.close()
    await expect(map.populate()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
    await expect(map.prefetch()).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('lock keeps pages in memory', () => {
    const map = mmap(-1, 4 * PAGE)
    map.lock(PAGE + 1, 1)
    expect([...map.residency()]).toEqual([0b0010])
    map.unlock(PAGE, PAGE)
    map.lock()
    expect(map.isResident()).toBe(true)
    map.unlock()
    refused(() => map.lock(0, 5 * PAGE), 'ERR_RANGE')
    refused(() => map.unlock(-1), 'ERR_RANGE')
  })
})

test('copyInto fills what is there, and nothing else', () => {
  const map = Mmap.open(folder.file('0123456789'), { access: 'read' })
  const target = new Uint8Array(4)
  map.copyInto(target, 6)
  expect(latin1(target)).toBe('6789')
  map.copyInto(target.subarray(1, 3))
  expect(latin1(target)).toBe('6019')
  map.copyInto(new Uint8Array(0), 10)
  for (const start of [7, -1, 11]) refused(() => map.copyInto(target, start), 'ERR_RANGE')
  refused(() => map.copyInto([] as unknown as Uint8Array), 'ERR_ARGUMENT')
  expect(latin1(target)).toBe('6019')
})
