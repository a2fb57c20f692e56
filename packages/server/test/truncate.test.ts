import { randomBytes } from 'node:crypto'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeRanges } from '@mapscope/protocol'
import { expect, test } from 'vitest'
import { Child } from './support/child.ts'
import { type Answer, ask, problemOf } from './support/serving.ts'
import { SocketClient } from './support/socket_client.ts'
import { seeded, temporaryFolder } from './support/temporary.ts'

const SEED = 4096
const PAGE = 4096
const BYTE_LENGTH = 64 * 1024 ** 2

/** The way every other memory-mapped server dies: in a process of its own, therefore. */
test('a file cut to one page while three clients read it: the server lives, the clients see what is gone', async () => {
  const root = join(temporaryFolder(), 'root')
  mkdirSync(root)
  const content = randomBytes(BYTE_LENGTH)
  writeFileSync(join(root, 'victim'), content)
  writeFileSync(join(root, 'good'), 'still good')
  const child = Child.run(['serve', root, '--port', '0'])
  const { port, token } = await child.link()
  const authorization = `Bearer ${token}`
  const id = await open({ port, authorization, path: 'root/victim' })
  const socket = await SocketClient.connect(port, { headers: { authorization } })
  await socket.open(id)

  const seen = { readable: 0, gone: 0, shortened: 0, broken: 0 }
  let isOver = false
  const reader = async (seed: number): Promise<void> => {
    const next = seeded(seed)
    while (!isOver) {
      const start = next(2) === 0 ? next(PAGE) : next(BYTE_LENGTH - 1)
      const end = Math.min(BYTE_LENGTH, start + 1 + next(next(4) === 0 ? 8_000_000 : 100_000))
      const answer = await read(port, { id, authorization, start, end })
      count(answer, { start, end, seed })
    }
  }
  const count = (
    answer: Answer | undefined,
    { start, end, seed }: { start: number; end: number; seed: number },
  ): void => {
    const where = `seed ${seed}: ${start}-${end}`
    if (answer === undefined || !answer.isComplete) {
      seen.broken++
      return
    }
    if (answer.status === 410) {
      seen.gone++
      expect(problemOf(answer), where).toMatchObject({ code: 'ERR_UNREADABLE', presentByteLength: PAGE })
      return
    }
    expect(answer.status, where).toBe(206)
    // Whatever is sent is true: never a zero in the place of a byte that is gone.
    expect(answer.body.equals(content.subarray(start, start + answer.body.length)), where).toBe(true)
    if (answer.body.length === end - start) seen.readable++
    else {
      seen.shortened++
      const [gap] = decodeRanges(String(answer.headers['mapscope-unreadable']))
      expect(gap, where).toEqual({ start: PAGE, end })
    }
  }
  const readers = [reader(SEED), reader(SEED + 1), reader(SEED + 2)]
  const search = socket.send({
    type: 'search',
    documentId: id,
    query: { kind: 'text', text: 'not in there at all' },
    from: 0,
    direction: 'forward',
  })
  await new Promise((resolve) => setTimeout(resolve, 700))
  truncateSync(join(root, 'victim'), PAGE)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  isOver = true
  await Promise.all(readers)

  expect(child.isAlive).toBe(true)
  expect(seen.readable).toBeGreaterThan(0)
  expect(seen.gone).toBeGreaterThan(0)
  expect(seen.shortened).toBeGreaterThan(0)
  expect((await socket.next('changed')).document).toMatchObject({
    disk: 'truncated',
    byteLength: BYTE_LENGTH,
    presentByteLength: PAGE,
  })
  expect(await socket.next('absent', search)).toBeDefined()
  const again = socket.send({
    type: 'search',
    documentId: id,
    query: { kind: 'text', text: 'not in there at all' },
    from: 0,
    direction: 'backward',
  })
  expect((await socket.next('absent', again)).unreadable).toEqual([{ start: PAGE, end: BYTE_LENGTH }])

  const good = await open({ port, authorization, path: 'root/good' })
  expect(String((await read(port, { id: good, authorization, start: 0, end: 10 }))?.body)).toBe('still good')
  child.process.kill('SIGTERM')
  expect(await child.exited).toBe(0)
  expect(child.errors).toBe('')
})

async function open({
  port,
  authorization,
  path,
}: {
  port: number
  authorization: string
  path: string
}): Promise<string> {
  const { body } = await ask(port, '/api/v1/documents', { method: 'POST', headers: { authorization }, body: { path } })
  return (JSON.parse(String(body)) as { id: string }).id
}

/** `undefined` for a connection that broke before the head of the answer. */
function read(
  port: number,
  { id, authorization, start, end }: { id: string; authorization: string; start: number; end: number },
): Promise<Answer | undefined> {
  const headers = { authorization, range: `bytes=${start}-${end - 1}` }
  return ask(port, `/api/v1/documents/${id}/bytes`, { headers }).catch(() => undefined)
}
