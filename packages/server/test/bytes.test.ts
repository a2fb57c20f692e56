import { closeSync, openSync, readSync, statSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemOf, Serving, send, TOKEN } from './support/serving.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const SEED = 20261122
const folder = temporaryFolder()
let serving: Serving

beforeAll(async () => {
  makeSparse(join(folder, 'sparse'))
  writeFileSync(join(folder, 'small'), 'The quick brown fox')
  writeFileSync(join(folder, 'empty'), '')
  serving = await Serving.start({ roots: [folder, process.execPath] })
})

const rootName = folder.split('/').at(-1) ?? ''

/** The stupid way to read a range. */
function oracle(path: string, start: number, end: number): Buffer {
  const fd = openSync(path, 'r')
  const bytes = Buffer.alloc(end - start)
  for (let done = 0; done < bytes.length; ) done += readSync(fd, bytes, done, bytes.length - done, start + done)
  closeSync(fd)
  return bytes
}

test('random ranges of the node binary are its bytes', async () => {
  const { id, byteLength } = await serving.open('node')
  expect(byteLength).toBe(statSync(process.execPath).size)
  const next = seeded(SEED)
  for (let round = 0; round < 60; round++) {
    const start = next(byteLength)
    const end = Math.min(byteLength, start + 1 + next(round % 10 === 0 ? 5_000_000 : 100_000))
    const answer = await serving.read(id, start, end)
    const where = `seed ${SEED} round ${round}: ${start}-${end}`
    expect(answer.status, where).toBe(206)
    expect(answer.headers['content-range'], where).toBe(`bytes ${start}-${end - 1}/${byteLength}`)
    expect(answer.body.equals(oracle(process.execPath, start, end)), where).toBe(true)
  }
})

test('the whole node binary is its bytes', async () => {
  const { id, byteLength } = await serving.open('node')
  const answer = await serving.ask(`/api/v1/documents/${id}/bytes`)
  expect(answer.status).toBe(200)
  expect(answer.isComplete).toBe(true)
  expect(answer.body.equals(oracle(process.execPath, 0, byteLength))).toBe(true)
})

describe('15 TiB', () => {
  test.each(MARKS)('the mark at $offset', async ({ offset, text }) => {
    const { id } = await serving.open(`${rootName}/sparse`)
    const answer = await serving.read(id, offset, offset + text.length)
    expect(String(answer.body)).toBe(text)
    expect(answer.headers['content-range']).toBe(`bytes ${offset}-${offset + text.length - 1}/${SPARSE_BYTE_LENGTH}`)
  })

  test('the last 16 bytes by suffix, the last byte by an open range', async () => {
    const { id } = await serving.open(`${rootName}/sparse`)
    const path = `/api/v1/documents/${id}/bytes`
    expect(String((await serving.ask(path, { headers: { range: 'bytes=-16' } })).body)).toBe('the last 16 byte')
    const last = await serving.ask(path, { headers: { range: `bytes=${SPARSE_BYTE_LENGTH - 1}-` } })
    expect([last.status, String(last.body)]).toEqual([206, 'e'])
  })

  test('random ranges agree with read(2)', async () => {
    const { id } = await serving.open(`${rootName}/sparse`)
    const next = seeded(SEED + 1)
    for (let round = 0; round < 60; round++) {
      const mark = MARKS[next(MARKS.length)]?.offset ?? 0
      const start = round % 2 === 0 ? next(SPARSE_BYTE_LENGTH - 70_000) : Math.max(0, mark - next(60_000))
      const end = Math.min(SPARSE_BYTE_LENGTH, start + 1 + next(70_000))
      const answer = await serving.read(id, start, end)
      const where = `seed ${SEED + 1} round ${round}: ${start}-${end}`
      expect(answer.status, where).toBe(206)
      expect(answer.body.equals(oracle(join(folder, 'sparse'), start, end)), where).toBe(true)
    }
  })

  test('past the end is 416 and says how long it is', async () => {
    const { id } = await serving.open(`${rootName}/sparse`)
    const answer = await serving.read(id, SPARSE_BYTE_LENGTH, SPARSE_BYTE_LENGTH + 1)
    expect(answer.status).toBe(416)
    expect(answer.headers['content-range']).toBe(`bytes */${SPARSE_BYTE_LENGTH}`)
    expect(problemOf(answer).code).toBe('ERR_RANGE_NOT_SATISFIABLE')
  })
})

describe('headers', () => {
  test('HEAD says what GET would, and ignores Range', async () => {
    const { id } = await serving.open(`${rootName}/small`)
    const path = `/api/v1/documents/${id}/bytes`
    const head = await serving.ask(path, { method: 'HEAD', headers: { range: 'bytes=1-2' } })
    const get = await serving.ask(path)
    expect(head.status).toBe(200)
    expect(head.body).toHaveLength(0)
    expect(head.headers['content-length']).toBe('19')
    expect(head.headers.etag).toBe(get.headers.etag)
    expect(String(get.body)).toBe('The quick brown fox')
  })

  test('bytes are inert: octets, an attachment, in a sandbox, for this origin', async () => {
    const { id } = await serving.open(`${rootName}/small`)
    for (const path of [`/api/v1/documents/${id}/bytes`, `/raw/${rootName}/small`]) {
      const { headers } = await serving.ask(path)
      expect(headers, path).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="small"; filename*=UTF-8''small`,
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': "sandbox; default-src 'none'",
        'referrer-policy': 'no-referrer',
        'accept-ranges': 'bytes',
        'cache-control': 'private, no-cache',
      })
      expect(headers.etag).toMatch(/^"[\w-]{27}"$/)
    }
  })

  test('a pinned revision may be kept for ever; another one is refused with the present', async () => {
    const { id, revision } = await serving.open(`${rootName}/small`)
    const present = await serving.ask(`/api/v1/documents/${id}/bytes?revision=${revision}`, {
      headers: { range: 'bytes=0-2' },
    })
    expect(present.status).toBe(206)
    expect(present.headers['cache-control']).toBe('private, max-age=31536000, immutable')
    expect(present.headers['mapscope-revision']).toBe(String(revision))
    const other = await serving.ask(`/api/v1/documents/${id}/bytes?revision=${revision + 1}`)
    expect(other.status).toBe(409)
    expect(other.headers['cache-control']).toBe('no-store')
    expect(problemOf(other)).toMatchObject({ code: 'ERR_REVISION', revision })
  })

  test('conditions: 304, 412, and If-Range', async () => {
    const { id } = await serving.open(`${rootName}/small`)
    const path = `/api/v1/documents/${id}/bytes`
    const etag = (await serving.ask(path)).headers.etag ?? ''
    const same = await serving.ask(path, { headers: { 'if-none-match': etag } })
    expect([same.status, same.body.length, same.headers.etag]).toEqual([304, 0, etag])
    const failed = await serving.ask(path, { headers: { 'if-match': '"other"' } })
    expect([failed.status, problemOf(failed).code]).toEqual([412, 'ERR_PRECONDITION'])
    const part = await serving.ask(path, { headers: { range: 'bytes=4-8', 'if-range': etag } })
    expect([part.status, String(part.body)]).toEqual([206, 'quick'])
    const whole = await serving.ask(path, { headers: { range: 'bytes=4-8', 'if-range': '"other"' } })
    expect([whole.status, whole.body.length]).toEqual([200, 19])
  })

  test('a malformed range gives the whole, several ranges that touch give one part', async () => {
    const { id } = await serving.open(`${rootName}/small`)
    const path = `/api/v1/documents/${id}/bytes`
    expect((await serving.ask(path, { headers: { range: 'bytes=5-abc' } })).status).toBe(200)
    expect((await serving.ask(path, { headers: { range: 'lines=1-2' } })).status).toBe(200)
    const run = await serving.ask(path, { headers: { range: 'bytes=4-5,6-8' } })
    expect([run.status, run.headers['content-range'], String(run.body)]).toEqual([206, 'bytes 4-8/19', 'quick'])
  })

  test.each(['revision=0', 'revision=x', 'revision=1.5', 'revision=-1', 'revision='])(
    '?%s is malformed',
    async (query) => {
      const { id } = await serving.open(`${rootName}/small`)
      const answer = await serving.ask(`/api/v1/documents/${id}/bytes?${query}`)
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'ERR_REQUEST'])
    },
  )
})

test('an empty file is a document of no bytes', async () => {
  const info = await serving.open(`${rootName}/empty`)
  expect(info).toMatchObject({ byteLength: 0, presentByteLength: 0, disk: 'current' })
  for (const path of [`/api/v1/documents/${info.id}/bytes`, `/raw/${rootName}/empty`]) {
    for (const headers of [{}, { range: 'bytes=0-' }, { range: 'bytes=-1' }]) {
      const answer = await serving.ask(path, { headers })
      expect([answer.status, answer.body.length, answer.headers['content-length']]).toEqual([200, 0, '0'])
    }
    expect((await serving.ask(path, { method: 'HEAD' })).status).toBe(200)
  }
})

test('a client that goes away in the middle of a download leaves nothing behind', async () => {
  const { id } = await serving.open(`${rootName}/sparse`)
  for (let round = 0; round < 10; round++) {
    await new Promise<void>((resolve, reject) => {
      const request = send(serving.port, `/api/v1/documents/${id}/bytes`, {
        headers: { authorization: `Bearer ${TOKEN}` },
      })
      request.once('error', reject)
      request.once('response', (response) => {
        response.on('error', () => undefined)
        response.once('data', () => response.destroy())
        response.once('close', resolve)
      })
    })
  }
  const answer = await serving.read(id, 0, 9)
  expect(String(answer.body)).toBe('mark at 0')
})

describe('stalled downloads', () => {
  const sockets: Socket[] = []
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
  })

  test('16 clients that ask for 15 TiB and read nothing cost a window each, and nobody else waits', async () => {
    const { id } = await serving.open(`${rootName}/sparse`)
    const beforeBytes = process.memoryUsage().rss
    for (let n = 0; n < 16; n++) sockets.push(stall(serving.port, `/api/v1/documents/${id}/bytes`))
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    const startMs = performance.now()
    expect(String((await serving.read(id, SPARSE_BYTE_LENGTH - 16, SPARSE_BYTE_LENGTH)).body)).toBe('the last 16 byte')
    expect(performance.now() - startMs).toBeLessThan(5_000)
    // 16 windows of 512 KiB, what the kernel's buffers are fed from, and the garbage of both.
    expect((process.memoryUsage().rss - beforeBytes) / 1024 ** 2).toBeLessThan(96)
  })
})

function stall(port: number, path: string): Socket {
  const socket = connect(port, '127.0.0.1', () => {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`)
  })
  socket.on('error', () => undefined)
  return socket.pause()
}
