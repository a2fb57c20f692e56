import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { makeFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const byteLength = 300_000

/** Each in a child: what this is about would end the process. The file is 'abcdefgh' over and over, then cut. */
async function afterCutting(call: string, cutTo: number, access = 'read'): Promise<unknown> {
  const path = makeFile(join(folder, `${call}-${cutTo}`), Buffer.alloc(byteLength, 'abcdefgh'))
  return childAnswer('truncate.mjs', [path, call, String(cutTo), access])
}

function fault(offset: number, fileByteLength: number): unknown {
  return { code: 'FAULT', offset, fileByteLength }
}

describe('a file cut to nothing', () => {
  test('move throws FAULT at the first byte of either range', async () => {
    expect(await afterCutting('move', 0, 'write')).toEqual(fault(0, 0))
  })

  test('populateAsync rejects with FAULT', async () => {
    expect(await afterCutting('populateAsync', 0)).toEqual(fault(0, 0))
  })

  test('readIntoAsync says that all of it is unreadable', async () => {
    expect(await afterCutting('readIntoAsync', 0)).toEqual([0, byteLength])
  })

  test('advising and asking about pages that are gone is no error; locking them is one of the system’s', async () => {
    expect(await afterCutting('adviseAsync', 0)).toBe('done')
    expect(await afterCutting('residency', 0)).toBe(Math.ceil(byteLength / 4096 / 8))
    expect(await afterCutting('lock', 0)).toEqual({ code: 'OS', errnoName: expect.stringMatching(/^(ENOMEM|EAGAIN)$/) })
  })
})

describe('a file cut to 5000 bytes, in the middle of its second page', () => {
  test('move across the cut throws FAULT at the first byte missing, and moves nothing', async () => {
    expect(await afterCutting('moveUpAcross', 5000, 'write')).toEqual({ error: fault(5000, 5000), stored: 'abcdefgh' })
    expect(await afterCutting('moveDownAcross', 5000, 'write')).toEqual({
      error: fault(5000, 5000),
      stored: 'abcdefgh',
    })
    expect(await afterCutting('move', 5000, 'write')).toEqual(fault(10_000, 5000))
  })

  test('move before the cut is whole', async () => {
    expect(await afterCutting('moveBefore', 5000, 'write')).toBe('efghabcd')
  })

  test('populateAsync rejects with the first page that cannot be had', async () => {
    expect(await afterCutting('populateAsync', 5000)).toEqual(fault(8192, 5000))
    expect(await afterCutting('populateLater', 5000)).toEqual(fault(20_000 - (20_000 % 4096), 5000))
    expect(await afterCutting('populateBefore', 5000)).toBe('done')
  })

  test('readIntoAsync has every byte before 5000 and none after', async () => {
    expect(await afterCutting('readIntoAsync', 5000)).toEqual([5000, byteLength])
  })
})
