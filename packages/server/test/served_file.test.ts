import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { FileList } from '@mapscope/protocol'
import { beforeEach, describe, expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { problemOf, Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

let folder: string
let serving: Serving

beforeEach(async () => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'deep'))
  writeFileSync(join(folder, 'served'), 'served')
  writeFileSync(join(folder, 'secret'), 'SECRET')
  writeFileSync(join(folder, 'deep', 'secret'), 'SECRET')
  serving = await Serving.start({ roots: [join(folder, 'served')], isWritable: true })
})

async function rootEntry(): Promise<FileList['entries'][number] | undefined> {
  const { body } = await serving.ask('/api/v1/files')
  return (JSON.parse(String(body)) as FileList).entries[0]
}

describe('a served file', () => {
  test.each(['secret', 'deep/secret'])('is not its neighbour when a link to %s takes its name', async (target) => {
    rmSync(join(folder, 'served'))
    symlinkSync(target, join(folder, 'served'))
    const raw = await serving.ask('/raw/served')
    expect([raw.status, problemOf(raw).code]).toEqual([403, 'ERR_OUTSIDE_ROOTS'])
    const opened = await serving.ask('/api/v1/documents', { method: 'POST', body: { path: 'served' } })
    expect([opened.status, problemOf(opened).code]).toEqual([403, 'ERR_OUTSIDE_ROOTS'])
    expect(await rootEntry()).toMatchObject({ kind: 'other', refusal: expect.stringContaining('link') })
    expect(readFileSync(join(folder, target), 'utf8')).toBe('SECRET')
  })

  test('is not a folder that takes its name', async () => {
    rmSync(join(folder, 'served'))
    renameSync(join(folder, 'deep'), join(folder, 'served'))
    for (const path of ['/raw/served', '/raw/served/secret', '/api/v1/files?path=served']) {
      const answer = await serving.ask(path)
      expect([path, answer.status, problemOf(answer).code]).toEqual([path, 404, 'ERR_NOT_FOUND'])
    }
    expect(await rootEntry()).toMatchObject({ kind: 'other', refusal: expect.stringContaining('folder') })
  })

  test.each(['link', 'folder'])('open when a %s takes its name is replaced, and stays what it was', async (kind) => {
    const { id } = await serving.open('served')
    renameSync(join(folder, 'served'), join(folder, 'moved'))
    if (kind === 'link') symlinkSync('secret', join(folder, 'served'))
    else mkdirSync(join(folder, 'served'))
    const { body } = await serving.ask(`/api/v1/documents/${id}`)
    expect(JSON.parse(String(body))).toMatchObject({ disk: 'replaced' })
    expect(String((await serving.read(id, 0, 6)).body)).toBe('served')
    const reload = await serving.ask(`/api/v1/documents/${id}/reload`, { method: 'POST' })
    expect(reload.status).toBe(kind === 'link' ? 403 : 404)
  })

  test('given as a link is the file it led to at the start', async () => {
    symlinkSync('served', join(folder, 'given'))
    const linked = await Serving.start({ roots: [join(folder, 'given')] })
    expect(String((await linked.ask('/raw/served')).body)).toBe('served')
  })
})

test('roots with a backslash in their names are served under other names', async () => {
  writeFileSync(join(folder, 'back\\slash'), 'a file')
  mkdirSync(join(folder, 'deep', 'back\\slash'))
  writeFileSync(join(folder, 'deep', 'back\\slash', 'in'), 'below')
  const odd = await Serving.start({ roots: [join(folder, 'back\\slash'), join(folder, 'deep', 'back\\slash')] })
  expect(String((await odd.ask('/raw/back_slash')).body)).toBe('a file')
  expect(String((await odd.ask('/raw/back_slash%20(2)/in')).body)).toBe('below')
})

test.each(['http://localhost', 'HTTP://localhost:1', 'http://user@[::1]:7'])('absolute form: %s', async (prefix) => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(serving.port, '127.0.0.1')
    let text = ''
    socket.on('data', (data) => {
      text += String(data)
    })
    socket.once('close', () => resolve(text))
    const head = ['Host: localhost', `Authorization: Bearer ${TOKEN}`, 'Connection: close']
    socket.write(`GET ${prefix}/raw/served HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`)
  })
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*\r\n\r\nserved$/)
})

test('a link that leads back to itself is refused by its own words', async () => {
  symlinkSync('loop', join(folder, 'loop'))
  const child = Child.run(['serve', join(folder, 'loop'), '--port', '0'])
  expect(await child.exited).toBe(2)
  expect(child.errors).toContain('ERR_PATH_LOOP')
  expect(child.errors).toContain('leads back to itself')
})
