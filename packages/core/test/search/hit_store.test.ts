import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { type Hit, HitBatch, HitStore } from '../../src/index.ts'
import { Random, SEED } from '../support/random.ts'
import { TIB } from '../support/temp.ts'

const MIB = 1024 ** 2

/** Batches of all sizes and shapes, and the hits they come to. */
function randomBatches(random: Random, count: number): { readonly batches: HitBatch[]; readonly hits: Hit[] } {
  const hits: Hit[] = []
  const batches: HitBatch[] = []
  let offset = random.between(0, 5)
  const hasWhich = random.chance(0.4)
  while (hits.length < count) {
    const length = random.pick([0, 1, 5, 300, 9000])
    const shape = random.pick(['same', 'vary'] as const)
    const batch: Hit[] = []
    for (let index = 0; index < length; index++) {
      offset += random.pick([0, 0, 1, 127, 128, 70_000, 2 ** 31 + 5, 2 ** 40 + 1])
      const byteLength = shape === 'same' ? 4 : random.between(1, 300)
      batch.push(hasWhich ? { offset, byteLength, which: random.between(0, 65_535) } : { offset, byteLength })
    }
    batches.push(HitBatch.from(batch))
    hits.push(...batch)
  }
  return { batches, hits }
}

test(`is an array of hits, whatever is asked of it (seed ${SEED})`, { timeout: 60_000 }, () => {
  const random = new Random(SEED)
  for (let round = 0; round < 12; round++) {
    const { batches, hits } = randomBatches(random, random.pick([10, 9000, 60_000]))
    using store = new HitStore({ memoryByteLength: random.pick([1, 64 * MIB]) })
    for (const batch of batches) store.add(batch)
    expect(store.length).toBe(hits.length)
    expect([...store]).toEqual(hits)
    for (let look = 0; look < 40; look++) {
      const from = random.between(0, hits.length + 5)
      const count = random.pick([0, 1, 50, 20_000])
      expect([...store.page(from, count)]).toEqual(hits.slice(from, from + count))
      const offset = (hits[random.between(0, hits.length - 1)]?.offset ?? 0) + random.between(-1, 1)
      const index = hits.findIndex((hit) => hit.offset >= offset)
      expect(store.indexOfOffset(offset)).toBe(index < 0 ? hits.length : index)
    }
    const end = (hits.at(-1)?.offset ?? 0) + 1
    const range = { start: random.between(0, 3) * Math.floor(end / 7), end }
    const histogram = store.histogram(range, 13)
    const naive = new Float64Array(13)
    for (const { offset } of hits) {
      if (offset < range.start || offset >= range.end) continue
      const bucket = boundaries(range, 13).findIndex((boundary) => offset < boundary)
      naive[bucket] = (naive[bucket] as number) + 1
    }
    expect(histogram).toEqual(naive)
  }
})

function boundaries({ start, end }: { start: number; end: number }, count: number): number[] {
  const length = BigInt(end - start)
  return Array.from({ length: count }, (_, index) => start + Number((length * BigInt(index + 1)) / BigInt(count)))
}

test(`five million hits, on disk, against an array (seed ${SEED})`, { timeout: 120_000 }, () => {
  const random = new Random(SEED)
  const count = 5_000_000
  const offsets = new Float64Array(count)
  const byteLengths = new Uint32Array(count)
  for (let index = 0, offset = 10 * TIB; index < count; index++) {
    offset += random.between(0, 200)
    offsets[index] = offset
    byteLengths[index] = random.between(1, 10)
  }
  using store = new HitStore({ memoryByteLength: 2 * MIB })
  for (let start = 0; start < count; start += 77_777) {
    const end = Math.min(count, start + 77_777)
    store.add(new HitBatch({ offsets: offsets.slice(start, end), byteLengths: byteLengths.slice(start, end) }))
  }
  expect(store.length).toBe(count)
  expect(store.spilledByteLength).toBeGreaterThan(8 * MIB)
  let at = 0
  for (const batch of store.batches()) {
    expect(Buffer.compare(bytesOf(batch.offsets), bytesOf(offsets.subarray(at, at + batch.length)))).toBe(0)
    expect(
      Buffer.compare(bytesOf(batch.byteLengths as Uint32Array), bytesOf(byteLengths.subarray(at, at + batch.length))),
    ).toBe(0)
    at += batch.length
  }
  expect(at).toBe(count)
  for (let look = 0; look < 300; look++) {
    const index = random.between(0, count - 1)
    const offset = offsets[index] as number
    const first = offsets.indexOf(offset)
    expect(store.indexOfOffset(offset)).toBe(first)
    expect(store.page(index, 1).at(0)).toEqual({ offset, byteLength: byteLengths[index] })
  }
  const histogram = store.histogram({ start: 10 * TIB, end: (offsets[count - 1] as number) + 1 }, 1000)
  expect(histogram.reduce((sum, value) => sum + value, 0)).toBe(count)
})

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

describe('its rules', () => {
  test('hits come in order', () => {
    using store = new HitStore()
    store.add(HitBatch.from([{ offset: 5, byteLength: 1 }]))
    expect(() => store.add(HitBatch.from([{ offset: 4, byteLength: 1 }]))).toThrow(/in order/)
    expect(store.length).toBe(1)
  })

  test('an empty store, and one that was closed', () => {
    const store = new HitStore()
    expect(store.page(0, 10).length).toBe(0)
    expect(store.indexOfOffset(100)).toBe(0)
    expect([...store.histogram({ start: 0, end: 10 }, 2)]).toEqual([0, 0])
    store.close()
    store.close()
    for (const use of [() => store.page(0, 1), () => store.indexOfOffset(0), () => store.add(HitBatch.from([]))])
      expect(use).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  })

  test('a collection that fails lets go and leaves nothing behind', async () => {
    const reason = new Error('the search failed')
    async function* failing(): AsyncGenerator<HitBatch> {
      // Enough to lie on disk.
      for (let part = 0; part < 30; part++)
        yield new HitBatch({
          offsets: Float64Array.from({ length: 100_000 }, (_, at) => part * 1e9 + at * 1000),
          byteLengths: 1,
        })
      throw reason
    }
    await expect(HitStore.collect(failing(), { memoryByteLength: MIB })).rejects.toBe(reason)
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('mapscope-hits-'))).toEqual([])
  })
})
