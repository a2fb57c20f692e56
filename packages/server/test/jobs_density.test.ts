import { join } from 'node:path'
import { expect, test } from 'vitest'
import { densityOf } from '../src/jobs/results/density.ts'
import { PLACE_ROWS } from '../src/jobs/results/row_codec.ts'
import { ShardWriter } from '../src/jobs/results/shard_file.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()

function written(name: string, offsets: readonly number[]): { path: string; rowCount: number } {
  const path = join(folder, name)
  const writer = new ShardWriter(path, PLACE_ROWS)
  for (const offset of offsets) writer.add({ offset, byteLength: 1 })
  writer.flush()
  writer.close()
  return { path, rowCount: offsets.length }
}

test('counts as looking at every row does, over any shards, both ways, past 4 GiB (seeded)', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seeded(seed)
    const first = seed % 2 === 0 ? 0 : 5 * 1024 ** 3
    const isDescending = random(2) === 1
    const offsets = Array.from({ length: random(9_000) }, () => first + random(random(2) === 0 ? 100_000 : 500))
    offsets.sort((a, b) => (isDescending ? b - a : a - b))
    const shards: { path: string; rowCount: number }[] = []
    for (let at = 0; at < offsets.length || shards.length < 2; ) {
      const count = random(4) === 0 ? 0 : random(5_000)
      shards.push(written(`${seed}-${shards.length}`, offsets.slice(at, at + count)))
      at += count
    }
    const start = first + random(1_000)
    const range = { start, end: start + random(120_000) }
    const buckets = 1 + random(300)
    const counts = await densityOf({ shards, codec: PLACE_ROWS, isDescending, range, buckets })
    expect(counts.length).toBe(buckets)
    const inside = offsets.filter((offset) => offset >= range.start && offset < range.end).length
    expect(
      counts.reduce((sum, count) => sum + count, 0),
      `seed ${seed}`,
    ).toBe(inside)
    const [part] = await densityOf({ shards, codec: PLACE_ROWS, isDescending, range, buckets: 1 })
    expect(part, `seed ${seed}`).toBe(inside)
    if (range.end - range.start < buckets) continue
    // Edges as they are documented: equal as far as whole bytes can be.
    const edges = Array.from({ length: buckets + 1 }, (_, index) => {
      const length = BigInt(range.end - range.start)
      const [at, of] = [BigInt(index), BigInt(buckets)]
      return range.start + Number((length / of) * at + ((length % of) * at) / of)
    })
    const expected = counts.map((_, index) => {
      const [from, to] = [edges[index] ?? 0, edges[index + 1] ?? 0]
      return offsets.filter((offset) => offset >= from && offset < to).length
    })
    expect(counts, `seed ${seed}`).toEqual(expected)
  }
})

test('others have their turns while millions of rows are counted', async () => {
  const shard = written(
    'many',
    Array.from({ length: 2_000_000 }, (_, index) => index),
  )
  let turnCount = 0
  let ticking = setImmediate(function tick() {
    turnCount++
    ticking = setImmediate(tick)
  })
  const range = { start: 0, end: 2_000_000 }
  const counts = await densityOf({ shards: [shard], codec: PLACE_ROWS, isDescending: false, range, buckets: 4_000 })
  clearImmediate(ticking)
  expect(new Set(counts)).toEqual(new Set([500]))
  expect(turnCount).toBeGreaterThan(1)
})
