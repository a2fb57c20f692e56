import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { DocumentInfo } from '@mapscope/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DocumentStore } from '../src/documents/store.ts'
import { closeRoots, openRoots } from '../src/roots/root.ts'
import { parseWirePath } from '../src/roots/wire_path.ts'
import { atEnd } from './support/at_end.ts'
import { Child } from './support/child.ts'
import { eventually } from './support/eventually.ts'
import { ask, problemOf, Serving, send, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const root = join(folder, 'root')
let serving: Serving

beforeAll(async () => {
  mkdirSync(join(root, 'folder'), { recursive: true })
  writeFileSync(join(root, 'file'), 'content')
  execFileSync('mkfifo', [join(root, 'pipe')])
  const socket = createServer().listen(join(root, 'socket'))
  atEnd(() => socket.close())
  symlinkSync('/etc/passwd', join(root, 'out'))
  serving = await Serving.start({ roots: [root, '/dev'] })
})

async function openCode(path: string): Promise<unknown> {
  const answer = await serving.ask('/api/v1/documents', { method: 'POST', body: { path } })
  const { code, detail } = problemOf(answer)
  return [answer.status, code, detail]
}

describe('what cannot be opened says what it is', () => {
  test.each([
    ['root/folder', [422, 'ERR_NOT_A_FILE', 'it is a folder: list it with /api/v1/files']],
    ['root', [422, 'ERR_NOT_A_FILE', 'it is a folder: list it with /api/v1/files']],
    ['root/missing', [404, 'ERR_NOT_FOUND', 'there is no such file']],
    ['root/file/x', [404, 'ERR_NOT_FOUND', 'there is no such file: part of the path is not a folder']],
    ['other/file', [404, 'ERR_NOT_FOUND', 'nothing of that name is served']],
    ['root/pipe', [422, 'ERR_NOT_A_FILE', 'it is a pipe, which has no bytes to map']],
    ['root/socket', [422, 'ERR_NOT_A_FILE', 'it is a socket, which has no bytes to map']],
    ['dev/null', [422, 'ERR_NOT_A_FILE', 'it is a character device, which has no bytes to map']],
    ['root/out', [403, 'ERR_OUTSIDE_ROOTS', 'a link on the way leaves what is served']],
    ['root/../x', [403, 'ERR_OUTSIDE_ROOTS', 'a path may not go up by ".."']],
    ['', [400, 'ERR_REQUEST', 'a path is <root>/<name>/<name>, without empty or "." parts']],
  ])('%s', async (path, expected) => {
    expect(await openCode(path)).toEqual(expected)
  })

  test('/raw says the same', async () => {
    const answer = await serving.ask('/raw/root/pipe')
    expect([answer.status, problemOf(answer)['detail']]).toEqual([422, 'it is a pipe, which has no bytes to map'])
    expect((await serving.ask('/raw/root/folder')).status).toBe(422)
    expect((await serving.ask('/raw/root/missing', { method: 'HEAD' })).status).toBe(404)
  })

  test('a file the user may not read: 403 with the name of the error', async () => {
    const shared = join(folder, 'shared')
    mkdirSync(shared)
    writeFileSync(join(shared, 'locked'), 'x')
    chmodSync(join(shared, 'locked'), 0o000)
    chmodSync(folder, 0o755)
    // Root may read everything, so the server runs as nobody.
    const child = Child.run(['serve', shared, '--port', '0'], process.getuid?.() === 0 ? { uid: 65_534 } : {})
    const { port, token } = await child.link()
    const headers = { authorization: `Bearer ${token}` }
    const answer = await ask(port, '/api/v1/documents', { method: 'POST', headers, body: { path: 'shared/locked' } })
    expect([answer.status, problemOf(answer)]).toMatchObject([403, { code: 'ERR_FORBIDDEN', errno: 'EACCES' }])
    child.process.kill('SIGTERM')
    expect(await child.exited).toBe(0)
  })

  test.each([undefined, 'null', '[]', '{"path":1}', '{}', '{"path":"root/file","more":1}', '{', '"root/file"'])(
    'the body %j is malformed',
    async (body) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await serving.ask('/api/v1/documents', {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body }),
      })
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'ERR_REQUEST'])
    },
  )

  test('no document of that id; an id that is none', async () => {
    for (const path of ['/aaaaaaaaaaaaaaaa', '/aaaaaaaaaaaaaaaa/bytes']) {
      const answer = await serving.ask(`/api/v1/documents${path}`)
      expect([answer.status, problemOf(answer).code]).toEqual([404, 'ERR_NOT_FOUND'])
    }
    expect((await serving.ask('/api/v1/documents/short')).status).toBe(400)
    expect((await serving.ask(`/api/v1/documents/${'a'.repeat(200)}`)).status).toBeLessThan(500)
  })
})

test('opening twice is one document; 201, then 200', async () => {
  const open = () => serving.ask('/api/v1/documents', { method: 'POST', body: { path: 'root/file' } })
  const [first, second] = [await open(), await open()]
  expect([first.status, second.status]).toEqual([201, 200])
  const info = JSON.parse(String(first.body)) as DocumentInfo
  expect(info).toMatchObject({
    path: 'root/file',
    name: 'file',
    byteLength: 7,
    presentByteLength: 7,
    disk: 'current',
    revision: 1,
    mode: 'read-only',
    readOnlyReason: expect.stringContaining('--writable'),
  })
  expect(JSON.parse(String(second.body))).toEqual(info)
  const { documents } = JSON.parse(String((await serving.ask('/api/v1/documents')).body)) as {
    documents: DocumentInfo[]
  }
  expect(documents.filter((document) => document.path === 'root/file')).toEqual([info])
})

describe('what becomes of the file', () => {
  async function stateOf(id: string): Promise<DocumentInfo> {
    return JSON.parse(String((await serving.ask(`/api/v1/documents/${id}`)).body)) as DocumentInfo
  }

  test('modified: the revision rises before the bytes are served', async () => {
    writeFileSync(join(root, 'modified'), 'before')
    const { id } = await serving.open('root/modified')
    const before = await serving.read(id, 0, 6)
    writeFileSync(join(root, 'modified'), 'after!')
    const after = await serving.read(id, 0, 6)
    expect([String(before.body), before.headers['mapscope-revision']]).toEqual(['before', '1'])
    expect(String(after.body)).toBe('after!')
    expect(Number(after.headers['mapscope-revision'])).toBeGreaterThan(1)
    expect(after.headers.etag).not.toBe(before.headers.etag)
    expect((await stateOf(id)).disk).toBe('current')
  })

  test('put back to its old time after a change: still noticed', async () => {
    writeFileSync(join(root, 'touched'), 'AAAA')
    execFileSync('touch', ['-d', '2001-01-01', join(root, 'touched')])
    const { id } = await serving.open('root/touched')
    const before = await serving.ask('/raw/root/touched')
    execFileSync('sh', [
      '-c',
      'printf BBBB | dd of="$0" conv=notrunc status=none; touch -d 2001-01-01 "$0"',
      join(root, 'touched'),
    ])
    expect((await stateOf(id)).revision).toBeGreaterThan(1)
    const after = await serving.ask('/raw/root/touched')
    expect(after.headers['last-modified']).toBe(before.headers['last-modified'])
    expect(after.headers.etag).not.toBe(before.headers.etag)
  })

  test('grown: the document keeps its length until it is reloaded', async () => {
    writeFileSync(join(root, 'grown'), '0123')
    const { id } = await serving.open('root/grown')
    writeFileSync(join(root, 'grown'), '01234567')
    expect(await stateOf(id)).toMatchObject({ disk: 'grown', byteLength: 4, presentByteLength: 8 })
    expect((await serving.read(id, 4, 8)).status).toBe(416)
    const reloaded = JSON.parse(
      String((await serving.ask(`/api/v1/documents/${id}/reload`, { method: 'POST' })).body),
    ) as DocumentInfo
    expect(reloaded).toMatchObject({ id, disk: 'current', byteLength: 8, presentByteLength: 8 })
    expect(String((await serving.read(id, 4, 8)).body)).toBe('4567')
  })

  test('truncated: the lost bytes are told, never zeros', async () => {
    const path = join(root, 'truncated')
    writeFileSync(path, 'x'.repeat(100_000))
    const { id } = await serving.open('root/truncated')
    truncateSync(path, 5_000)
    expect(await stateOf(id)).toMatchObject({ disk: 'truncated', byteLength: 100_000, presentByteLength: 5_000 })
    const part = await serving.read(id, 4_000, 20_000)
    expect(part.status).toBe(206)
    expect(part.headers).toMatchObject({
      'content-range': 'bytes 4000-4999/100000',
      'mapscope-unreadable': '5000-20000',
      'cache-control': 'no-store',
    })
    expect(String(part.body)).toBe('x'.repeat(1_000))
    const gone = await serving.read(id, 5_000, 6_000)
    expect(gone.status).toBe(410)
    expect(problemOf(gone)).toMatchObject({
      code: 'ERR_UNREADABLE',
      unreadable: [{ start: 5_000, end: 6_000 }],
      presentByteLength: 5_000,
    })
    // 200 has promised every byte: it ends at the cut by breaking off.
    const whole = await serving.ask(`/api/v1/documents/${id}/bytes`)
    expect([whole.status, whole.isComplete, String(whole.body)]).toEqual([200, false, 'x'.repeat(5_000)])
    // A range past one read, so that it is streamed.
    expect((await serving.read(id, 0, 100_000)).body).toHaveLength(5_000)
  })

  test('truncated behind 5 GiB: the tail of a large range is told', async () => {
    const path = join(root, 'large')
    writeFileSync(path, '')
    truncateSync(path, 15 * 1024 ** 4)
    const { id } = await serving.open('root/large')
    const cut = 5 * 1024 ** 3 + 123
    truncateSync(path, cut)
    const answer = await serving.read(id, cut - 4_000_000, cut + 4_000_000)
    expect(answer.headers['mapscope-unreadable']).toBe(`${cut}-${cut + 4_000_000}`)
    expect([answer.status, answer.isComplete, answer.body.length]).toEqual([206, true, 4_000_000])
    expect((await serving.read(id, cut, cut + 10 * 1024 ** 3)).status).toBe(410)
  })

  test('deleted: it is still read; opening the path again is 404; reloading is 404 and changes nothing', async () => {
    writeFileSync(join(root, 'deleted'), 'still here')
    const { id } = await serving.open('root/deleted')
    rmSync(join(root, 'deleted'))
    expect(await stateOf(id)).toMatchObject({ disk: 'deleted', byteLength: 10 })
    expect(String((await serving.read(id, 0, 10)).body)).toBe('still here')
    expect(await openCode('root/deleted')).toEqual([404, 'ERR_NOT_FOUND', 'there is no such file'])
    expect((await serving.ask(`/api/v1/documents/${id}/reload`, { method: 'POST' })).status).toBe(404)
    expect(await stateOf(id)).toMatchObject({ disk: 'deleted' })
    // Born again, as log rotation does.
    writeFileSync(join(root, 'deleted'), 'another')
    await eventually(async () => expect((await stateOf(id)).disk).toBe('replaced'))
  })

  test('replaced: the old bytes stay until a reload; opening the path gives another document', async () => {
    writeFileSync(join(root, 'replaced'), 'old')
    const { id } = await serving.open('root/replaced')
    writeFileSync(join(root, 'replacement'), 'new one')
    renameSync(join(root, 'replacement'), join(root, 'replaced'))
    expect(await stateOf(id)).toMatchObject({ disk: 'replaced', byteLength: 3 })
    expect(String((await serving.read(id, 0, 3)).body)).toBe('old')
    const other = await serving.open('root/replaced')
    expect(other).toMatchObject({ byteLength: 7, revision: 1 })
    expect(other.id).not.toBe(id)
    await serving.ask(`/api/v1/documents/${id}/reload`, { method: 'POST' })
    expect(await stateOf(id)).toMatchObject({ disk: 'current', byteLength: 7 })
    expect(String((await serving.read(id, 0, 7)).body)).toBe('new one')
  })

  test('moved away: deleted, as far as its path knows', async () => {
    writeFileSync(join(root, 'moved'), 'here')
    const { id } = await serving.open('root/moved')
    renameSync(join(root, 'moved'), join(root, 'moved-to'))
    expect((await stateOf(id)).disk).toBe('deleted')
  })

  test('truncated to nothing, and an empty file that grows', async () => {
    writeFileSync(join(root, 'emptied'), 'abc')
    writeFileSync(join(root, 'filled'), '')
    const [emptied, filled] = [await serving.open('root/emptied'), await serving.open('root/filled')]
    truncateSync(join(root, 'emptied'), 0)
    writeFileSync(join(root, 'filled'), 'abc')
    expect((await serving.read(emptied.id, 0, 3)).status).toBe(410)
    expect(await stateOf(emptied.id)).toMatchObject({ disk: 'truncated', presentByteLength: 0 })
    expect(await stateOf(filled.id)).toMatchObject({ disk: 'grown', byteLength: 0, presentByteLength: 3 })
    await serving.ask(`/api/v1/documents/${filled.id}/reload`, { method: 'POST' })
    expect(String((await serving.read(filled.id, 0, 3)).body)).toBe('abc')
    await serving.ask(`/api/v1/documents/${emptied.id}/reload`, { method: 'POST' })
    expect((await serving.ask(`/api/v1/documents/${emptied.id}/bytes`)).status).toBe(200)
  })
})

function begun(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // A broken connection is an error event, and then a close.
    request.once('response', (response) => resolve(response.on('error', () => undefined)))
    request.once('error', reject)
  })
}

test('a download that spans a change is broken off, never finished under its tag', async () => {
  const path = join(root, 'spanned')
  writeFileSync(path, '')
  truncateSync(path, 15 * 1024 ** 4)
  const { id } = await serving.open('root/spanned')
  for (const url of [`/api/v1/documents/${id}/bytes`, '/raw/root/spanned']) {
    const response = await begun(send(serving.port, url, { headers: { authorization: `Bearer ${TOKEN}` } }))
    const closed = new Promise((resolve) => response.once('close', resolve))
    // Not after a while: on a loaded machine the change would come first, and all 15 TiB after it.
    await new Promise((resolve) => response.once('data', resolve))
    execFileSync('sh', ['-c', 'printf X | dd of="$0" conv=notrunc status=none', path])
    response.resume()
    await closed
    expect([response.statusCode, response.complete]).toEqual([200, false])
  }
})

describe('idle documents', () => {
  async function makeStore(idleTimeoutMs?: number): Promise<DocumentStore> {
    const roots = await openRoots([root])
    const store = new DocumentStore({
      roots,
      isWritable: false,
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    })
    afterAll(async () => {
      await store.close()
      closeRoots(roots)
    })
    return store
  }

  test('close after a while, but not while somebody holds them', async () => {
    const store = await makeStore(50)
    const { document } = store.open(parseWirePath('root/file'))
    const release = document.hold()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(store.get(document.id)).toBe(document)
    release()
    release()
    await eventually(() => expect(() => store.get(document.id)).toThrow('no document'))
    await expect(document.snapshot()).rejects.toThrow('closed')
  })

  test('beyond 64 the longest unused goes first, the held ones never', async () => {
    const store = await makeStore()
    for (let n = 0; n < 70; n++) writeFileSync(join(root, `idle${n}`), String(n))
    const first = store.open(parseWirePath('root/idle0')).document
    const release = first.hold()
    for (let n = 1; n < 70; n++) store.open(parseWirePath(`root/idle${n}`))
    expect(store.list()).toHaveLength(65)
    expect(store.get(first.id)).toBe(first)
    release()
  })
})
