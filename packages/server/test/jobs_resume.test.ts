import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JobRequest } from '@mapscope/protocol'
import { expect, test } from 'vitest'
import { ended, finish, getResults } from './support/jobs.ts'
import { Serving } from './support/serving.ts'
import { makeTar } from './support/tar.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const root = folder.split('/').at(-1)
const jobLimits = { shardByteLength: 5_003 }

const REQUESTS: readonly JobRequest[] = [
  { kind: 'search', query: { kind: 'hex', text: '61 61 61' } },
  { kind: 'strings', minLength: 3 },
  { kind: 'entropy', blockByteLength: 1_000 },
  { kind: 'hash', chunkByteLength: 700 },
  { kind: 'histogram' },
  { kind: 'search', query: { kind: 'regexp', text: '(?<=a)[^]a+[^a]' } },
  { kind: 'count', query: { kind: 'hex', text: '61 61 61' } },
  { kind: 'count', query: { kind: 'regexp', text: 'a{2,9}[^a]?' } },
  { kind: 'search', query: { kind: 'hex', text: '61 61 61' }, direction: 'backward' },
  { kind: 'search', query: { kind: 'regexp', text: '(?<=a)[^]a+[^a]' }, direction: 'backward', alignment: 2 },
  { kind: 'search', query: { kind: 'regexp', text: '[^]{3}' }, alignment: 2 },
  { kind: 'sweep' },
]

test.each(REQUESTS.map((request, index) => ({ request, index })))(
  'taken up from any checkpoint, a job comes to the same, and what was done is not done again: $request',
  async ({ request, index }) => {
    const seed = Date.now() % 1_000_000
    const random = seeded(seed)
    const bytes = Buffer.from(Array.from({ length: 60_000 }, () => 0x61 + (random(9) === 0 ? random(160) : 0)))
    for (const at of [0, 40_000]) makeTar(12).copy(bytes, at + random(5_000))
    writeFileSync(join(folder, 'data'), bytes)
    const stateDirectory = join(folder, `state${index}`)
    const first = await Serving.start({ roots: [folder], stateDirectory, jobLimits })
    const { job, rows } = await finish(first, (await first.open(`${root}/data`)).id, request)
    await first.app.close()
    const path = join(stateDirectory, 'jobs.jsonl')
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    const shards = lines.flatMap((line, at) => (line.includes('"t":"shard"') ? [at] : []))
    expect(shards.length).toBe(job.shards?.count)
    expect(shards.length).toBeGreaterThan(9)
    const where = `seed ${seed}, ${request.kind}`
    for (const kept of [0, 1, random(shards.length), shards.length]) {
      const until = kept === 0 ? (shards[0] as number) : (shards[kept - 1] as number) + 1
      // A line told twice, as by a claimant that came back late, counts once.
      const told = [...lines.slice(0, until), ...(kept === 0 ? [] : [lines[until - 1] as string])]
      writeFileSync(path, `${told.join('\n')}\n{"t":"sh`)
      const done = join(stateDirectory, 'results', job.id, '0.rows')
      const before = rows.length > 0 && kept > 0 ? statSync(done, { bigint: true }).mtimeNs : undefined
      const again = await Serving.start({ roots: [folder], stateDirectory, jobLimits })
      const resumed = await ended(again, job.id)
      expect(resumed, where).toMatchObject({ state: 'done', rowCount: rows.length, shards: job.shards })
      expect(resumed.summary, where).toEqual(job.summary)
      if (request.kind !== 'histogram' && request.kind !== 'count')
        expect((await getResults(again, job.id, '?limit=10000')).rows, where).toEqual(rows.slice(0, 10_000))
      if (before !== undefined) expect(statSync(done, { bigint: true }).mtimeNs, where).toBe(before)
      await again.app.close()
    }
  },
)
