import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Answer, ask, problemOf, Serving } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()

test('the explorer: the page is asked for again each time, hashed assets never', async () => {
  const explorerDirectory = join(folder, 'explorer')
  mkdirSync(join(explorerDirectory, 'assets'), { recursive: true })
  writeFileSync(join(explorerDirectory, 'index.html'), '<!doctype html><title>Mapscope</title>')
  writeFileSync(join(explorerDirectory, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(explorerDirectory, 'assets', 'index-a1b2c3.js'), 'export {}')
  writeFileSync(join(folder, 'beside.html'), 'BESIDE')
  const { port } = await Serving.start({ roots: [], explorerDirectory })
  const get = (path: string): Promise<Answer> => ask(port, path)

  for (const path of ['/', '/index.html', '/?token=x']) {
    const page = await get(path)
    expect([page.status, page.headers['cache-control'], String(page.body)]).toEqual([
      200,
      'no-cache',
      expect.stringContaining('<title>Mapscope'),
    ])
    expect(page.headers['content-type']).toMatch(/^text\/html/)
    expect(page.headers['content-security-policy']).toContain("default-src 'self'")
  }
  const asset = await get('/assets/index-a1b2c3.js')
  expect([asset.status, asset.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(asset.headers['content-type']).toMatch(/javascript/)
  expect((await get('/icon.svg')).headers['cache-control']).toBe('no-cache')
  for (const path of [
    '/assets',
    '/assets/',
    '/../beside.html',
    '/..%2fbeside.html',
    '/assets/..%2f..%2fbeside.html',
    '/index.html/',
  ]) {
    const answer = await get(path)
    expect([path, answer.status >= 400, String(answer.body).includes('BESIDE')]).toEqual([path, true, false])
  }
  expect(problemOf(await get('/nothing.js')).code).toBe('ERR_NOT_FOUND')
})

test('without it the page says how to build it, and the rest works', async () => {
  const { port } = await Serving.start({ roots: [], explorerDirectory: join(folder, 'nowhere') })
  const page = await ask(port, '/')
  expect([page.status, page.headers['content-type']]).toEqual([503, 'text/plain; charset=utf-8'])
  expect(String(page.body)).toContain('npm start')
  expect((await ask(port, '/api/v1/health')).status).toBe(200)
})
