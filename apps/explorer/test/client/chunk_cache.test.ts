import { describe, expect, it } from 'vitest'
import { ChunkCache } from '../../src/client/chunk_cache.ts'
import { CELL_KNOWN, CELL_UNREAD, CELL_UNREADABLE } from '../../src/hexview/grid_bytes.ts'
import { cellBuffer, showCells } from '../support/cells.ts'
import { type Random, seeded, seeds } from '../support/random.ts'

function show(cache: ChunkCache, offset: number, length: number): string {
  const cells = cellBuffer(length)
  cache.read(offset, length, cells)
  return showCells(cells)
}

describe('chunk cache', () => {
  it('knows nothing at first, and nothing beyond the document', () => {
    const cache = new ChunkCache({ byteLength: 10, chunkByteLength: 4 })
    expect(show(cache, 6, 6)).toBe('.. .. .. .. .. ..')
    cache.fill(8, Uint8Array.of(1, 2))
    expect(show(cache, 6, 6)).toBe('.. .. 01 02 .. ..')
  })

  it('says which run of a chunk is missing', () => {
    const cache = new ChunkCache({ byteLength: 16, chunkByteLength: 8 })
    expect(cache.missingIn(0)).toEqual({ start: 0, end: 8 })
    cache.fill(0, Uint8Array.of(1, 2))
    cache.fillUnreadable({ start: 2, end: 4 }, { start: 0, end: 8 })
    expect(cache.missingIn(0)).toEqual({ start: 4, end: 8 })
    cache.fill(4, new Uint8Array(4))
    expect(cache.missingIn(0)).toBeUndefined()
    expect(show(cache, 0, 8)).toBe('01 02 ?? ?? 00 00 00 00')
    expect(cache.missingIn(2)).toBeUndefined()
  })

  it('bounds an unreadable range of terabytes to what was asked for', () => {
    const tebibytes = 15 * 2 ** 40
    const cache = new ChunkCache({ byteLength: tebibytes })
    const start = tebibytes - 65_536
    cache.fillUnreadable({ start: 4_096, end: tebibytes }, { start, end: tebibytes })
    expect(show(cache, tebibytes - 2, 4)).toBe('?? ?? .. ..')
    cache.forget({ start: 0, end: tebibytes })
    expect(cache.heldByteLength).toBe(0)
  })

  it('keeps the pinned chunks and drops the least recently used others', () => {
    const cache = new ChunkCache({ byteLength: 100, chunkByteLength: 10, maxByteLength: 30 })
    cache.pin({ start: 0, end: 15 })
    for (const chunk of [0, 1, 2, 3, 4]) cache.fill(chunk * 10, new Uint8Array(10).fill(chunk))
    expect(cache.heldByteLength).toBe(30)
    expect([0, 1, 2, 3, 4].map((chunk) => show(cache, chunk * 10, 1))).toEqual(['00', '01', '..', '..', '04'])
  })

  it('gives a chunk of known bytes up for less room than one with states', () => {
    const cache = new ChunkCache({ byteLength: 20, chunkByteLength: 10 })
    cache.fill(0, new Uint8Array(10))
    expect(cache.heldByteLength).toBe(10)
    cache.forget({ start: 3, end: 4 })
    expect(cache.heldByteLength).toBe(20)
    cache.fill(3, new Uint8Array(1))
    expect(cache.heldByteLength).toBe(10)
  })

  for (const seed of seeds(20)) {
    it(`agrees with a naive map (seed ${seed})`, () => compareWithOracle(seeded(seed)))
  }
})

/** The stupid one: a map of cells, whole chunks in a list by use. */
class Oracle {
  readonly cells = new Map<number, { state: number; value: number }>()
  /** Chunk indices, least recently used first. */
  used: number[] = []

  readonly byteLength: number
  readonly chunk: number

  constructor(byteLength: number, chunk: number) {
    this.byteLength = byteLength
    this.chunk = chunk
  }

  set(offset: number, state: number, value: number): void {
    if (offset < this.byteLength) this.cells.set(offset, { state, value })
  }

  touch(start: number, end: number, creates: boolean): void {
    for (let at = start; at < Math.min(end, this.byteLength); at++) {
      const index = Math.floor(at / this.chunk)
      if (!creates && !this.used.includes(index)) continue
      this.used = [...this.used.filter((other) => other !== index), index]
    }
  }

  holds(offset: number): boolean {
    return this.used.includes(Math.floor(offset / this.chunk))
  }

  evictDownTo(held: number, isPinned: (chunk: number) => boolean, sizeNow: () => number): void {
    for (const index of [...this.used]) {
      if (sizeNow() <= held) return
      if (!isPinned(index)) this.drop(index)
    }
  }

  drop(index: number): void {
    this.used = this.used.filter((other) => other !== index)
    for (let at = index * this.chunk; at < (index + 1) * this.chunk; at++) this.cells.delete(at)
  }

  /** Bytes a cache that stores states only for chunks that need them would hold. */
  size(): number {
    return this.used.reduce((sum, index) => {
      const start = index * this.chunk
      const length = Math.min(this.chunk, this.byteLength - start)
      let isAllKnown = true
      for (let at = start; at < start + length; at++) if (this.cells.get(at)?.state !== CELL_KNOWN) isAllKnown = false
      return sum + (isAllKnown ? length : 2 * length)
    }, 0)
  }
}

function compareWithOracle(random: Random): void {
  const byteLength = 1 + random.below(200)
  const chunk = 1 + random.below(16)
  const max = chunk * (2 + random.below(8))
  const cache = new ChunkCache({ byteLength, chunkByteLength: chunk, maxByteLength: max })
  const oracle = new Oracle(byteLength, chunk)
  let pinned = { start: 0, end: 0 }
  const isPinned = (index: number) => {
    const start = index * chunk
    return Math.max(start, pinned.start) < Math.min(start + chunk, byteLength, pinned.end)
  }
  const evict = () => oracle.evictDownTo(max, isPinned, () => oracle.size())
  const cells = cellBuffer(byteLength)
  for (let step = 0; step < 200; step++) {
    const start = random.below(byteLength)
    const end = Math.min(byteLength, start + 1 + random.below(2 * chunk))
    const kind = random.below(6)
    if (kind === 0) {
      pinned = { start, end }
      cache.pin(pinned)
      evict()
    } else if (kind === 1) {
      const bytes = random.bytes(end - start)
      cache.fill(start, bytes)
      for (const [i, value] of bytes.entries()) oracle.set(start + i, CELL_KNOWN, value)
      oracle.touch(start, end, true)
      evict()
    } else if (kind === 2) {
      cache.fillUnreadable({ start, end }, { start, end })
      for (let at = start; at < end; at++) oracle.set(at, CELL_UNREADABLE, 0)
      oracle.touch(start, end, true)
      evict()
    } else if (kind === 3) {
      cache.forget({ start, end })
      for (let at = start; at < end; at++) if (oracle.holds(at)) oracle.set(at, CELL_UNREAD, 0)
      for (const index of [...oracle.used]) {
        const from = index * chunk
        if (start <= from && end >= Math.min(byteLength, from + chunk)) oracle.drop(index)
      }
    } else if (kind === 4) {
      const bytes = random.bytes(end - start)
      cache.patch(start, bytes)
      for (const [i, value] of bytes.entries()) {
        if (oracle.holds(start + i)) oracle.set(start + i, CELL_KNOWN, value)
      }
    } else {
      cache.read(start, end - start, cells)
      oracle.touch(start, end, false)
      for (let at = start; at < end; at++) {
        const expected = oracle.cells.get(at) ?? { state: CELL_UNREAD, value: 0 }
        expect(cells.states[at - start], `state of ${at}, step ${step}`).toBe(expected.state)
        if (expected.state === CELL_KNOWN) expect(cells.values[at - start]).toBe(expected.value)
      }
    }
    expect(cache.heldByteLength, `held, step ${step}`).toBe(oracle.size())
  }
}
