import {
  closeSync,
  copyFileSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { CONDITION_CASES } from './support/condition_cases.ts'
import { readParts } from './support/multipart.ts'
import { type RangeCase, rangeCasesOf, type Subject } from './support/range_cases.ts'
import { askRaw, type RawAnswer } from './support/raw_http.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const SEED = 9110
/** Of answers with the whole file only so much is read. */
const MOST_BYTES = 2 * MIB

const folder = temporaryFolder()
const SMALL: Subject = { name: 'random', byteLength: 64 * MIB }
const SPARSE: Subject = { name: 'sparse20', byteLength: 20 * GIB }
const HUGE: Subject = { name: 'sparse15', byteLength: SPARSE_BYTE_LENGTH }
let serving: Serving

beforeAll(async () => {
  const next = seeded(SEED)
  const random = Buffer.alloc(SMALL.byteLength)
  for (let at = 0; at < random.length; at += 4) random.writeUInt32LE(next(2 ** 32), at)
  writeFileSync(join(folder, SMALL.name), random)
  writeFileSync(join(folder, 'empty'), '')
  makeSparse(join(folder, HUGE.name))
  writeFileSync(join(folder, SPARSE.name), 'the begin')
  truncateSync(join(folder, SPARSE.name), SPARSE.byteLength)
  writeAt(SPARSE.name, SPARSE.byteLength - 7, 'the end')
  writeAt(SPARSE.name, 5 * GIB, 'past 4 GiB')
  // A date counts as strong only when its second is over.
  for (const name of [SMALL.name, SPARSE.name]) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000.5)
  serving = await Serving.start({ roots: [folder] })
})

function writeAt(name: string, offset: number, text: string): void {
  const fd = openSync(join(folder, name), 'r+')
  writeSync(fd, text, offset)
  closeSync(fd)
}

function ask(name: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<RawAnswer> {
  const lines = Object.entries({ Authorization: `Bearer ${TOKEN}`, ...headers }).map(
    ([field, value]) => `${field}: ${value}`,
  )
  const target = `/raw/${basename(folder)}/${name}`
  return askRaw({ port: serving.port, method, target, headerLines: lines, mostBytes: MOST_BYTES })
}

/** The stupid way to read a range. */
function oracle(name: string, start: number, end: number): Buffer {
  const fd = openSync(join(folder, name), 'r')
  const bytes = Buffer.alloc(end - start)
  for (let done = 0; done < bytes.length; ) done += readSync(fd, bytes, done, bytes.length - done, start + done)
  closeSync(fd)
  return bytes
}

function expectBytes(answer: RawAnswer, name: string, range: readonly [number, number]): void {
  const [start, end] = range
  const body = oracle(name, start, Math.min(end, start + MOST_BYTES))
  expect(answer.isBroken).toBe(false)
  expect(answer.headers.get('content-length')).toBe(String(end - start))
  expect(answer.body.equals(body), `bytes ${start} to ${end} of ${name}`).toBe(true)
}

/** What every answer about a file's bytes says of itself, whatever it is. */
function expectInert(answer: RawAnswer): void {
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('date')).toMatch(/GMT$/)
}

async function expectRange(subject: Subject, { range, expected }: RangeCase): Promise<void> {
  const { name, byteLength } = subject
  const answer = await ask(name, { Range: range })
  expectInert(answer)
  switch (expected.kind) {
    case 'whole':
      expect([answer.status, answer.headers.get('content-range')]).toEqual([200, undefined])
      return expectBytes(answer, name, [0, byteLength])
    case 'unsatisfiable':
      expect([answer.status, answer.headers.get('content-range')]).toEqual([416, `bytes */${byteLength}`])
      return
    case 'part':
      expect([answer.status, answer.headers.get('content-range')]).toEqual([
        206,
        `bytes ${expected.start}-${expected.end - 1}/${byteLength}`,
      ])
      return expectBytes(answer, name, [expected.start, expected.end])
    case 'parts':
      return expectParts(subject, answer, expected.ranges)
  }
}

function expectParts(
  { name, byteLength }: Subject,
  answer: RawAnswer,
  ranges: readonly (readonly [number, number])[],
): void {
  expect([answer.status, answer.headers.get('content-range'), answer.isBroken]).toEqual([206, undefined, false])
  expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
  const sent = readParts(answer.headers.get('content-type') ?? '', answer.body)
  expect(sent.map(({ headers }) => headers)).toEqual(
    ranges.map(([start, end]) => ({
      'content-type': 'application/octet-stream',
      'content-range': `bytes ${start}-${end - 1}/${byteLength}`,
    })),
  )
  for (const [index, [start, end]] of ranges.entries()) {
    expect(sent[index]?.bytes.equals(oracle(name, start, end)), `part ${index}, ${start} to ${end}`).toBe(true)
  }
}

describe.each([SMALL, SPARSE, HUGE])('ranges of $name, $byteLength bytes', (subject) => {
  test.each(rangeCasesOf(subject.byteLength))('Range: $range', (row) => expectRange(subject, row))
})

describe('ranges past 4 GiB', () => {
  const mark = 5 * GIB
  test.each([
    { range: `bytes=${mark}-${mark + 9}`, expected: { kind: 'part', start: mark, end: mark + 10 } },
    { range: 'bytes=4294967295-4294967296', expected: { kind: 'part', start: 4_294_967_295, end: 4_294_967_297 } },
    {
      range: `bytes=${mark - 100_000}-${mark + 100_000}`,
      expected: { kind: 'part', start: mark - 100_000, end: mark + 100_001 },
    },
    {
      range: `bytes=-7,0-8,${mark}-${mark + 9}`,
      expected: {
        kind: 'parts',
        ranges: [
          [SPARSE.byteLength - 7, SPARSE.byteLength],
          [0, 9],
          [mark, mark + 10],
        ],
      },
    },
    { range: `bytes=2-,${mark}-${mark}`, expected: { kind: 'part', start: 2, end: SPARSE.byteLength } },
  ] satisfies RangeCase[])('Range: $range', (row) => expectRange(SPARSE, row))
})

describe('an empty file', () => {
  test.each(['bytes=0-0', 'bytes=0-', 'bytes=-1', 'bytes=5-9', 'bytes=-0', 'bytes=0-0,1-1', 'garbage'])(
    'Range: %s gives all of nothing',
    async (range) => {
      const answer = await ask('empty', { Range: range })
      expect([answer.status, answer.headers.get('content-length'), answer.headers.get('content-range')]).toEqual([
        200,
        '0',
        undefined,
      ])
    },
  )
})

describe.each([SMALL, SPARSE])('conditions on $name', ({ name, byteLength }) => {
  test.each(CONDITION_CASES)('$headers: $status', async ({ headers, status }) => {
    const { mtimeMs } = statSync(join(folder, name))
    const etag = (await ask(name, {}, 'HEAD')).headers.get('etag') ?? ''
    const answer = await ask(name, filled(headers, { etag, mtimeMs }))
    expect(answer.status).toBe(status)
    expectInert(answer)
    expectHeadersOf(answer, etag, byteLength)
  })
})

function filled(
  headers: Readonly<Record<string, string>>,
  { etag, mtimeMs }: { readonly etag: string; readonly mtimeMs: number },
): Record<string, string> {
  const texts: Readonly<Record<string, string>> = {
    etag,
    'etag-bare': etag.replaceAll('"', ''),
    date: imf(mtimeMs),
    before: imf(mtimeMs - 1000),
    after: imf(mtimeMs + 1000),
    'date-850': rfc850(mtimeMs),
    'date-asctime': asctime(mtimeMs),
  }
  const fill = (value: string): string => value.replace(/\{([\w-]+)\}/g, (_, key: string) => texts[key] ?? '')
  return Object.fromEntries(Object.entries(headers).map(([field, value]) => [field, fill(value)]))
}

function expectHeadersOf(answer: RawAnswer, etag: string, byteLength: number): void {
  const { headers, body } = answer
  if (answer.status === 416) expect(headers.get('content-range')).toBe(`bytes */${byteLength}`)
  if (answer.status === 412) expect(headers.get('content-type')).toBe('application/problem+json')
  if (answer.status > 400) return
  // RFC 9110 §15.4.5 and §15.3.7: what a 200 would have said of its caching, and no more.
  expect([headers.get('etag'), headers.get('cache-control')]).toEqual([etag, 'private, no-cache'])
  if (answer.status === 304)
    expect([body.length, headers.get('content-length'), headers.get('content-range')]).toEqual([
      0,
      undefined,
      undefined,
    ])
  if (answer.status === 206)
    expect([body.length, headers.get('content-range')]).toEqual([10, `bytes 0-9/${byteLength}`])
  if (answer.status === 200)
    expect([headers.get('content-length'), headers.get('accept-ranges')]).toEqual([String(byteLength), 'bytes'])
}

const imf = (ms: number): string => new Date(ms).toUTCString()
function rfc850(ms: number): string {
  const [weekday = '', day, month, year = '', time] = imf(ms).replace(',', '').split(' ')
  const names: Readonly<Record<string, string>> = { Tue: 'Tues', Wed: 'Wednes', Thu: 'Thurs', Sat: 'Satur' }
  return `${names[weekday] ?? weekday}day, ${day}-${month}-${year.slice(2)} ${time} GMT`
}
function asctime(ms: number): string {
  const [weekday, day = '', month, year, time] = imf(ms).replace(',', '').split(' ')
  return `${weekday} ${month} ${day.replace(/^0/, ' ')} ${time} ${year}`
}

describe('methods', () => {
  test.each(['bytes=0-9', 'bytes=0-9,100-109', `bytes=${SMALL.byteLength}-`, 'garbage'])(
    'HEAD ignores Range: %s',
    async (range) => {
      const answer = await ask(SMALL.name, { Range: range }, 'HEAD')
      expect([answer.status, answer.headers.get('content-length'), answer.headers.get('content-range')]).toEqual([
        200,
        String(SMALL.byteLength),
        undefined,
      ])
      expect(answer.headers.get('accept-ranges')).toBe('bytes')
    },
  )

  test.each([
    [{ 'If-Match': '"a"' }, 412],
    [{ 'If-None-Match': '*' }, 304],
  ])('HEAD heeds %j', async (headers, status) => {
    expect((await ask(SMALL.name, headers, 'HEAD')).status).toBe(status)
  })

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    '%s with Range is no way to read',
    async (method) => {
      const answer = await ask(SMALL.name, { Range: 'bytes=0-9', 'Content-Length': '0' }, method)
      expect([400, 404, 405]).toContain(answer.status)
      expect(answer.headers.get('content-range')).toBeUndefined()
    },
  )
})

describe('a file that changes', () => {
  async function etagOf(name: string): Promise<string> {
    return (await ask(name, {}, 'HEAD')).headers.get('etag') ?? ''
  }

  test('written with the same size, its date put back: another tag, and no resume', async () => {
    copyFileSync(join(folder, SMALL.name), join(folder, 'changing'))
    utimesSync(join(folder, 'changing'), 1_700_000_000, 1_700_000_000)
    const before = await ask('changing', { Range: 'bytes=0-9' })
    const etag = before.headers.get('etag') ?? ''
    writeAt('changing', 3, 'XYZ')
    utimesSync(join(folder, 'changing'), 1_700_000_000, 1_700_000_000)
    const after = await ask('changing', { Range: 'bytes=0-9', 'If-Range': etag })
    expect(after.headers.get('last-modified')).toBe(before.headers.get('last-modified'))
    expect([after.status, after.body.subarray(3, 6).toString()]).toEqual([200, 'XYZ'])
    expect((await ask('changing', { 'If-None-Match': etag })).status).toBe(200)
    expect((await ask('changing', { 'If-Match': etag })).status).toBe(412)
  })

  test('replaced by another of the same size and date: another tag', async () => {
    const etag = await etagOf('changing')
    copyFileSync(join(folder, 'changing'), join(folder, 'other'))
    utimesSync(join(folder, 'other'), 1_700_000_000, 1_700_000_000)
    renameSync(join(folder, 'other'), join(folder, 'changing'))
    expect((await ask('changing', { Range: 'bytes=0-9', 'If-Range': etag })).status).toBe(200)
  })

  test('a date within the present second does not resume', async () => {
    writeAt('changing', 0, 'now')
    const nowMs = Math.ceil(Date.now() / 1000) * 1000
    // In the future, if but a little: its second cannot be over before the server looks.
    utimesSync(join(folder, 'changing'), nowMs / 1000 + 1, nowMs / 1000 + 1)
    const answer = await ask('changing', { Range: 'bytes=0-9', 'If-Range': imf(nowMs + 1000) })
    expect(answer.status).toBe(200)
  })

  test('a date that is yet to come is not told (RFC 9110 §8.8.2.1)', async () => {
    writeFileSync(join(folder, 'future'), 'future')
    utimesSync(join(folder, 'future'), 4_000_000_000, 4_000_000_000)
    for (const method of ['GET', 'HEAD', 'GET']) {
      const { headers } = await ask('future', {}, method)
      expect(Date.parse(headers.get('last-modified') ?? '')).toBeLessThanOrEqual(Date.parse(headers.get('date') ?? ''))
    }
  })

  test('the tag stays when nothing changed, and is strong', async () => {
    const etag = await etagOf(SMALL.name)
    expect(await etagOf(SMALL.name)).toBe(etag)
    expect(etag).toMatch(/^"[\w-]{20,}"$/)
  })
})
