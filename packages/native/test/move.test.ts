import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { bytes, GiB, makeFile, makeSparseFile, mapFile, temporaryFolder, text } from './support/files.ts'
import { seeded } from './support/random.ts'

const folder = temporaryFolder()

function randomBytes(random: (below: number) => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random(256))
}

describe('move', () => {
  test('does what Uint8Array.copyWithin does, whatever the overlap and the pages', () => {
    const seed = Date.now() % 2 ** 31
    const random = seeded(seed)
    const byteLength = 5 * binding.pageSize + 123
    const expected = randomBytes(random, byteLength)
    const path = makeFile(join(folder, 'oracle'), expected)
    const mapping = mapFile(path, { access: 'write' })
    for (let step = 0; step < 2000; step++) {
      const length = random(8) === 0 ? random(byteLength + 1) : random(300)
      const from = random(byteLength - length + 1)
      const isNear = random(2) === 0
      const near = Math.min(Math.max(from + random(41) - 20, 0), byteLength - length)
      const to = isNear ? near : random(byteLength - length + 1)
      mapping.move(to, from, length)
      expected.copyWithin(to, from, from + length)
      const now = readFileSync(path)
      if (Buffer.compare(now, expected) !== 0)
        expect.fail(`seed ${seed}, step ${step}: move(${to}, ${from}, ${length}) went wrong`)
    }
  })

  test('of nothing is nothing, at the very end too', () => {
    const mapping = mapFile(makeFile(join(folder, 'nothing'), 'abc'), { access: 'write' })
    mapping.move(3, 3, 0)
    mapping.move(0, 3, 0)
    mapping.move(3, 0, 0)
    expect(mapping.getByte(2)).toBe(99)
  })

  test('refuses what is not inside the mapping, on either side', () => {
    const mapping = mapFile(makeFile(join(folder, 'outside'), 'abcdef'), { access: 'write' })
    for (const [to, from, length] of [
      [4, 0, 3],
      [0, 4, 3],
      [0, 0, 7],
      [2 ** 53 - 1, 0, 1],
    ] as const)
      expect(() => mapping.move(to, from, length)).toThrow(RangeError)
    expect(() => mapping.move(-1, 0, 1)).toThrow(RangeError)
    expect(() => mapping.move(0, 0.5, 1)).toThrow(RangeError)
    expect(readFileSync(join(folder, 'outside'), 'latin1')).toBe('abcdef')
  })

  test('on a read mapping is refused with EACCES; on a copy mapping it stays in memory', () => {
    const path = makeFile(join(folder, 'access'), 'abcdef')
    expect(() => mapFile(path).move(0, 1, 2)).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'EACCES' }))
    const copy = mapFile(path, { access: 'copy' })
    copy.move(0, 3, 3)
    const target = new Uint8Array(6)
    copy.copyOut(0, target)
    expect(text(target)).toBe('defdef')
    expect(readFileSync(path, 'latin1')).toBe('abcdef')
  })

  test('crosses and passes 4 GiB, from below, from above and within', () => {
    const marks = [{ offset: 4 * GiB - 3, text: 'across' }]
    const mapping = mapFile(makeSparseFile(join(folder, 'huge'), 6 * GiB, marks), { access: 'write' })
    const read = (offset: number): string => {
      const target = new Uint8Array(8)
      mapping.copyOut(offset, target)
      return text(target)
    }
    mapping.move(10, 4 * GiB - 3, 6)
    expect(read(9)).toBe('\0across\0')
    mapping.move(5 * GiB + 4094, 10, 6)
    expect(read(5 * GiB + 4093)).toBe('\0across\0')
    mapping.move(4 * GiB - 2, 4 * GiB - 3, 6)
    expect(read(4 * GiB - 3)).toBe('aacross\0')
    mapping.copyIn(4 * GiB - 3, bytes('\0\0\0\0\0\0\0'))
    mapping.move(6 * GiB - 6, 5 * GiB + 4094, 6)
    mapping.move(4 * GiB - 3, 6 * GiB - 6, 6)
    expect(read(4 * GiB - 3)).toBe('across\0\0')
    expect(read(GiB + 4094)).toBe('\0'.repeat(8)) // where 32 bits would have put it
  })
})
