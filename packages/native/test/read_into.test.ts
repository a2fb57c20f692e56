import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GiB, MiB, makeFile, makeSparseFile, mapFile, temporaryFolder, text } from './support/files.ts'

const folder = temporaryFolder()

describe('readIntoAsync', () => {
  test('fills the array, and nothing beside it', async () => {
    const content = Buffer.alloc(5 * MiB + 17, 'abcdefghijk')
    const mapping = mapFile(makeFile(join(folder, 'fill'), content))
    const whole = new Uint8Array(content.byteLength + 20)
    const target = whole.subarray(10, 10 + content.byteLength - 3)
    expect(await mapping.readIntoAsync(3, target).result).toEqual([])
    expect(Buffer.compare(target, content.subarray(3))).toBe(0)
    expect(text(whole.subarray(0, 10))).toBe('\0'.repeat(10))
    expect([...whole.subarray(-13)]).toEqual(Array(13).fill(0)) // 20 more than the content, less the 10 in front, and 3 fewer are read
  })

  test('of nothing, at the very end too', async () => {
    const mapping = mapFile(makeFile(join(folder, 'none'), 'abc'))
    expect(await mapping.readIntoAsync(3, new Uint8Array(0)).result).toEqual([])
    expect(() => mapping.readIntoAsync(3, new Uint8Array(1))).toThrow(RangeError)
    expect(() => mapping.readIntoAsync(0, 'abc' as unknown as Uint8Array)).toThrow(TypeError)
  })

  test('takes more than readAsync’s 64 MiB, from past 4 GiB', async () => {
    const marks = [
      { offset: 5 * GiB + 10, text: 'first' },
      { offset: 5 * GiB + 200 * MiB - 4, text: 'last' },
    ]
    const mapping = mapFile(makeSparseFile(join(folder, 'huge'), 6 * GiB, marks))
    const target = new Uint8Array(200 * MiB).fill(1)
    expect(await mapping.readIntoAsync(5 * GiB, target).result).toEqual([])
    expect(text(target.subarray(9, 16))).toBe('\0first\0')
    expect(text(target.subarray(-5))).toBe('\0last')
    expect(target.indexOf(1)).toBe(-1)
    mapping.releasePages(0, mapping.byteLength)
  })

  test('reads into a shared array', async () => {
    const mapping = mapFile(makeFile(join(folder, 'shared'), 'abcdef'))
    const target = new Uint8Array(new SharedArrayBuffer(3))
    await mapping.readIntoAsync(2, target).result
    expect(text(target)).toBe('cde')
  })

  test('says what it could not read, as places in the mapping', async () => {
    const path = makeFile(join(folder, 'cut'), Buffer.alloc(300_000, 'x'))
    const mapping = mapFile(path)
    truncateSync(path, 5000)
    const target = new Uint8Array(10_000)
    expect(await mapping.readIntoAsync(4000, target).result).toEqual([5000, 14_000])
    expect(text(target.subarray(0, 1000))).toBe('x'.repeat(1000))
  })

  test('keeps the array alive when nobody else does', async () => {
    const mapping = mapFile(makeFile(join(folder, 'alive'), Buffer.alloc(MiB, 'y')))
    const jobs = Array.from({ length: 50 }, () => mapping.readIntoAsync(0, new Uint8Array(MiB)).result)
    ;(globalThis as { gc?: () => void }).gc?.()
    expect(await Promise.all(jobs)).toEqual(jobs.map(() => []))
  })

  test('can be cancelled at once and on the way, and rejects with ECANCELED', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'cancel'), 2 * GiB, []))
    const target = new Uint8Array(GiB)
    const cancelled = expect.objectContaining({ code: 'OS', errnoName: 'ECANCELED', syscall: 'read' })
    const atOnce = mapping.readIntoAsync(0, target)
    atOnce.cancel()
    await expect(atOnce.result).rejects.toEqual(cancelled)
    const onTheWay = mapping.readIntoAsync(0, target)
    setTimeout(() => onTheWay.cancel(), 20)
    await expect(onTheWay.result).rejects.toEqual(cancelled)
    mapping.releasePages(0, mapping.byteLength)
  })

  test('leaves the pool to others while it reads: four long ones, and a short one is not last', async () => {
    const mapping = mapFile(makeSparseFile(join(folder, 'pool'), GiB, []))
    const finished: string[] = []
    const long = Array.from({ length: 4 }, () =>
      mapping.readIntoAsync(0, new Uint8Array(128 * MiB)).result.then(() => finished.push('long')),
    )
    const short = mapping.readIntoAsync(0, new Uint8Array(1)).result.then(() => finished.push('short'))
    await Promise.all([...long, short])
    mapping.releasePages(0, mapping.byteLength)
    expect(finished[0]).toBe('short')
  })
})
