import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HitBatch } from '@mapscope/core'
import type { JobRow } from '@mapscope/protocol'
import { expect, test } from 'vitest'
import { HIT_ROWS } from '../src/jobs/results/hit_rows.ts'
import { readRows, ShardWriter } from '../src/jobs/results/shard_file.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()

test('hits that are written many at once are the rows that one after the other would be', () => {
  const seed = Date.now() % 1_000_000
  const random = seeded(seed)
  for (let round = 0; round < 8; round++) {
    const where = `seed ${seed}, round ${round}`
    const [one, many] = ['one', 'many'].map((name) => join(folder, `${round}-${name}`)) as [string, string]
    const writers = [new ShardWriter(one, HIT_ROWS), new ShardWriter(many, HIT_ROWS)] as const
    const rows: JobRow[] = []
    for (let count = random(6); count >= 0; count--) {
      // A buffer holds 4,096 rows.
      const length = [0, 1, 4_095, 4_096, 4_097, 9_000][random(6)] as number
      const offsets = Float64Array.from({ length }, () => 5 * 1024 ** 3 + random(2 ** 50))
      const byteLengths = random(2) === 0 ? 1 + random(9) : Uint32Array.from({ length }, () => random(2 ** 32))
      const which = random(2) === 0 ? undefined : Uint32Array.from({ length }, () => random(100))
      const batch = new HitBatch({ offsets, byteLengths, which })
      for (const { offset, byteLength, which: needle } of batch) {
        const row = needle === undefined ? { offset, byteLength } : { offset, byteLength, which: needle }
        writers[0].add(row)
        rows.push(row)
      }
      writers[1].addHits(batch)
      expect(writers[1].rowCount, where).toBe(rows.length)
      expect(writers[1].byteLength, where).toBe(rows.length * 16)
    }
    for (const writer of writers) {
      writer.flush()
      writer.close()
    }
    if (rows.length === 0) expect(existsSync(many), where).toBe(false)
    else
      for (const path of [one, many])
        expect(readRows(path, HIT_ROWS, { start: 0, end: rows.length }), where).toEqual(rows)
  }
})
