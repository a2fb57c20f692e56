import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { childAnswer } from './support/child.ts'
import { MiB, makeFile, makeSparseFile, temporaryFolder } from './support/files.ts'

const folder = temporaryFolder()
const path = makeFile(join(folder, 'file'), Buffer.alloc(20_000, 'abcdefgh'))
const timeoutMs = 120_000

function endure(way: string, option = '', under: readonly string[] = []): Promise<unknown> {
  return childAnswer('endurance.mjs', [path, way, option], { under, timeoutMs, execArgv: ['--expose-gc'] })
}

/** A shell that sets a limit and becomes the child. */
const limited = (limit: string): readonly string[] => ['sh', '-c', `ulimit ${limit} && exec "$@"`, 'sh']

describe('100,000 mappings opened and closed', () => {
  test.each(['nothing', 'windows'])(
    'leave no descriptor, no mapping and no memory behind (used for %s)',
    async (use) => {
      const answer = (await endure('cycles', use)) as { readonly grownMiB: number }
      expect(answer).toEqual({ grownMiB: expect.any(Number), descriptors: 0, maps: expect.any(Number), ours: 0 })
      expect(answer.grownMiB).toBeLessThan(16)
    },
    timeoutMs,
  )
})

// The system's limit is 65,530 mappings a process, at which Node itself could not go on.
describe('70,000 mappings without a close', () => {
  test.each(['nothing', 'windows', 'exports', 'strings'])(
    'end in a coded error, and the process is well, before and after they are closed (used for %s)',
    async (use) => {
      const answer = (await endure('unclosed', use)) as { readonly count: number }
      expect(answer.count).toBeGreaterThan(10_000)
      expect(answer).toEqual({
        count: expect.any(Number),
        refusal: { code: 'OS', errnoName: 'ENOMEM', syscall: 'mmap' },
        isWell: true,
        ours: 0,
        isWellAfter: true,
      })
    },
    timeoutMs,
  )
})

test('out of descriptors is EMFILE, and mappings that keep none go on', async () => {
  expect(await endure('descriptors', '', limited('-n 64'))).toEqual({
    kept: expect.any(Number),
    refusal: { code: 'OS', errnoName: 'EMFILE', syscall: 'fcntl' },
    again: { code: 'OS', errnoName: 'EMFILE', syscall: 'fcntl' },
    isRight: true,
    isWell: true,
  })
})

test('out of address space is ENOMEM, and what is open goes on', async () => {
  const sparse = makeSparseFile(join(folder, 'sparse'), 2048 * MiB, [{ offset: 0, text: 'x' }])
  const noMemory = { code: 'OS', errnoName: 'ENOMEM', syscall: 'mmap' }
  // 16 GiB: Node takes some for itself.
  expect(await endure('low memory', sparse, limited(`-v ${16 * 1024 ** 2}`))).toEqual({
    refusals: { map: noMemory, exportRange: noMemory, resize: noMemory, anonymous: noMemory },
    byte: 120,
    isWell: true,
  })
})

test('50 workers that open, read and end in the middle of reads, by themselves or killed', async () => {
  expect(await endure('workers')).toEqual({ wrong: 0, descriptors: 0, ours: 0, isWell: true })
}, 60_000)
