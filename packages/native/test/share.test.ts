import { join } from 'node:path'
import { expect, test } from 'vitest'
import { binding } from '../lib/index.ts'
import { bytes, closedAfterwards, codesOf, makeFile, mapFile, mapMemory, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const path = makeFile(join(folder, 'file'), Buffer.alloc(100_000, 'abcdefgh'))

test('the same mapping has the same number each time, also through another object; another has another', () => {
  const mapping = mapFile(path)
  const other = closedAfterwards(binding.openShared(mapping.share()))
  expect([mapping.share(), other.share()]).toEqual([mapping.share(), mapping.share()])
  expect(mapFile(path).share()).not.toBe(mapping.share())
})

test('an object that is opened has the bytes, the length and the right to store of the first', () => {
  const mapping = mapFile(path, { access: 'copy', offset: 4096, byteLength: 5000 })
  const other = closedAfterwards(binding.openShared(mapping.share()))
  expect(other.byteLength).toBe(5000)
  other.copyIn(4990, bytes('private'))
  expect(mapping.find(bytes('private'), 0, 5000, false)).toBe(4990)
  const readOnly = closedAfterwards(binding.openShared(mapFile(path).share()))
  expect(codesOf(() => readOnly.setByte(0, 1))).toEqual(['OS', 'EACCES'])
})

test('anonymous memory is shared, too', () => {
  const mapping = mapMemory(10_000)
  const other = closedAfterwards(binding.openShared(mapping.share()))
  mapping.setByte(9999, 7)
  mapping.close()
  expect(other.getByte(9999)).toBe(7)
})

test('each object has exports of its own', () => {
  const mapping = mapFile(path)
  const other = closedAfterwards(binding.openShared(mapping.share()))
  const [mine, theirs] = [mapping.exportRange(0, 10), other.exportRange(0, 10)]
  expect([mapping.exports, other.exports]).toEqual([1, 1])
  expect(() => mapping.releaseExport(theirs)).toThrow(TypeError)
  mapping.close()
  expect([mine.byteLength, theirs.byteLength, new Uint8Array(theirs)[1]]).toEqual([0, 10, 98])
})

test('a number of a mapping that is open nowhere is CLOSED, and so is one that never was', async () => {
  const mapping = mapFile(path)
  const number = mapping.share()
  const job = mapping.findAsync(bytes('absent'), 0, 100_000, false)
  mapping.close()
  // The job still has it; nobody has it open.
  expect(codesOf(() => binding.openShared(number))).toEqual(['CLOSED', undefined])
  await job.result
  expect(codesOf(() => binding.openShared(number))).toEqual(['CLOSED', undefined])
  expect(codesOf(() => binding.openShared(2 ** 40))).toEqual(['CLOSED', undefined])
  expect(() => binding.openShared(-1)).toThrow(RangeError)
})
