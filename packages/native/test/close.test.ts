import { closeSync, openSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { binding, type NativeMapping } from '../lib/index.ts'
import { bytes, KiB, MiB, makeFile, mapFile, temporaryFolder } from './support/files.ts'
import { isMapped } from './support/proc_maps.ts'

const folder = temporaryFolder()

function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false // the descriptor of the folder being listed, gone by now
    }
  })
}

test('close lets go of the pages and the descriptor at once', () => {
  const path = makeFile(join(folder, 'let-go'), 'x'.repeat(5000))
  const mapping = mapFile(path)
  expect([isMapped(path), isOpen(path)]).toEqual([true, true])
  mapping.close()
  expect([isMapped(path), isOpen(path)]).toEqual([false, false])
})

test('close is idempotent, and closed says so; byteLength stays', () => {
  const mapping = mapFile(makeFile(join(folder, 'twice'), 'x'.repeat(5000)))
  expect(mapping.closed).toBe(false)
  mapping.close()
  mapping.close()
  expect(mapping.closed).toBe(true)
  expect(mapping.byteLength).toBe(5000)
})

describe('after close', () => {
  const calls: Readonly<Record<string, (mapping: NativeMapping) => unknown>> = {
    copyOut: (mapping) => mapping.copyOut(0, new Uint8Array(1)),
    copyIn: (mapping) => mapping.copyIn(0, new Uint8Array(1)),
    getByte: (mapping) => mapping.getByte(0),
    setByte: (mapping) => mapping.setByte(0, 1),
    find: (mapping) => mapping.find(bytes('x'), 0, 10, false),
    flush: (mapping) => mapping.flush(0, 1),
    readAsync: (mapping) => mapping.readAsync(0, 1),
    writeAsync: (mapping) => mapping.writeAsync(0, new Uint8Array(1)),
    findAsync: (mapping) => mapping.findAsync(bytes('x'), 0, 10, false),
    flushAsync: (mapping) => mapping.flushAsync(0, 1),
    matchAsync: (mapping) =>
      mapping.matchAsync(binding.compilePattern({ kind: 'bytes', values: bytes('x') }), 0, 1, { limit: 1 }),
    byteStatsAsync: (mapping) => mapping.byteStatsAsync(0, 1, 1),
    stringsAsync: (mapping) => mapping.stringsAsync(0, 1, { encoding: 'ascii', minLength: 4, limit: 1, isEnd: true }),
    equalRunsAsync: (mapping) => mapping.equalRunsAsync(0, 1, { minByteLength: 4, limit: 1, isEnd: true }),
    compareAsync: (mapping) => mapping.compareAsync(mapping, 0, 0, 1, 1),
    readIntoAsync: (mapping) => mapping.readIntoAsync(0, new Uint8Array(1)),
    populateAsync: (mapping) => mapping.populateAsync(0, 1),
    move: (mapping) => mapping.move(0, 1, 1),
    advise: (mapping) => mapping.advise(0, 0, 1),
    adviseAsync: (mapping) => mapping.adviseAsync(0, 0, 1),
    lock: (mapping) => mapping.lock(0, 1),
    unlock: (mapping) => mapping.unlock(0, 1),
    setName: (mapping) => mapping.setName('closed'),
    readCached: (mapping) => mapping.readCached(0, new Uint8Array(1)),
    residency: (mapping) => mapping.residency(0, 1),
    tellsResidency: (mapping) => mapping.tellsResidency(),
    releaseCacheAsync: (mapping) => mapping.releaseCacheAsync([0, 1]),
    resize: (mapping) => mapping.resize(1),
    remap: (mapping) => mapping.remap(1),
    releasePages: (mapping) => mapping.releasePages(0, 1),
    status: (mapping) => mapping.status(),
    seekData: (mapping) => mapping.seekData(0),
    seekHole: (mapping) => mapping.seekHole(0),
    exportRange: (mapping) => mapping.exportRange(0, 1),
    releaseExport: (mapping) => mapping.releaseExport(new ArrayBuffer(1)),
    exportShared: (mapping) => mapping.exportShared(),
    window: (mapping) => mapping.window(0, 1),
    closeWindow: (mapping) => mapping.closeWindow(0, 1),
    latin1: (mapping) => mapping.latin1(0, 1),
    share: (mapping) => mapping.share(),
  }

  test('the list of calls is complete', () => {
    const methods = Object.getOwnPropertyNames(binding.Mapping.prototype)
    const others = ['constructor', 'byteLength', 'closed', 'close', 'exports', 'takeViewFault']
    expect(Object.keys(calls).toSorted()).toEqual(methods.filter((name) => !others.includes(name)).toSorted())
  })

  test.each(Object.entries(calls))('%s throws CLOSED', (_, call) => {
    const mapping = mapFile(makeFile(join(folder, 'after'), 'x'.repeat(100)), { access: 'write' })
    mapping.close()
    expect(() => call(mapping)).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

test('closing during 100 reads lets every one of them finish with true bytes, and then unmaps', async () => {
  const path = makeFile(join(folder, 'reads'), Buffer.alloc(4 * MiB, 'abcdefgh'))
  const mapping = mapFile(path)
  const jobs = Array.from({ length: 100 }, (_, i) => mapping.readAsync(i * 8, 256 * KiB))
  const search = mapping.findAsync(bytes('absent'), 0, 4 * MiB, false)
  mapping.close()
  expect(isMapped(path)).toBe(true)
  const expected = Buffer.alloc(256 * KiB, 'abcdefgh')
  for (const { bytes: read, unreadable } of await Promise.all(jobs.map((job) => job.result))) {
    expect(unreadable).toEqual([])
    expect(expected.equals(read)).toBe(true)
  }
  expect(await search.result).toMatchObject({ offset: -1, scannedTo: 4 * MiB, cancelled: false })
  expect(isMapped(path)).toBe(false)
})

test('a store in flight when its mapping is closed reaches the file', async () => {
  const path = makeFile(join(folder, 'store'), Buffer.alloc(MiB))
  const mapping = mapFile(path, { access: 'write' })
  const job = mapping.writeAsync(MiB - 4, bytes('late'))
  mapping.close()
  await job.result
  expect(mapFile(path).find(bytes('late'), 0, MiB, true)).toBe(MiB - 4)
})

test('the caller may close its descriptor at once', () => {
  const file = openSync(makeFile(join(folder, 'descriptor'), 'content'), 'r')
  const mapping = new binding.Mapping(file, { offset: 0, byteLength: 7, access: 'read' })
  closeSync(file)
  expect(mapping.find(bytes('tent'), 0, 7, false)).toBe(3)
  expect(mapping.status().byteLength).toBe(7)
  mapping.close()
})

test('70,000 mappings one after the other, each closed', () => {
  const file = openSync(makeFile(join(folder, 'many'), 'content'), 'r')
  for (let i = 0; i < 70_000; i++) new binding.Mapping(file, { offset: 0, byteLength: 7, access: 'read' }).close()
  closeSync(file)
})

test('more mappings than the process may have are an OS error, not a crash', () => {
  const file = openSync(makeFile(join(folder, 'too-many'), 'content'), 'r')
  const kept: NativeMapping[] = []
  const open = (): void => {
    for (let i = 0; i < 70_000; i++) kept.push(new binding.Mapping(file, { offset: 0, byteLength: 7, access: 'read' }))
  }
  // EMFILE where descriptors run out first, ENOMEM where vm.max_map_count does.
  expect(open).toThrow(expect.objectContaining({ code: 'OS', errnoName: expect.stringMatching(/^(EMFILE|ENOMEM)$/) }))
  for (const mapping of kept) mapping.close()
  closeSync(file)
})
