import { closeSync, openSync, readFileSync, truncateSync } from 'node:fs'
import { binding } from '@mapscope/native'
import { expect, test } from 'vitest'
import { Mmap } from '../../src/index.ts'
import { JobsInFlight, readBytes } from '../../src/source/native_jobs.ts'
import { TempFolder } from '../support/temp.ts'

const MIB = 1024 ** 2
const folder = new TempFolder()
const isMapped = (path: string): boolean => readFileSync('/proc/self/maps', 'latin1').includes(path)

test('a read of several native jobs that was begun before close is finished, and then the pages go', async () => {
  const byteLength = 40 * MIB + 3
  const path = folder.sparse(byteLength, [
    { offset: 0, text: 'start' },
    { offset: byteLength - 3, text: 'end' },
  ])
  const map = Mmap.open(path, { access: 'read' })
  const reads = [map.readAt(0, byteLength), map.readAt(1, byteLength - 1)]
  map.close()
  expect([map.closed, isMapped(path)]).toEqual([true, true])
  expect(() => map.at(0)).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  expect(() => map.length).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  await expect(map.readAt(0, 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  for (const bytes of await Promise.all(reads)) expect(Buffer.from(bytes.subarray(-3)).toString()).toBe('end')
  map.close()
  expect(isMapped(path)).toBe(false)
})

test('a read that fails, or is aborted, lets the pages of a closed map go as well', async () => {
  const path = folder.sparse(40 * MIB)
  const cut = Mmap.open(path, { access: 'read' })
  truncateSync(path, 4096)
  const reading = cut.readAt(0, 40 * MIB)
  cut.close()
  await expect(reading).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 4096, fileByteLength: 4096 })
  expect(isMapped(path)).toBe(false)

  const other = folder.sparse(40 * MIB)
  const map = Mmap.open(other, { access: 'read' })
  const controller = new AbortController()
  const aborted = map.readAt(0, 40 * MIB, { signal: controller.signal })
  map.close()
  controller.abort(new Error('scrolled away'))
  await expect(aborted).rejects.toThrow('scrolled away')
})

test('a mapping that is closed between two jobs of a read is ERR_CLOSED, as every error a MapscopeError', async () => {
  const byteLength = 40 * MIB
  const fd = openSync(folder.sparse(byteLength), 'r')
  const native = new binding.Mapping(fd, { offset: 0, byteLength, access: 'read' })
  closeSync(fd)
  const reading = readBytes(native, { start: 0, end: byteLength }, { jobs: new JobsInFlight() })
  native.close()
  await expect(reading).rejects.toMatchObject({ name: 'MapscopeError', code: 'ERR_CLOSED' })
})
