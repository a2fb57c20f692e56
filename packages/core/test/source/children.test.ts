import { describe, expect, test } from 'vitest'
import { runChild } from '../support/child.ts'
import { SEED } from '../support/random.ts'
import { TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2

async function reportOf(name: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { exitCode, signal, stdout, stderr } = await runChild(name, args)
  expect({ exitCode, signal, stderr }).toEqual({ exitCode: 0, signal: null, stderr: '' })
  return JSON.parse(stdout)
}

describe('a file cut short while it is open', () => {
  test('is no harm to any operation of a source', async () => {
    const report = await reportOf('truncate_source.mjs', folder.sparse(64 * MIB, [{ offset: 0, text: 'start' }]))
    expect(report).toEqual({
      readWithin: { text: 'start', unreadable: [] },
      readAcross: [{ start: 5000, end: 12288 }],
      readBeyond: [{ start: 1_000_000, end: 1_000_010 }],
      readLong: [{ start: 5000, end: 64 * MIB }],
      findForward: { offset: -1, isWrapped: false, unreadable: [{ start: 5000, end: 64 * MIB }] },
      findBackward: { offset: 0, isWrapped: false, unreadable: [{ start: 5000, end: 64 * MIB }] },
      findZeros: { offset: 5, isWrapped: false, unreadable: [] },
      findZerosAcross: { offset: -1, isWrapped: false, unreadable: [{ start: 5000, end: 64 * MIB }] },
      write: { code: 'ERR_FAULT', offset: 5000, fileByteLength: 5000 },
      writeWithin: 'stored',
      byteLength: 5000,
    })
  })

  test('is an error of every operation of a map, never a dead process', async () => {
    const fault = { code: 'ERR_FAULT', fileByteLength: 4096 }
    const report = await reportOf('truncate_mmap.mjs', folder.sparse(64 * MIB, [{ offset: 0, text: 'start' }]))
    expect(report).toEqual({
      at: { ...fault, offset: 4096 },
      set: { ...fault, offset: 5000 },
      slice: { ...fault, offset: 4096 },
      strided: { ...fault, offset: expect.any(Number) },
      find: { ...fault, offset: 4096 },
      rfind: { ...fault, offset: expect.any(Number) },
      iterate: { ...fault, offset: 4096 },
      readAt: { ...fault, offset: 4096 },
      within: 's',
      size: 4096,
      length: 64 * MIB,
    })
  })

  test('under way: reads, searches and writes go on to an answer, 20 times over', async () => {
    const report = await reportOf('truncate_racing.mjs', folder.fresh('racing'), String(SEED))
    expect(report).toEqual({ rounds: 20, unexpected: [] })
  })

  test('a lost tail of 15 TiB is searched in no time', async () => {
    const report = await reportOf('truncate_vast.mjs', folder.sparse(15 * TIB, [{ offset: 0, text: 'start' }]))
    expect(report).toEqual({ forward: -1, backward: -1, isQuick: true })
  })
})

describe('memory', () => {
  // A cold read costs what the kernel reads around it: up to 8 MiB of page cache and 20 ms on a disk set to read that far ahead.
  test('2,000 random reads of 64 KiB in 15 TiB keep the process small', { timeout: 180_000 }, async () => {
    const report = await reportOf('rss_random_reads.mjs', folder.sparse(15 * TIB), String(SEED))
    expect(report['reads']).toBe(2000)
    expect(report['growthMib'], JSON.stringify(report)).toBeLessThan(64)
  })

  test('so does a search through 256 MiB of data', async () => {
    const report = await reportOf('rss_dense_find.mjs', folder.fresh('dense'))
    expect(report['offset']).toBe(256 * MIB - 4)
    expect(report['growthMib'], JSON.stringify(report)).toBeLessThan(64)
  })
})
