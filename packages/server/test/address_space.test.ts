import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { MapscopeError } from '@mapscope/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problemOf as problemOfError } from '../src/problem_of.ts'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { type Answer, ask, problemOf } from './support/serving.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, temporaryFolder } from './support/temporary.ts'

/** 15 TiB each: eight fill a process's 128 TiB. In a process of its own, therefore. */
const FILE_COUNT = 10
const root = join(temporaryFolder(), 'root')
let child: Child
let port: number
let headers: Record<string, string>
const stalled: Socket[] = []

beforeAll(async () => {
  mkdirSync(root)
  for (let n = 0; n < FILE_COUNT; n++) makeSparse(join(root, `sparse${n}`))
  child = Child.run(['serve', root, '--port', '0'])
  const link = await child.link()
  port = link.port
  headers = { authorization: `Bearer ${link.token}` }
})

afterAll(() => {
  for (const socket of stalled) socket.destroy()
})

function range(name: string, start: number, end: number): Promise<Answer> {
  return ask(port, `/raw/root/${name}`, { headers: { ...headers, range: `bytes=${start}-${end - 1}` } })
}

/** Asks for all of it and reads nothing. */
function stall(name: string): void {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.pause()
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([field, value]) => `${field}: ${value}`)
  socket.write(`GET /raw/root/${name} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  stalled.push(socket)
}

describe('one mapping for all answers of a file', () => {
  test('32 ranges at once, beside 12 stalled downloads', async () => {
    for (let n = 0; n < 12; n++) stall('sparse0')
    await eventually(() => expect(child.mappings(join(root, 'sparse0')).length).toBeGreaterThan(0))
    const marks = Array.from({ length: 32 }, (_, n) => MARKS[n % MARKS.length]).filter((mark) => mark !== undefined)
    const answers = await Promise.all(marks.map(({ offset, text }) => range('sparse0', offset, offset + text.length)))
    expect(answers.map(({ status, body }) => [status, String(body)])).toEqual(marks.map(({ text }) => [206, text]))
    expect(child.mappings(join(root, 'sparse0'))).toEqual(['r--s'])
  })

  test('each answer has the tag of the file as it is then; the downloads that a change overtakes end', async () => {
    const before = await range('sparse0', 0, 4)
    const fd = openSync(join(root, 'sparse0'), 'r+')
    writeSync(fd, 'MARK', 0)
    closeSync(fd)
    const after = await range('sparse0', 0, 4)
    expect([String(before.body), String(after.body)]).toEqual(['mark', 'MARK'])
    expect(after.headers.etag).not.toBe(before.headers.etag)
  })

  test('it goes with the last of them', async () => {
    for (const socket of stalled.splice(0)) socket.destroy()
    await eventually(() => expect(child.mappings(join(root, 'sparse0'))).toEqual([]))
    expect(child.descriptorFlags(join(root, 'sparse0'))).toEqual([])
  })
})

test('no room is 503 and says what to do; what needs no mapping is answered all the same', async () => {
  const answers: Answer[] = []
  for (let n = 0; n < FILE_COUNT; n++) {
    answers.push(await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: `root/sparse${n}` } }))
  }
  const refused = answers.filter(({ status }) => status !== 201)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(FILE_COUNT)
  const last = `sparse${FILE_COUNT - 1}`
  for (const answer of [...refused, await range(last, 0, 16)]) {
    expect([answer.status, answer.headers['retry-after'], problemOf(answer)]).toMatchObject([
      503,
      '1',
      { code: 'ERR_OS', errno: 'ENOMEM', status: 503, detail: expect.stringContaining('close documents') },
    ])
  }
  const path = `/raw/root/${last}`
  const head = await ask(port, path, { method: 'HEAD', headers })
  expect([head.status, head.headers['content-length']]).toEqual([200, String(SPARSE_BYTE_LENGTH)])
  const etag = String(head.headers.etag)
  expect((await ask(port, path, { headers: { ...headers, 'if-none-match': etag } })).status).toBe(304)
  expect((await ask(port, path, { headers: { ...headers, 'if-match': '"x"' } })).status).toBe(412)
  expect((await range(last, SPARSE_BYTE_LENGTH, SPARSE_BYTE_LENGTH + 1)).status).toBe(416)
  expect(child.isAlive).toBe(true)
})

test('too many files open is 503 as well', () => {
  for (const errno of ['EMFILE', 'ENFILE']) {
    const problem = problemOfError(new MapscopeError('ERR_OS', 'x', { errno, syscall: 'openat2' }))
    expect(problem.toProblem()).toMatchObject({ status: 503, code: 'ERR_OS', errno })
  }
})

test('a fault inside the file is the disk’s; one behind its end is a cut', () => {
  const detailAt = (offset: number): string =>
    problemOfError(new MapscopeError('ERR_FAULT', 'x', { offset, fileByteLength: 5 * 1024 ** 4 })).message
  expect(detailAt(5 * 1024 ** 4 - 1)).toContain('the disk is full or failing')
  expect(detailAt(5 * 1024 ** 4)).toContain('the file was cut')
})
