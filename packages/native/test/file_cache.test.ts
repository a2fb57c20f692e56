import { execFileSync } from 'node:child_process'
import { openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding, type NativeMapping } from '../lib/index.ts'
import { codesOf, GiB, MiB, makeFile, makeSparseFile, mapFile, mapMemory, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const page = binding.pageSize

function resident(mapping: NativeMapping, offset = 0, byteLength = mapping.byteLength): number {
  return mapping
    .residency(offset, byteLength)
    .reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
}

function synced(path: string): string {
  execFileSync('sync', [path])
  return path
}

function pagesFile(name: string, pages: number): string {
  return synced(makeFile(join(folder, name), Buffer.alloc(pages * page, 'abcdefgh')))
}

test('releaseCacheAsync checks what it is given', () => {
  const mapping = mapFile(pagesFile('checked', 2))
  const call =
    (ranges: unknown): (() => unknown) =>
    () =>
      mapping.releaseCacheAsync(ranges as number[])
  const types = [undefined, null, 5, {}, 'ab', [0], ['a', 'b']]
  for (const wrong of types) expect(call(wrong)).toThrow(TypeError)
  const numbers = [
    [0, Number.NaN],
    [0, 2 * page + 1],
    [-1, 5],
    [page, 0],
    [0, 1.5],
  ]
  for (const wrong of numbers) expect(call(wrong)).toThrow(RangeError)
  mapping.close()
  expect(codesOf(call([0, page]))).toEqual(['CLOSED', undefined])
})

describe.runIf(process.platform === 'linux')('releaseCacheAsync', () => {
  // The kernel caches in runs of up to 2 MiB at multiples of their size, and drops none in part.
  test('gives whole pages back, the last of the file included, and no others', async () => {
    const path = synced(makeFile(join(folder, 'whole'), Buffer.alloc(12 * MiB + 10, 'x')))
    const mapping = mapFile(path)
    expect(mapping.find(Buffer.from('y'), 0, mapping.byteLength, false)).toBe(-1)
    await mapping.releaseCacheAsync([2 * MiB, 4 * MiB, 6 * MiB + 1, 8 * MiB, 12 * MiB, 12 * MiB + 10]).result
    const pagesOf = (...at: readonly [number, number]): number => resident(mapping, at[0] * MiB, (at[1] - at[0]) * MiB)
    expect([pagesOf(0, 2), pagesOf(2, 4), pagesOf(4, 6)]).toEqual([(2 * MiB) / page, 0, (2 * MiB) / page])
    expect([resident(mapping, 6 * MiB, page), resident(mapping, 12 * MiB, 10)]).toEqual([1, 0])
    expect(pagesOf(8, 12)).toBe((4 * MiB) / page)
    await mapping.releaseCacheAsync([0, mapping.byteLength]).result
    expect(resident(mapping)).toBe(0)
    expect(mapping.getByte(12 * MiB + 9)).toBe(120)
  })

  test('leaves what another mapping has locked', async () => {
    const path = synced(makeFile(join(folder, 'locked'), Buffer.alloc(8 * MiB, 'x')))
    const [mapping, other] = [mapFile(path), mapFile(path)]
    other.lock(4 * MiB, 16 * page)
    await mapping.releaseCacheAsync([0, 8 * MiB]).result
    expect(resident(mapping, 4 * MiB, 16 * page)).toBe(16)
    expect([resident(mapping, 0, 4 * MiB), resident(mapping, 6 * MiB, 2 * MiB)]).toEqual([0, 0])
    other.unlock(4 * MiB, 16 * page)
  })

  test('loses nothing that was stored and is not on the disk yet', async () => {
    const path = pagesFile('stored', 64)
    const mapping = mapFile(path, { access: 'write' })
    const copy = mapFile(path, { access: 'copy' })
    mapping.copyIn(5 * page, Buffer.from('through the mapping'))
    copy.copyIn(7 * page, Buffer.from('private'))
    writeSync(openSync(path, 'r+'), 'through the file', 9 * page)
    await mapping.releaseCacheAsync([0, 64 * page]).result
    await copy.releaseCacheAsync([0, 64 * page]).result
    const now = readFileSync(path)
    expect(now.subarray(5 * page, 5 * page + 19).toString()).toBe('through the mapping')
    expect(now.subarray(9 * page, 9 * page + 16).toString()).toBe('through the file')
    expect(now.subarray(7 * page, 7 * page + 4).toString()).toBe('abcd')
    expect(copy.find(Buffer.from('private'), 0, copy.byteLength, false)).toBe(7 * page)
  })

  test('goes by the place in the file, past 4 GiB', async () => {
    const path = makeSparseFile(join(folder, 'far'), 5 * GiB, [{ offset: 4 * GiB + 3 * MiB, text: 'far' }])
    const mapping = mapFile(synced(path), { offset: 4 * GiB, byteLength: GiB })
    expect(mapping.getByte(3 * MiB)).toBe(102)
    expect(resident(mapping, 3 * MiB, page)).toBe(1)
    await mapping.releaseCacheAsync([0, GiB]).result
    expect(resident(mapping)).toBe(0)
  })

  test('says where it cannot: no file, a file that was not kept', async () => {
    const refusal = { code: 'OS', errnoName: 'EBADF', syscall: 'posix_fadvise' }
    const notKept = mapFile(pagesFile('not-kept', 2), { keepsFile: false })
    for (const mapping of [mapMemory(page), notKept]) {
      expect(mapping.tellsResidency()).toBe(false)
      await expect(mapping.releaseCacheAsync([]).result).rejects.toMatchObject(refusal)
      await expect(mapping.releaseCacheAsync([0, page]).result).rejects.toMatchObject(refusal)
    }
  })

  test('cancelled before it began, rejects with ECANCELED', async () => {
    const mapping = mapFile(pagesFile('cancelled', 2))
    const job = mapping.releaseCacheAsync([0, page])
    job.cancel()
    await job.result.catch((error) => expect(error).toMatchObject({ code: 'OS', errnoName: 'ECANCELED' }))
    expect(mapFile(pagesFile('own', 1)).tellsResidency()).toBe(true)
  })
})
