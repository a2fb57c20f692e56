import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CELL_STATES, Overview, type OverviewProgress, openFile, type RefineOptions } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { TempFolder, TIB } from '../support/temp.ts'
import { mixedBytes } from './support.ts'

const folder = new TempFolder()

async function refined(overview: Overview, options: RefineOptions = {}): Promise<OverviewProgress[]> {
  const steps: OverviewProgress[] = []
  for await (const step of overview.refine(options)) steps.push(step)
  return steps
}

function naiveEntropy(bytes: Uint8Array): number {
  let sum = 0
  for (let start = 0; start < bytes.length; start += 4096) {
    const block = bytes.subarray(start, start + 4096)
    const counts = new Map<number, number>()
    for (const byte of block) counts.set(byte, (counts.get(byte) ?? 0) + 1)
    for (const count of counts.values()) sum -= count * Math.log2(count / block.length)
  }
  return sum / bytes.length
}

function naiveShares(bytes: Uint8Array): number[] {
  const text = bytes.filter((byte) => (byte >= 0x20 && byte <= 0x7e) || [9, 10, 13].includes(byte)).length
  const zero = bytes.filter((byte) => byte === 0).length
  const full = bytes.filter((byte) => byte === 255).length
  const high = bytes.filter((byte) => byte >= 128 && byte < 255).length
  return [zero, text, bytes.length - zero - text - full - high, high, full].map((count) => count / bytes.length)
}

describe(`an overview, seed ${SEED}`, () => {
  const random = new Random(SEED)
  const bytes = mixedBytes(random, 300_000 + random.between(0, 5000))

  test.each(['mapped', 'plain'])('complete, at every level: %s', async (kind) => {
    const source = kind === 'mapped' ? openFile(folder.file(bytes)) : new MemorySource(bytes)
    const overview = new Overview(source)
    expect(overview.cellByteLength).toBe(4096)
    expect(overview.read(0).state.every((state) => CELL_STATES[state] === 'unknown')).toBe(true)
    const steps = await refined(overview)
    const total = Math.ceil(bytes.length / 4096)
    expect(steps.at(-1)).toEqual({ known: total, complete: total, total })
    expect(overview.levelCount).toBe(1 + Math.ceil(Math.log2(total)))
    for (let level = 0; level < overview.levelCount; level++) {
      const cells = overview.read(level)
      expect(cells.state.length).toBe(Math.ceil(bytes.length / cells.cellByteLength))
      for (let cell = 0; cell < cells.state.length; cell++) {
        const part = bytes.subarray(cell * cells.cellByteLength, (cell + 1) * cells.cellByteLength)
        expect(cells.entropy[cell]).toBeCloseTo(naiveEntropy(part), 4)
        for (const [index, share] of naiveShares(part).entries())
          expect(cells.shares[cell * 5 + index]).toBeCloseTo(share, 4)
      }
    }
    await source.close()
  })

  test('kept and taken up again, but not for another source, another version, or when damaged', async () => {
    const source = new MemorySource(bytes)
    const overview = new Overview(source)
    await refined(overview, { range: { start: 0, end: 100_000 } })
    const kept = overview.toBytes('inode 7')
    const again = Overview.fromBytes(kept, source, 'inode 7')
    expect(again?.progress).toEqual(overview.progress)
    expect(again?.read(2)).toEqual(overview.read(2))
    source.scanned.length = 0
    await refined(again as Overview)
    expect(again?.progress.complete).toBe(again?.progress.total)
    expect(source.scanned.every(({ start }) => start >= 100_000 - 4096)).toBe(true)
    expect(Overview.fromBytes(kept, source, 'inode 8')).toBeUndefined()
    expect(Overview.fromBytes(kept, new MemorySource(bytes.subarray(1)), 'inode 7')).toBeUndefined()
    for (const at of [0, 4, 30, 200, kept.length - 1]) {
      const damaged = kept.slice()
      damaged[at] = (damaged[at] as number) ^ 1
      expect(Overview.fromBytes(damaged, source, 'inode 7')).toBeUndefined()
    }
    expect(Overview.fromBytes(kept.subarray(0, 100), source, 'inode 7')).toBeUndefined()
    expect(Overview.fromBytes(new Uint8Array(0), source, 'inode 7')).toBeUndefined()
  })

  test('a range that changed is forgotten, and found again as it is now', async () => {
    const own = bytes.slice()
    const source = new MemorySource(own)
    const overview = new Overview(source)
    await refined(overview)
    own.fill(0xff, 50_000, 60_000)
    overview.invalidate({ start: 50_000, end: 60_000 })
    const { state } = overview.read(0)
    expect([...state].flatMap((each, cell) => (CELL_STATES[each] === 'unknown' ? [cell] : []))).toEqual([12, 13, 14])
    source.scanned.length = 0
    await refined(overview)
    const fresh = new Overview(new MemorySource(own))
    await refined(fresh)
    expect(overview.read(0)).toEqual(fresh.read(0))
    expect(source.scanned.every(({ start, end }) => start >= 12 * 4096 && end <= 15 * 4096)).toBe(true)
  })

  test('what changes while it is looked at is not taken', async () => {
    const own = bytes.slice()
    const source = new MemorySource(own)
    const overview = new Overview(source)
    const read = source.read.bind(source)
    let isFirst = true
    source.read = async (offset, length) => {
      const chunk = await read(offset, length)
      if (isFirst) {
        isFirst = false
        own.fill(1)
        overview.invalidate({ start: 0, end: own.length })
      }
      return chunk
    }
    await refined(overview)
    await refined(overview)
    expect(overview.read(overview.levelCount - 1).entropy[0]).toBe(0)
  })

  test('unreadable cells are known to be so', async () => {
    const overview = new Overview(new MemorySource(bytes, { unreadable: [{ start: 8192, end: 16_384 }] }))
    await refined(overview)
    const { entropy, state } = overview.read(0)
    expect([...entropy].flatMap((value, cell) => (Number.isNaN(value) ? [cell] : []))).toEqual([2, 3])
    expect(state.every((each) => CELL_STATES[each] === 'complete')).toBe(true)
  })
})

test('1 TiB, sparse: holes are known at once, and the rest is sampled before it is read', async () => {
  const path = folder.sparse(TIB, [{ offset: 700 * 1024 ** 3, text: 'somewhere' }])
  const source = openFile(path)
  const overview = new Overview(source)
  expect(overview.read(0).state.length).toBe(65_536)
  for await (const { known, total } of overview.refine()) {
    expect({ known, total }).toEqual({ known: 65_535, total: 65_536 })
    break
  }
  const [sampled] = (await refined(overview, { until: 'sampled' })).slice(-1)
  expect(sampled).toEqual({ known: 65_536, complete: 65_535, total: 65_536 })
  const [complete] = (await refined(overview)).slice(-1)
  expect(complete?.complete).toBe(65_536)
  const cell = (700 * 1024 ** 3) / overview.cellByteLength
  expect(overview.read(0).entropy[cell]).toBeGreaterThan(0)
  expect(overview.read(0).entropy[cell + 1]).toBe(0)
  await source.close()
})

test('an abort rejects, and what was known stays', async () => {
  const source = openFile(process.execPath)
  const overview = new Overview(source)
  const controller = new AbortController()
  await expect(
    (async () => {
      for await (const { known } of overview.refine({ signal: controller.signal }))
        if (known > 0) controller.abort('enough')
    })(),
  ).rejects.toBe('enough')
  expect(overview.progress.known).toBeGreaterThan(0)
  await source.close()
  expect(readFileSync(process.execPath).length).toBe(source.byteLength)
})
