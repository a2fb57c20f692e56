import { closeSync, ftruncateSync, openSync, truncateSync, writeSync } from 'node:fs'
import { binding } from '@mapscope/native'
import { expect, test } from 'vitest'
import { openFile } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const PAGE = binding.pageSize

/** Bytes past 4 GiB, just written and so in memory. */
function sparse(): string {
  const path = folder.file('')
  const fd = openSync(path, 'r+')
  ftruncateSync(fd, 6 * GIB)
  writeSync(fd, 'past four', 5 * GIB)
  closeSync(fd)
  return path
}

test('what is in memory comes at once, past 4 GiB as well', async () => {
  const source = openFile(sparse())
  const target = new Uint8Array(9)
  expect(latin1((await source.read(5 * GIB, 9)).bytes)).toBe('past four')
  expect(source.readResident(5 * GIB, target)).toBe(true)
  expect(latin1(target)).toBe('past four')
  expect(source.readResident(0, new Uint8Array(0))).toBe(true)
  await source.close()
})

test('what is not in memory is not waited for', async () => {
  const source = openFile(sparse())
  await source.read(5 * GIB, 9)
  // Nobody has touched these pages of the hole. (Behind the bytes that were read the disk may have read ahead.)
  expect(source.readResident(3 * GIB, new Uint8Array(1))).toBe(false)
  expect(source.readResident(3 * GIB - 1, new Uint8Array(PAGE))).toBe(false)
  await source.close()
})

test('what a cut file has lost is refused, not made up', async () => {
  const path = folder.file('0123456789')
  const source = openFile(path)
  await source.read(0, 10)
  truncateSync(path, 5)
  expect(source.readResident(0, new Uint8Array(5))).toBe(true)
  expect(source.readResident(4, new Uint8Array(2))).toBe(false)
  expect(source.readResident(5, new Uint8Array(5))).toBe(false)
  expect(() => source.readResident(8, new Uint8Array(3))).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
  await source.close()
  expect(() => source.readResident(0, new Uint8Array(1))).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
})
