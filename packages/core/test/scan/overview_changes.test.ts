import { closeSync, openSync, writeSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CELL_STATES, Overview, openFile } from '../../src/index.ts'
import type { ByteRange, Chunk } from '../../src/shared/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2

async function refine(overview: Overview, range?: ByteRange): Promise<void> {
  for await (const _ of overview.refine({ range }));
}

async function fresh(bytes: Uint8Array): Promise<Overview> {
  const overview = new Overview(new MemorySource(bytes))
  await refine(overview)
  return overview
}

/** Every level, as a whole. */
const picture = (overview: Overview): unknown =>
  Array.from({ length: overview.levelCount }, (_, level) => overview.read(level))

const statesOf = (overview: Overview): string[] => [...overview.read(0).state].map((state) => CELL_STATES[state] ?? '')

/** Reads that wait to be let go, in any order. */
class SlowSource extends MemorySource {
  readonly waiting: { readonly range: ByteRange; readonly letGo: () => void }[] = []

  override async read(offset: number, length: number): Promise<Chunk> {
    const chunk = await super.read(offset, length)
    await new Promise<void>((letGo) => {
      this.waiting.push({ range: { start: offset, end: offset + length }, letGo })
    })
    return chunk
  }

  async waits(count: number): Promise<void> {
    while (this.waiting.length < count) await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

describe('an overview of bytes that change', () => {
  test(`any changes between any calls: as one made anew, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    for (let round = 0; round < 8; round++) {
      const bytes = random.bytes(random.between(1, 1_500_000), random.pick([2, 40, 256]))
      const source = new MemorySource(bytes)
      let overview = new Overview(source)
      for (let step = 0; step < 12; step++) {
        const start = random.between(0, bytes.length)
        const range = { start, end: random.between(start, bytes.length) }
        if (random.chance(0.5)) {
          bytes.fill(random.between(0, 255), range.start, range.end)
          overview.invalidate(range)
        } else if (random.chance(0.3)) {
          overview = Overview.fromBytes(overview.toBytes('one'), source, 'one') as Overview
        } else {
          let steps = random.between(1, 4)
          for await (const _ of overview.refine({ range })) if (--steps === 0) break
        }
      }
      await refine(overview)
      expect(picture(overview), `round ${round}`).toEqual(picture(await fresh(bytes)))
    }
  })

  test('while holes are asked for: what was a hole then is looked at', async () => {
    const bytes = new Uint8Array(MIB)
    const extents = [{ kind: 'hole', start: 0, end: MIB } as const]
    const source = new MemorySource(bytes, { extents })
    const overview = new Overview(source)
    const told = source.extents
    source.extents = async function* (range) {
      yield* told?.(range) ?? []
      // Between the answer and what is made of it.
      bytes.fill(0x41, 8_192, 12_288)
      overview.invalidate({ start: 8_192, end: 12_288 })
      source.extents = async function* () {
        yield { kind: 'hole', start: 0, end: 8_192 }
        yield { kind: 'data', start: 8_192, end: 12_288 }
        yield { kind: 'hole', start: 12_288, end: MIB }
      }
    }
    await refine(overview)
    await refine(overview)
    expect(overview.read(0).shares.slice(10, 15)).toEqual(Float32Array.from([0, 1, 0, 0, 0]))
    expect(statesOf(overview)).not.toContain('unknown')
  })

  test('bytes that could not be read and now can, as a change told while refining', async () => {
    const unreadable = [{ start: 0, end: 4_096 }]
    const overview = new Overview(new MemorySource(new Uint8Array(4_096).fill(0x41), { unreadable }))
    const steps = overview.refine()
    await steps.next()
    await steps.next()
    expect(overview.read(0).entropy[0]).toBeNaN()
    unreadable.length = 0
    overview.invalidate({ start: 0, end: 4_096 })
    for await (const _ of steps);
    expect(overview.read(0).shares).toEqual(Float32Array.from([0, 1, 0, 0, 0]))
  })

  test('one byte past 4 GiB of a sparse file', async () => {
    const path = folder.sparse(6 * GIB)
    const source = openFile(path)
    onTestFinished(() => source.close())
    const overview = new Overview(source)
    await refine(overview)
    expect(overview.read(overview.levelCount - 1).entropy[0]).toBe(0)
    const at = 5 * GIB + 1_000_000
    const fd = openSync(path, 'r+')
    writeSync(fd, 'A', at)
    closeSync(fd)
    overview.invalidate({ start: at, end: at + 1 })
    const cell = Math.floor(at / overview.cellByteLength)
    expect(statesOf(overview).indexOf('unknown')).toBe(cell)
    expect(overview.progress).toEqual({ known: 49_151, complete: 49_151, total: 49_152 })
    await refine(overview)
    const { entropy } = overview.read(0)
    expect([...entropy].flatMap((bits, index) => (bits > 0 ? [index] : []))).toEqual([cell])
  })
})

describe('refining', () => {
  test('a sample that comes late does not take the place of the whole', async () => {
    // Cells of 512 KiB: a block of each is sampled.
    const byteLength = 32 * GIB
    const source = new SlowSource(new Uint8Array(0))
    Object.defineProperty(source, 'byteLength', { value: byteLength })
    source.read = async (offset, length) => {
      const bytes = new Uint8Array(length).fill(length > 4096 ? 0x41 : 0xff)
      if (length <= 4096)
        await new Promise<void>((letGo) =>
          source.waiting.push({ range: { start: offset, end: offset + length }, letGo }),
        )
      return { offset, bytes, unreadable: [] }
    }
    const overview = new Overview(source)
    const range = { start: 5 * GIB, end: 5 * GIB + overview.cellByteLength }
    const cell = (5 * GIB) / overview.cellByteLength
    const sampling = (async () => {
      for await (const _ of overview.refine({ range, until: 'sampled' }));
    })()
    await source.waits(1)
    const whole = refine(overview, range)
    await source.waits(2)
    // The second call's sample first, then its whole, then the first call's sample.
    source.waiting[1]?.letGo()
    await whole
    source.waiting[0]?.letGo()
    await sampling
    expect(CELL_STATES[overview.read(0).state[cell] as number]).toBe('complete')
    expect(overview.read(0, range).shares).toEqual(Float32Array.from([0, 1, 0, 0, 0]))
  })

  test('short files take few looks, coarse first, and every byte is looked at once or twice', async () => {
    const source = new MemorySource(new Uint8Array(8 * MIB))
    const overview = new Overview(source)
    for await (const _ of overview.refine({ until: 'sampled' }));
    expect(overview.progress).toEqual({ known: 2_048, complete: 2_048, total: 2_048 })
    const samples = source.scanned.filter(({ start, end }) => end - start === 4_096)
    expect(samples.length).toBe(32)
    // The first four lie in different quarters.
    expect(new Set(samples.slice(0, 4).map(({ start }) => Math.floor(start / (2 * MIB)))).size).toBe(4)
    const read = source.scanned.reduce((sum, { start, end }) => sum + end - start, 0)
    expect(read).toBe(8 * MIB)
  })

  test('leaving the loop and asking again goes on, and nothing is read twice', async () => {
    const source = new MemorySource(new Random(SEED).bytes(3 * MIB))
    const overview = new Overview(source)
    for (let calls = 0; overview.progress.complete < overview.progress.total; calls++) {
      let steps = 3
      for await (const _ of overview.refine()) if (--steps === 0) break
      expect(calls).toBeLessThan(100)
    }
    source.scanned.length = 0
    await refine(overview)
    expect(source.scanned).toEqual([])
  })

  test('a source of no bytes has a level and no cells', async () => {
    const overview = await fresh(new Uint8Array(0))
    expect(overview.progress).toEqual({ known: 0, complete: 0, total: 0 })
    expect(overview.levelCount).toBe(1)
    expect(overview.read(0).state.length).toBe(0)
    expect(Overview.fromBytes(overview.toBytes(''), new MemorySource(new Uint8Array(0)), '')?.levelCount).toBe(1)
  })

  test('levels and ranges are checked', async () => {
    const overview = await fresh(new Uint8Array(10_000))
    for (const level of [-1, overview.levelCount, 0.5])
      expect(() => overview.read(level)).toThrow(expect.objectContaining({ code: 'ERR_ARGUMENT' }))
    const outside = { start: 0, end: 10_001 }
    expect(() => overview.read(0, outside)).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
    expect(() => overview.invalidate(outside)).toThrow(expect.objectContaining({ code: 'ERR_RANGE' }))
    await expect(refine(overview, outside)).rejects.toMatchObject({ code: 'ERR_RANGE' })
  })

  test('kept bytes with cells of another length are not taken, whatever they are', async () => {
    const source = new MemorySource(new Uint8Array(10_000))
    const kept = (await fresh(new Uint8Array(10_000))).toBytes('one')
    for (const cellByteLength of [0, -1, Number.NaN, 1e-9, 2 ** 40]) {
      const other = kept.slice()
      const view = new DataView(other.buffer)
      view.setFloat64(16, cellByteLength, true)
      let checksum = 0x811c_9dc5
      for (const byte of other.subarray(0, -4)) checksum = Math.imul(checksum ^ byte, 0x0100_0193)
      view.setUint32(other.length - 4, checksum >>> 0, true)
      expect(Overview.fromBytes(other, source, 'one')).toBeUndefined()
    }
  })
})
