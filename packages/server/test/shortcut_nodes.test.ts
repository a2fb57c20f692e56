// The shortcut writes its head past Node's own bookkeeping of responses, so every Node that we serve on is tried.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { Agent, get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { seeded } from './support/temporary.ts'

const SEED = 20_026
const ROUNDS = 60
const named = (process.env['MAPSCOPE_NODES'] ?? '').split(path.delimiter).filter((node) => node !== '')
const nodes = named.length > 0 ? named : [process.execPath]
/** Written long ago, so that its pages are lent. */
const file = process.execPath

function onDisk(start: number, end: number): Buffer {
  const fd = openSync(file, 'r')
  const bytes = Buffer.alloc(end - start)
  readSync(fd, bytes, 0, bytes.length, start)
  closeSync(fd)
  return bytes
}

interface Reply {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly localPort: number | undefined
  readonly body: Buffer
}

test.each(nodes)('one connection, answered again and again, on %s', { timeout: 120_000 }, async (node) => {
  const child = Child.run(['serve', file, '--port', '0', '--state', 'none'], { node })
  const { port, token } = await child.link()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = async (target: string, range: string): Promise<Reply> => {
    const headers = { authorization: `Bearer ${token}`, range }
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: target, agent, headers }, resolve).once('error', reject)
    })
    const { localPort } = response.socket
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk as Buffer)
    const { date: _, ...rest } = response.headers
    return { status: response.statusCode, headers: rest, localPort, body: Buffer.concat(chunks) }
  }
  const target = `/raw/${path.basename(file)}`
  const next = seeded(SEED)
  const byteLength = statSync(file).size
  const first = await ask(target, 'bytes=0-99')
  for (let round = 0; round < ROUNDS; round++) {
    const start = next(byteLength - 2 * 1024 ** 2)
    const end = start + 1 + next(round % 3 === 0 ? 2 * 1024 ** 2 : 8_192)
    const reply = await ask(target, `bytes=${start}-${end - 1}`)
    expect({ round, seed: SEED, status: reply.status, isSame: reply.body.equals(onDisk(start, end)) }).toEqual({
      round,
      seed: SEED,
      status: 206,
      isSame: true,
    })
    expect(reply.headers).toEqual({
      ...first.headers,
      'content-length': String(end - start),
      'content-range': `bytes ${start}-${end - 1}/${byteLength}`,
    })
    expect(reply.localPort).toBe(first.localPort)
    // What the long way answers in between is right on the same connection.
    if (round % 10 === 0) expect((await ask('/raw/nothing', 'bytes=0-0')).status).toBe(404)
  }
  agent.destroy()
  child.process.kill('SIGTERM')
  expect(await child.exited).toBe(0)
})
