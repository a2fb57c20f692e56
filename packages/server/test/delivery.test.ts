import { closeSync, openSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { basename, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { eventually } from './support/eventually.ts'
import { readParts } from './support/multipart.ts'
import { askRaw, type RawAnswer } from './support/raw_http.ts'
import { Telling } from './support/telling.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const MIB = 1024 ** 2
const BYTE_LENGTH = 24 * MIB + 1234
const SEED = 15_37
const folder = temporaryFolder()
const content: Buffer = Buffer.alloc(BYTE_LENGTH)
const path = join(folder, 'file')
const wirePath = `${basename(folder)}/file`
let telling: Telling
const stalled: Stalled[] = []

beforeAll(async () => {
  // No zero in it: every zero that comes was made up.
  for (let at = 0; at < BYTE_LENGTH; at++) content[at] = 1 + ((Math.imul(at + SEED, 0x9e_37_79_b1) >>> 11) % 255)
  telling = await Telling.start([folder])
})

beforeEach(() => writeFileSync(path, content))
afterEach(() => {
  for (const client of stalled.splice(0)) client.socket.destroy()
})

function ask(
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
  target = `/raw/${wirePath}`,
): Promise<RawAnswer> {
  const headerLines = Object.entries(headers).map(([field, value]) => `${field}: ${value}`)
  return askRaw({ port: telling.port, method, target, headerLines, mostBytes: Number.POSITIVE_INFINITY })
}

function documentTarget(): string {
  const { document } = telling.documents.open({ rootName: basename(folder), components: ['file'] })
  return `/documents/${document.id}/bytes`
}

function writeAt(offset: number, text: string): void {
  const fd = openSync(path, 'r+')
  writeSync(fd, text, offset)
  closeSync(fd)
}

test('ranges of up to a MiB of a file that grows all the time never break off, and each is out of one state', async () => {
  const fd = openSync(path, 'a')
  const growing = setInterval(() => writeSync(fd, 'more'), 40)
  const next = seeded(SEED + 1)
  let wholeCount = 0
  try {
    for (let round = 0; round < 40; round++) {
      const start = next(BYTE_LENGTH - MIB)
      const length = 1 + next(MIB)
      const answer = await ask({ Range: `bytes=${start}-${start + length - 1}` })
      const where = `seed ${SEED + 1} round ${round}: ${length} at ${start}`
      expect(answer.isBroken, where).toBe(false)
      // 409: it grew under each attempt.
      expect([206, 409], where).toContain(answer.status)
      if (answer.status === 409) continue
      wholeCount++
      expect(answer.body.equals(content.subarray(start, start + length)), where).toBe(true)
      expect((await telling.event()).outcome, where).toBe('complete')
    }
  } finally {
    clearInterval(growing)
    closeSync(fd)
  }
  expect(wholeCount).toBeGreaterThan(0)
})

describe.each(['lately', 'long ago'])('of a file that was changed %s every length is its bytes', (when) => {
  // The change time cannot be set, so the clock goes on instead.
  beforeEach(() => {
    if (when === 'long ago') vi.setSystemTime(Date.now() + 60_000)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const edges = [
    1,
    4095,
    4096,
    4097,
    65_535,
    65_536,
    65_537,
    65_536 + 4096,
    MIB - 1,
    MIB,
    MIB + 1,
    8 * MIB - 1,
    8 * MIB,
    8 * MIB + 1,
    9 * MIB + 77,
    20 * MIB,
  ]
  test.each(edges)('%d bytes, at random places', async (byteLength) => {
    const next = seeded(SEED + byteLength)
    const target = documentTarget()
    for (let round = 0; round < 4; round++) {
      const start = round === 0 ? BYTE_LENGTH - byteLength : next(BYTE_LENGTH - byteLength)
      const answer = await ask(
        { Range: `bytes=${start}-${start + byteLength - 1}` },
        'GET',
        round % 2 === 0 ? target : undefined,
      )
      expect([answer.status, answer.isBroken, answer.body.length]).toEqual([206, false, byteLength])
      expect(
        answer.body.equals(content.subarray(start, start + byteLength)),
        `seed ${SEED + byteLength} round ${round} at ${start}`,
      ).toBe(true)
      expect((await telling.event()).ranges).toEqual([{ start, end: start + byteLength }])
    }
  })

  test('random sets of ranges', async () => {
    const next = seeded(SEED)
    for (let round = 0; round < 40; round++) {
      // Two MiB apart, so that none coalesce; in any order.
      const places = Array.from({ length: 11 }, (_, index) => 2 * MIB * index + next(MIB)).toSorted(() => next(3) - 1)
      const ranges = places
        .slice(0, 2 + next(9))
        .map((start) => ({ start, end: start + 1 + next(round % 4 === 0 ? 900_000 : 5_000) }))
      const header = `bytes=${ranges.map(({ start, end }) => `${start}-${end - 1}`).join(', ')}`
      const answer = await ask({ Range: header })
      const where = `seed ${SEED} round ${round}: ${header}`
      expect([answer.status, answer.isBroken], where).toEqual([206, false])
      const parts = readParts(answer.headers.get('content-type') ?? '', answer.body)
      expect(parts.length, where).toBe(ranges.length)
      parts.forEach(({ bytes }, index) => {
        const { start = 0, end = 0 } = ranges[index] ?? {}
        expect(bytes.equals(content.subarray(start, end)), where).toBe(true)
      })
      expect((await telling.event()).ranges, where).toEqual(ranges)
    }
  })
})

describe('what went out is told once', () => {
  test.each(['raw', 'document'] as const)('via %s', async (via) => {
    const target = via === 'raw' ? undefined : documentTarget()
    const whole = await ask({}, 'GET', target)
    const etag = whole.headers.get('etag') ?? ''
    const common = {
      kind: 'served',
      via,
      path: wirePath,
      etag,
      outcome: 'complete',
      principal: { name: 'anonymous', role: 'view' },
    }
    expect(await telling.event()).toEqual({ ...common, status: 200, ranges: [{ start: 0, end: BYTE_LENGTH }] })
    await ask({ Range: 'bytes=10-19' }, 'GET', target)
    expect(await telling.event()).toEqual({ ...common, status: 206, ranges: [{ start: 10, end: 20 }] })
    await ask({ Range: 'bytes=1000-1009,10-19' }, 'GET', target)
    expect(await telling.event()).toEqual({
      ...common,
      status: 206,
      ranges: [
        { start: 1000, end: 1010 },
        { start: 10, end: 20 },
      ],
    })
  })

  test.each([
    ['HEAD', {}, 200],
    ['GET', { 'If-None-Match': '*' }, 304],
    ['GET', { 'If-Match': '"x"' }, 412],
    ['GET', { Range: 'bytes=99999999-' }, 416],
  ])('%s %j sends no bytes', async (method, headers, status) => {
    expect((await ask(headers, method)).status).toBe(status)
    expect(await telling.event()).toMatchObject({ status, ranges: [], outcome: 'complete' })
  })
})

/** Asks, and reads no more than the beginning until it is told to. */
class Stalled {
  readonly socket: Socket
  readonly #chunks: Buffer[] = []
  readonly #begun: Promise<void>
  #isClosed = false

  constructor(headerLines: readonly string[] = []) {
    this.socket = connect(telling.port, '127.0.0.1')
    this.socket.on('error', () => undefined)
    this.socket.once('close', () => {
      this.#isClosed = true
    })
    this.#begun = new Promise((resolve) => {
      this.socket.once('data', (chunk: Buffer) => {
        this.#chunks.push(chunk)
        this.socket.pause()
        resolve()
      })
    })
    this.socket.write([`GET /raw/${wirePath} HTTP/1.1`, 'Host: localhost', ...headerLines, '', ''].join('\r\n'))
    stalled.push(this)
  }

  /** The answer has begun, and the server had time to fill the buffers on the way, and to wait. */
  async stalled(): Promise<void> {
    await this.#begun
    await new Promise((resolve) => setTimeout(resolve, 150))
  }

  /** Everything that comes until the connection ends. */
  async rest(): Promise<Buffer> {
    this.socket.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    this.socket.resume()
    await eventually(() => expect(this.#isClosed).toBe(true))
    const all = Buffer.concat(this.#chunks)
    return all.subarray(all.indexOf('\r\n\r\n') + 4)
  }
}

describe('a file that changes under a download ends it', () => {
  beforeEach(() => {
    vi.setSystemTime(Date.now() + 60_000)
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const changes: readonly (readonly [string, () => void])[] = [
    ['cut', () => truncateSync(path, 12 * MIB + 5)],
    ['cut to nothing', () => truncateSync(path, 0)],
    [
      'cut and grown again',
      () => {
        truncateSync(path, 100)
        truncateSync(path, BYTE_LENGTH)
      },
    ],
    ['written in its last bytes', () => writeAt(BYTE_LENGTH - 4, 'LATE')],
    [
      'written, its date put back',
      () => {
        writeAt(BYTE_LENGTH - 4, 'LATE')
        utimesSync(path, 1, 1)
      },
    ],
  ]

  test.each(changes)('%s', async (_, change) => {
    const client = new Stalled()
    await client.stalled()
    change()
    const body = await client.rest()
    expect(body.length).toBeLessThan(BYTE_LENGTH)
    const event = await telling.event()
    expect(event.outcome).toMatch(/^(changed|aborted)$/)
    const sent = event.ranges[0]?.end ?? 0
    // What the system took before the change is as it was. What it read from lent pages after it is never the end of an answer.
    expect(body.subarray(0, Math.min(sent, MIB)).equals(content.subarray(0, Math.min(sent, MIB)))).toBe(true)
    expect(body.subarray(BYTE_LENGTH - 4096).length).toBe(0)
  })

  test.each(changes)('%s: a range of 6 MiB, lent in one piece, is not whole', async (_, change) => {
    const client = new Stalled([`Range: bytes=${BYTE_LENGTH - 6 * MIB}-`])
    await client.stalled()
    change()
    expect((await client.rest()).length).toBeLessThan(6 * MIB)
    expect((await telling.event()).outcome).toMatch(/^(changed|aborted)$/)
  })

  test.each(changes)('%s: several parts have no closing delimiter', async (_, change) => {
    const client = new Stalled([`Range: bytes=0-9,${8 * MIB}-${18 * MIB},${20 * MIB}-${21 * MIB}`])
    await client.stalled()
    change()
    expect((await client.rest()).subarray(-4).toString()).not.toBe('--\r\n')
    expect((await telling.event()).outcome).toMatch(/^(changed|aborted)$/)
  })
})

test('bytes that are gone inside a part break the connection, and nothing is made up', async () => {
  const target = documentTarget()
  truncateSync(path, 10 * MIB + 100)
  const answer = await ask(
    { Range: `bytes=0-9,${10 * MIB}-${10 * MIB + 999},${12 * MIB}-${12 * MIB + 9}` },
    'GET',
    target,
  )
  expect([answer.status, answer.isBroken]).toEqual([206, true])
  expect(answer.body.includes(0)).toBe(false)
  expect(answer.body.includes(content.subarray(10 * MIB, 10 * MIB + 100))).toBe(true)
  expect(await telling.event()).toMatchObject({
    outcome: 'unreadable',
    ranges: [
      { start: 0, end: 10 },
      { start: 10 * MIB, end: 10 * MIB + 100 },
    ],
  })
  const gone = await ask({ Range: `bytes=${11 * MIB}-${11 * MIB + 9}` }, 'GET', target)
  expect(gone.status).toBe(410)
  expect(await telling.event()).toMatchObject({ status: 410, outcome: 'unreadable', ranges: [] })
})

test('a client that goes is told of with what it was given', async () => {
  const client = new Stalled()
  await client.stalled()
  client.socket.destroy()
  const event = await telling.event()
  expect(event).toMatchObject({ status: 200, outcome: 'aborted' })
  expect(event.ranges[0]?.end ?? 0).toBeLessThan(BYTE_LENGTH)
})

test('cuts and regrowth at random moments: a whole answer is the file, byte for byte', async () => {
  const small = content.subarray(0, 4 * MIB)
  const victim = join(folder, 'victim')
  writeFileSync(victim, small)
  let isOver = false
  const next = seeded(SEED)
  const cutter = (async () => {
    while (!isOver) {
      await new Promise((resolve) => setTimeout(resolve, next(30)))
      truncateSync(victim, next(small.length))
      await new Promise((resolve) => setTimeout(resolve, next(3)))
      writeFileSync(victim, small)
    }
  })()
  const seen = { whole: 0, broken: 0, other: 0 }
  try {
    for (let round = 0; round < 80; round++) {
      const start = next(small.length - 3 * MIB)
      const asked = 1 + next(round % 2 === 0 ? 100_000 : 3 * MIB)
      const headers = { Range: `bytes=${start}-${start + asked - 1}` }
      const answer = await ask(headers, 'GET', `/raw/${basename(folder)}/victim`).catch(() => undefined)
      if (answer === undefined || answer.isBroken) seen.broken++
      else if (answer.headers.get('content-range') !== `bytes ${start}-${start + asked - 1}/${small.length}`)
        seen.other++
      else {
        seen.whole++
        const isFile = answer.body.equals(small.subarray(start, start + asked))
        expect(isFile, `seed ${SEED} round ${round} at ${start}`).toBe(true)
      }
    }
  } finally {
    isOver = true
    await cutter
  }
  expect(seen.whole).toBeGreaterThan(0)
}, 60_000)
