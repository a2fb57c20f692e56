import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { Mmap, type MmapHandle } from '../../src/index.ts'
import { latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const maps: Mmap[] = []
afterAll(() => {
  for (const map of maps) map.close({ force: true })
})

function shared(access: 'read' | 'write' | 'copy' = 'write'): { path: string; map: Mmap; handle: MmapHandle } {
  const path = folder.file('0123456789')
  const map = Mmap.open(path, { access })
  maps.push(map)
  return { path, map, handle: map.share() }
}

const refused = expect.objectContaining({ code: 'ERR_ARGUMENT' })

describe('a handle', () => {
  test('is plain frozen data, the same for the same map', () => {
    const { map, handle } = shared()
    expect(Object.isFrozen(handle)).toBe(true)
    expect(Object.getPrototypeOf(handle)).toBe(Object.prototype)
    expect(map.share()).toEqual(handle)
    expect(structuredClone(handle)).toEqual(handle)
    expect(shared().handle.mapping).not.toBe(handle.mapping)
  })

  test('of another process is refused, which says to map the file', () => {
    const { handle } = shared()
    for (const process of ['1-1', handle.process.replace(/^\d+/, '1'), `${handle.process}0`])
      expect(() => Mmap.openShared({ ...handle, process })).toThrow(
        expect.objectContaining({ code: 'ERR_ARGUMENT', message: expect.stringContaining('Mmap.open') }),
      )
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 1],
    ['a map', 'map'],
    ['no kind', { kind: undefined }],
    ['a fraction', { mapping: 1.5 }],
    ['an access there is not', { access: 'all' }],
    ['an offset of text', { offset: '0' }],
    ['no path but a number', { path: 1 }],
    ['a flag of text', { isAnonymous: 'false' }],
  ])('that is none (%s) is refused', (_, change) => {
    const { map, handle } = shared()
    const value =
      change === 'map' ? map : typeof change === 'object' && change !== null ? { ...handle, ...change } : change
    expect(() => Mmap.openShared(value as MmapHandle)).toThrow(refused)
  })

  test('of a map that nobody has open is ERR_CLOSED', () => {
    const { map, handle } = shared()
    map.close()
    expect(() => Mmap.openShared(handle)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
    expect(() => Mmap.openShared({ ...handle, mapping: 2 ** 52 })).toThrow(
      expect.objectContaining({ code: 'ERR_CLOSED' }),
    )
    expect(() => map.share()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  // Whoever sends it may have changed it on the way.
  test('that says more than the map may do does not make it do so, and nobody dies', () => {
    const { path, map, handle } = shared('read')
    const forged = Mmap.openShared({ ...handle, access: 'write' })
    maps.push(forged)
    for (let n = 0; n < 5; n++) {
      expect(forged.at(n)).toBe(0x30 + n)
      expect(() => forged.set(n, 0x58)).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'EACCES' }))
      expect(() => forged.write(Buffer.from('X'))).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'EACCES' }))
    }
    forged.view().bytes.fill(0x58)
    expect([latin1(map.slice()), readFileSync(path, 'latin1')]).toEqual(['0123456789', '0123456789'])
  })
})

describe('a map that is open twice', () => {
  test('has a position, leases and an end of its own each', () => {
    const { map, handle } = shared()
    map.seek(5)
    const other = Mmap.openShared(handle)
    maps.push(other)
    expect([other.tell(), other.length, other.access, other.offset]).toEqual([0, 10, 'write', 0])
    const lease = other.view()
    map.set(0, 0x41)
    expect([lease.bytes[0], other.at(0)]).toEqual([0x41, 0x41])
    map.close()
    expect([map.closed, other.closed, latin1(other.read(3))]).toEqual([true, false, 'A12'])
    expect(() => other.close()).toThrow(expect.objectContaining({ code: 'ERR_EXPORTED' }))
    lease.release()
    other.close()
  })

  test('cannot change its length', () => {
    const { map, handle } = shared()
    const other = Mmap.openShared(handle)
    for (const each of [map, other])
      expect(() => each.resize(20)).toThrow(
        expect.objectContaining({ code: 'ERR_EXPORTED', message: expect.stringContaining('other threads') }),
      )
    other.close()
    map.resize(20)
    expect([map.length, map.at(19)]).toEqual([20, 0])
  })
})
