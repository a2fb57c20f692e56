import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import type { FileEntry, FileList } from '@mapscope/protocol'
import { beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../src/app.ts'
import { RootError } from '../src/index.ts'
import { atEnd } from './support/at_end.ts'
import { type Answer, problemOf, Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const inside = join(folder, 'served')
const outside = join(folder, 'outside')
let serving: Serving

beforeAll(async () => {
  mkdirSync(join(inside, 'deep', 'er'), { recursive: true })
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret'), 'SECRET')
  for (const name of ['part10', 'part2', 'Part1', 'ü mlaut', 'back\\slash']) writeFileSync(join(inside, name), name)
  writeFileSync(join(inside, 'deep', 'er', 'file'), 'deep file')
  writeFileSync(Buffer.concat([Buffer.from(`${inside}/`), Buffer.from([0x62, 0xff])]), 'no UTF-8 name')
  truncateSync(join(inside, 'part2'), 15 * 1024 ** 4)
  symlinkSync('../outside/secret', join(inside, 'link-out'))
  symlinkSync('/etc/passwd', join(inside, 'link-absolute'))
  symlinkSync('../outside', join(inside, 'link-out-folder'))
  symlinkSync('deep/er/file', join(inside, 'link-in'))
  symlinkSync('deep', join(inside, 'link-in-folder'))
  symlinkSync('nowhere', join(inside, 'link-dangling'))
  symlinkSync('link-loop', join(inside, 'link-loop'))
  symlinkSync('/proc/self/root/etc/passwd', join(inside, 'link-magic'))
  execFileSync('mkfifo', [join(inside, 'pipe')])
  const socket = createServer().listen(join(inside, 'socket'))
  atEnd(() => socket.close())
  mkdirSync(join(folder, 'other', 'served'), { recursive: true })
  serving = await Serving.start({ roots: [inside, join(folder, 'other', 'served'), join(outside, 'secret')] })
})

async function list(path: string): Promise<FileList> {
  const { status, body } = await serving.ask(`/api/v1/files?path=${encodeURIComponent(path)}`)
  if (status !== 200) throw new Error(`${status} ${body}`)
  return JSON.parse(String(body)) as FileList
}

describe('listing', () => {
  test('the roots, with unique names', async () => {
    const { path, entries, isTruncated } = await list('')
    expect([path, isTruncated]).toEqual(['', false])
    expect(entries.map(({ name, path, kind }) => [name, path, kind])).toEqual([
      ['served', 'served', 'directory'],
      ['served (2)', 'served (2)', 'directory'],
      ['secret', 'secret', 'file'],
    ])
    expect(entries[2]).toMatchObject({ byteLength: 6 })
    expect(JSON.stringify(entries)).not.toContain(folder)
  })

  test('folders first, then natural order', async () => {
    const { entries } = await list('served')
    const names = entries.map((entry) => entry.name)
    expect(names.slice(0, 2)).toEqual(['deep', 'link-in-folder'])
    expect(names.filter((name) => /^part/i.test(name))).toEqual(['Part1', 'part2', 'part10'])
    expect(entries.find((entry) => entry.name === 'part2')).toMatchObject({
      path: 'served/part2',
      kind: 'file',
      byteLength: 15 * 1024 ** 4,
      modifiedMs: expect.closeTo(Date.now(), -6),
    })
  })

  test('links show what they lead to, when that is inside; what cannot be opened says why', async () => {
    const entries = new Map((await list('served')).entries.map((entry): [string, FileEntry] => [entry.name, entry]))
    expect(entries.get('link-in')).toMatchObject({ kind: 'file', byteLength: 9 })
    expect(entries.get('link-in-folder')).toMatchObject({ kind: 'directory' })
    for (const name of ['link-out', 'link-absolute', 'link-out-folder', 'link-magic', 'link-loop']) {
      expect(entries.get(name), name).toMatchObject({ kind: 'other', refusal: expect.stringContaining('link') })
      expect(entries.get(name), name).not.toHaveProperty('byteLength')
    }
    expect(entries.get('link-dangling')).toMatchObject({ kind: 'other', refusal: 'there is no such file' })
    expect(entries.get('pipe')).toMatchObject({ kind: 'other', refusal: 'it is a pipe' })
    expect(entries.get('socket')).toMatchObject({ kind: 'other', refusal: 'it is a socket' })
    expect(entries.get('back\\slash')).toMatchObject({ kind: 'other', refusal: 'its name holds a backslash' })
    expect(entries.get('b\ufffd')).toMatchObject({ kind: 'other', refusal: 'its name is not UTF-8' })
  })

  test('through a link that stays inside', async () => {
    expect((await list('served/link-in-folder/er')).entries).toMatchObject([
      { name: 'file', path: 'served/link-in-folder/er/file' },
    ])
  })

  test('what is no folder, what is not there', async () => {
    const code = async (path: string): Promise<unknown> => {
      const answer = await serving.ask(`/api/v1/files?path=${encodeURIComponent(path)}`)
      return [answer.status, problemOf(answer).code]
    }
    expect(await code('served/part10')).toEqual([422, 'ERR_NOT_A_DIRECTORY'])
    expect(await code('served/pipe')).toEqual([422, 'ERR_NOT_A_DIRECTORY'])
    expect(await code('served/nothing')).toEqual([404, 'ERR_NOT_FOUND'])
    expect(await code('served/part10/x')).toEqual([404, 'ERR_NOT_FOUND'])
    expect(await code('nothing')).toEqual([404, 'ERR_NOT_FOUND'])
    expect(await code('secret/x')).toEqual([404, 'ERR_NOT_FOUND'])
    expect(await code('secret')).toEqual([422, 'ERR_NOT_A_DIRECTORY'])
  })

  test('a folder of 5,001 is cut at 5,000, in order', async () => {
    const many = join(inside, 'many')
    mkdirSync(many)
    for (let n = 0; n <= 5_000; n++) writeFileSync(join(many, `f${n}`), '')
    const { entries, isTruncated } = await list('served/many')
    expect([entries.length, isTruncated]).toEqual([5_000, true])
    expect([entries[0]?.name, entries[10]?.name, entries.at(-1)?.name]).toEqual(['f0', 'f10', 'f4999'])
    rmSync(join(many, 'f5000'))
    expect((await list('served/many')).isTruncated).toBe(false)
    rmSync(many, { recursive: true })
  })
})

/** Never the secret, whatever the words of the refusal. */
function expectRefused(answer: Answer, what: string): void {
  expect([400, 403, 404], what).toContain(answer.status)
  expect(String(answer.body), what).not.toMatch(/SECRET|root:/)
}

describe('never out of the roots', () => {
  /** As they stand in a request line, below /raw/. */
  const RAW_PATHS = [
    'served/../outside/secret',
    'served/deep/../../outside/secret',
    '../outside/secret',
    'served/%2e%2e/outside/secret',
    'served/%2E%2E%2Foutside%2Fsecret',
    'served/..%2foutside%2fsecret',
    'served%2f..%2foutside%2fsecret',
    'served/..%5coutside%5csecret',
    'served\\..\\outside\\secret',
    'served/..;/outside/secret',
    'served/..%00/outside/secret',
    'served/part10%00.txt',
    'served/%c0%ae%c0%ae/outside/secret',
    'served/%c0%2e/outside/secret',
    'served/%uff0e%uff0e/outside/secret',
    'served/%252e%252e/outside/secret',
    'served/....//outside/secret',
    'served//outside/secret',
    'served/./../outside/secret',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'served//etc/passwd',
    'served/%2fetc%2fpasswd',
    'file:///etc/passwd',
    'served/link-out',
    'served/link-absolute',
    'served/link-out-folder/secret',
    'served/link-in-folder/../../outside/secret',
    'served/link-magic',
    'served/link-loop',
    'served (2)/../../outside/secret',
    'secret/../secret',
    'outside/secret',
    'served/part10/',
    'served/',
    '',
  ]

  test.each(RAW_PATHS)('GET /raw/%s', async (path) => {
    expectRefused(await getLiterally(`/raw/${path}`), path)
  })

  test.each([
    '/raw/../raw/secret/..',
    '/raw/..%2f..%2fetc/passwd',
    '/api/v1/../../raw/../etc/passwd',
    '/../etc/passwd',
    '//etc/passwd',
    '/..%2fetc%2fpasswd',
  ])('GET %s', async (path) => expectRefused(await getLiterally(path), path))

  test.each([
    'served/../outside/secret',
    'served/link-out',
    'served/link-absolute',
    'served/link-out-folder/secret',
    'served/link-magic',
    '/etc/passwd',
    '../outside/secret',
    'served\\..\\..\\outside\\secret',
    'served/\0',
    'served//etc/passwd',
    'outside/secret',
    `served/${'x'.repeat(300)}`,
    `served${'/deep'.repeat(1_500)}`,
  ])('POST /documents and GET /files %j', async (path) => {
    expectRefused(await serving.ask('/api/v1/documents', { method: 'POST', body: { path } }), path)
    expectRefused(await serving.ask(`/api/v1/files?path=${encodeURIComponent(path)}`), path)
  })

  test('a link swapped under way never leads out: either the file inside, or a refusal', async () => {
    const link = join(inside, 'swapped')
    let isSwapping = true
    const swap = (async () => {
      for (let n = 0; isSwapping; n++) {
        symlinkSync(n % 2 === 0 ? '../outside/secret' : 'deep/er/file', `${link}.new`)
        renameSync(`${link}.new`, link)
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    const seen = new Set<number>()
    for (let round = 0; round < 300; round++) {
      const answer = await serving.ask('/raw/served/swapped')
      seen.add(answer.status)
      if (answer.status === 200) expect(String(answer.body)).toBe('deep file')
      else expectRefused(answer, `round ${round}`)
    }
    isSwapping = false
    await swap
    expect([...seen].sort()).toEqual(expect.arrayContaining([200, 403]))
  })

  test('a folder that was served stays served under another name, and its replacement does not', async () => {
    const first = join(folder, 'moving')
    mkdirSync(first)
    writeFileSync(join(first, 'file'), 'the served one')
    const other = await Serving.start({ roots: [first] })
    renameSync(first, join(folder, 'moved'))
    symlinkSync(outside, first)
    expect(String((await other.ask('/raw/moving/file')).body)).toBe('the served one')
    expect((await other.ask('/raw/moving/secret')).status).toBe(404)
    rmSync(first)
  })
})

test('a served file is served alone: nothing beside it, nothing below it', async () => {
  writeFileSync(join(outside, 'neighbour'), 'NEIGHBOUR')
  expect(String((await serving.ask('/raw/secret')).body)).toBe('SECRET')
  expect((await serving.ask('/raw/neighbour')).status).toBe(404)
  expect((await serving.ask('/raw/secret/neighbour')).status).toBe(404)
})

test('names with spaces and other letters', async () => {
  expect(String((await serving.ask('/raw/served/%C3%BC%20mlaut')).body)).toBe('ü mlaut')
  expect(String((await serving.ask('/raw/served/link-in')).body)).toBe('deep file')
})

test('what cannot be served is said before anything is', async () => {
  const problem = async (path: string): Promise<unknown> => {
    const error: unknown = await buildApp({ roots: [inside, path] }).catch((reason: unknown) => reason)
    return error instanceof RootError ? [error.problem, error.path] : error
  }
  expect(await problem(join(folder, 'nothing'))).toEqual(['missing', join(folder, 'nothing')])
  expect(await problem(join(inside, 'part10', 'x'))).toEqual(['missing', join(inside, 'part10', 'x')])
  expect(await problem(join(inside, 'pipe'))).toEqual(['unsupported', join(inside, 'pipe')])
  expect(await problem('/dev/null')).toEqual(['unsupported', '/dev/null'])
})

/** The request line exactly as given: node:http refuses some of these. */
function getLiterally(path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(serving.port, '127.0.0.1', () => {
      socket.end(
        `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`,
      )
    })
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      text += data
    })
    socket.once('error', reject)
    socket.once('close', () => {
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])
      resolve({ status, headers: {}, body: Buffer.from(text, 'latin1'), isComplete: true })
    })
  })
}
