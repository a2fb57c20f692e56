import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  count,
  diffAligned,
  differences,
  entropy,
  hash,
  hashChunks,
  histogram,
  identify,
  MappedSource,
  search,
  strings,
  sweep,
} from '@mapscope/core'
import type { JobRequest, JobRow, SearchQuery } from '@mapscope/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { finish } from './support/jobs.ts'
import { Serving } from './support/serving.ts'
import { makeTar } from './support/tar.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

/** So that a small file has many shards, and every kind meets their edges. */
const SHARD_BYTE_LENGTH = 4_099
const BYTE_LENGTH = 100_000
const SEED = Date.now() % 1_000_000

const folder = temporaryFolder()
let serving: Serving
let documentId: string
let otherId: string
let source: MappedSource
let other: MappedSource

/** Texts, runs and few different bytes, so that hits, strings and equal runs lie on every edge there is. */
function makeBytes(seed: number): Buffer {
  const random = seeded(seed)
  const bytes = Buffer.alloc(BYTE_LENGTH)
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, 1 + random(random(20) === 0 ? 6_000 : 40))
    const kind = random(5)
    for (let index = at; index < at + length; index++)
      bytes[index] = [0x61, 0x61 + random(2), 0, random(256), index % 2 === 0 ? 0x62 : 0][kind] as number
    at += length
  }
  return bytes
}

function open(path: string): MappedSource {
  const fd = openSync(path, 'r')
  const opened = MappedSource.open(fd)
  closeSync(fd)
  atEnd(() => opened.close())
  return opened
}

beforeAll(async () => {
  const bytes = makeBytes(SEED)
  const changed = Buffer.from(bytes)
  const random = seeded(SEED + 1)
  for (let edit = 0; edit < 60; edit++) {
    const at = random(BYTE_LENGTH - 3_000)
    for (let index = at; index < at + 1 + random(edit % 10 === 0 ? 3_000 : 30); index++)
      changed[index] = 255 - (changed[index] as number)
  }
  writeFileSync(join(folder, 'here'), bytes)
  writeFileSync(join(folder, 'there'), changed.subarray(0, BYTE_LENGTH - 5_000))
  source = open(join(folder, 'here'))
  other = open(join(folder, 'there'))
  serving = await Serving.start({ roots: [folder], jobLimits: { shardByteLength: SHARD_BYTE_LENGTH } })
  const root = folder.split('/').at(-1)
  documentId = (await serving.open(`${root}/here`)).id
  otherId = (await serving.open(`${root}/there`)).id
})

async function hitsOf(query: SearchQuery, options: Parameters<typeof search>[2] = {}): Promise<JobRow[]> {
  const rows: JobRow[] = []
  for await (const batch of search(source, query, options))
    for (const { offset, byteLength, which } of batch)
      rows.push(which === undefined ? { offset, byteLength } : { offset, byteLength, which })
  return rows
}

const QUERIES: readonly SearchQuery[] = [
  { kind: 'hex', text: '61 61' },
  { kind: 'hex', text: '61 ?? 6?' },
  { kind: 'hex', text: '61 [2-8] 62' },
  { kind: 'text', text: 'AABA', isCaseInsensitive: true },
  { kind: 'text', text: 'bb', encoding: 'utf-16le' },
  { kind: 'number', text: '24930..25000', type: 'u16' },
  { kind: 'number', text: '97', type: 'uleb128' },
  { kind: 'needles', text: '61 61 61\n61 62\n00 00 00 00 # zeros' },
  { kind: 'regexp', text: '(?:ab)+a?' },
  // What they look at, and how far they reach, is on both sides of a cut, or over whole shards.
  { kind: 'regexp', text: '(?<=[^\\0]{3})b+(?!\\0)' },
  { kind: 'regexp', text: '\\b[ab]{2,40}\\b' },
  { kind: 'regexp', text: '^[^]{5}|[^\\0]+' },
]

describe(`seed ${SEED}: a job finds what core finds, whatever its shards`, () => {
  for (const query of QUERIES) {
    test(`search ${JSON.stringify(query)}`, async () => {
      const range = { start: 33, end: BYTE_LENGTH - 77 }
      const isExpression = query.kind === 'regexp' || query.text.includes('[')
      const ways = [
        {},
        { range },
        { direction: 'backward' },
        { direction: 'backward', range, alignment: 3 },
        { direction: 'backward', limit: 1_001 },
        { range, alignment: 3 },
        { range, alignment: 3, limit: 101 },
        { limit: 1_001 },
        ...(isExpression
          ? []
          : ([
              { isOverlapping: true },
              { isOverlapping: true, range, alignment: 2 },
              { isOverlapping: true, direction: 'backward' },
            ] as const)),
      ] as const
      for (const way of ways) {
        const { job, rows } = await finish(serving, documentId, { kind: 'search', query, ...way })
        expect(rows, JSON.stringify(way)).toEqual(await hitsOf(query, way))
        // From the end, a cut is moved to where no match before it matters; some are left out.
        const { start, end } = 'range' in way ? way.range : { start: 0, end: BYTE_LENGTH }
        const planned = Math.ceil((end - start) / SHARD_BYTE_LENGTH)
        if ('direction' in way) expect(job.shards?.count, JSON.stringify(way)).toBeGreaterThan(planned / 2)
        else expect(job.shards?.count, JSON.stringify(way)).toBe(planned)
      }
      const { job } = await finish(serving, documentId, { kind: 'count', query })
      expect(job.summary).toEqual({ kind: 'count', count: await count(source, query) })
    })
  }

  for (const encoding of ['ascii', 'utf8', 'utf16le', 'utf16be'] as const) {
    test(`strings ${encoding}`, async () => {
      for (const minLength of [1, 4, 50, 3_000]) {
        const expected: JobRow[] = []
        for await (const page of strings(source, { encoding, minLength })) expected.push(...page.items)
        const { rows } = await finish(serving, documentId, { kind: 'strings', encoding, minLength })
        expect(rows, `${minLength}`).toEqual(expected)
      }
    })
  }

  test('entropy and histogram', async () => {
    const range = { start: 5, end: BYTE_LENGTH - 3 }
    const expected: JobRow[] = []
    for await (const batch of entropy(source, { blockByteLength: 1_000, range }))
      for (let index = 0; index < batch.entropy.length; index++) {
        const offset = batch.offset + index * 1_000
        expected.push({
          offset,
          byteLength: Math.min(1_000, range.end - offset),
          entropy: batch.entropy[index] as number,
          classes: [...batch.classes.subarray(index * 5, index * 5 + 5)],
        })
      }
    expect((await finish(serving, documentId, { kind: 'entropy', blockByteLength: 1_000, range })).rows).toEqual(
      expected,
    )
    const { counts, byteLength, entropy: bits } = await histogram(source, { range })
    const { summary } = (await finish(serving, documentId, { kind: 'histogram', range })).job
    expect(summary).toEqual({ kind: 'histogram', counts: [...counts], byteLength, entropy: expect.closeTo(bits, 9) })
  })

  test('hashes, whole and by chunks', async () => {
    const algorithms = ['md5', 'sha1', 'sha256', 'sha512', 'crc32', 'xxh64', 'xxh3', 'xxh128', 'blake3'] as const
    const range = { start: 11, end: BYTE_LENGTH - 13 }
    const whole = await finish(serving, documentId, { kind: 'hash', algorithms: [...algorithms], range })
    expect(whole.job.summary).toEqual({ kind: 'hash', digests: await hash(source, { algorithms, range }) })
    const expected: JobRow[] = []
    for await (const { range: chunk, digests } of hashChunks(source, { algorithms, chunkByteLength: 777, range }))
      expected.push({ offset: chunk.start, byteLength: chunk.end - chunk.start, digests })
    const request: JobRequest = { kind: 'hash', algorithms: [...algorithms], chunkByteLength: 777, range }
    expect((await finish(serving, documentId, request)).rows).toEqual(expected)
  })

  test('differences, at the same offsets and aligned', async () => {
    const expected: JobRow[] = []
    const range = { start: 0, end: other.byteLength }
    for await (const page of differences(source, other, { range }))
      for (const { start, end } of page.items)
        expected.push({ offset: start, byteLength: end - start, difference: 'changed' })
    const same = await finish(serving, documentId, { kind: 'diff', otherDocumentId: otherId })
    const tail = { offset: other.byteLength, byteLength: 5_000, difference: 'only-here' }
    expect(same.rows).toEqual([...expected, tail])
    const back = await finish(serving, otherId, { kind: 'diff', otherDocumentId: documentId })
    expect(back.rows).toEqual([...expected, { ...tail, difference: 'only-there' }])
    const aligned: JobRow[] = []
    for await (const { kind, a, b } of diffAligned(source, other))
      if (kind !== 'equal')
        aligned.push({
          offset: a.start,
          byteLength: a.end - a.start,
          otherOffset: b.start,
          otherByteLength: b.end - b.start,
          difference: kind,
        })
    const request: JobRequest = { kind: 'diff', otherDocumentId: otherId, isAligned: true }
    expect((await finish(serving, documentId, request)).rows).toEqual(aligned)
  })

  test('formats', async () => {
    const firmware = Buffer.alloc(200_000)
    Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex').copy(firmware, 0)
    Buffer.from('1f8b0800000000000003', 'hex').copy(firmware, 70_000)
    // Over ten shards, and its members are none of their own.
    makeTar(40).copy(firmware, 90_001)
    writeFileSync(join(folder, 'firmware'), firmware)
    const mapped = open(join(folder, 'firmware'))
    const { id } = await serving.open(`${folder.split('/').at(-1)}/firmware`)
    const rowsOf = (found: readonly object[]): unknown => JSON.parse(JSON.stringify(found))
    const known = await identify(mapped)
    expect(known.length).toBeGreaterThan(0)
    expect((await finish(serving, id, { kind: 'identify' })).rows).toEqual(rowsOf(known))
    const within: object[] = []
    for await (const found of sweep(mapped)) within.push(found)
    const swept = await finish(serving, id, { kind: 'sweep' })
    expect(swept.rows).toEqual(rowsOf(within))
    expect(swept.rows.map(({ name }) => name)).toContain('tar')
    expect(swept.job.shards?.count).toBeGreaterThan(20)
  })

  test('an export is a manifest by which its bytes are got', async () => {
    const range = { start: 10, end: 90_000 }
    const { job } = await finish(serving, documentId, { kind: 'export', range })
    if (job.summary?.kind !== 'manifest') throw new Error(JSON.stringify(job))
    const { url, rangeHeader = '', digests } = job.summary
    const { body, status } = await serving.ask(url, { headers: { range: rangeHeader } })
    expect(status).toBe(206)
    expect(body.length).toBe(range.end - range.start)
    expect(digests).toEqual(await hash(source, { algorithms: ['sha256'], range }))
  })
})
