import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { SearchQuery } from '@mapscope/protocol'
import { beforeAll, expect, test } from 'vitest'
import { atEnd } from './support/at_end.ts'
import { eventually } from './support/eventually.ts'
import { ForeignMapping } from './support/foreign_mapping.ts'
import { Serving, TOKEN } from './support/serving.ts'
import { temporaryFolder } from './support/temporary.ts'

const PROGRAM = fileURLToPath(new URL('../../../examples/python_client/follow.py', import.meta.url))
const root = join(temporaryFolder(), 'root')
let serving: Serving

beforeAll(async () => {
  mkdirSync(root)
  serving = await Serving.start({ roots: [root], isWritable: true })
})

type Line = Readonly<Record<string, unknown>>

/** The example, as anybody starts it, and what it has printed. */
function follow(path: string, start: number, end: number): { process: ChildProcess; lines: Line[] } {
  const args = [PROGRAM, `${serving.origin}/?token=${TOKEN}`, path, String(start), String(end)]
  const process = spawn('python3', args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...globalThis.process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  atEnd(() => process.kill('SIGKILL'))
  const lines: Line[] = []
  createInterface({ input: process.stdout as NodeJS.ReadableStream }).on('line', (line) =>
    lines.push(JSON.parse(line) as Line),
  )
  return { process, lines }
}

test('opens, reads past 4 GiB, watches, follows, and comes back without losing an edit', async () => {
  const path = join(root, 'file')
  const start = 5 * 1024 ** 3
  writeFileSync(path, '')
  truncateSync(path, 6 * 1024 ** 3)
  const { id } = await serving.open('root/file')
  await serving.edit(id, { offset: start + 10, bytes: Buffer.from('hello') })
  const { lines } = follow('root/file', start, start + 4096)
  const shown = (): Buffer | undefined => {
    const last = lines.findLast((line) => typeof line['bytes'] === 'string')
    return last && Buffer.from(last['bytes'] as string, 'hex')
  }
  await eventually(() => expect(shown()?.subarray(10, 15).toString()).toBe('hello'))
  expect(shown()).toHaveLength(4096)

  // By us, and by a process that leaves no trace.
  await serving.edit(id, { offset: start, bytes: Buffer.from('E') })
  await eventually(() =>
    expect(lines).toContainEqual(expect.objectContaining({ cause: 'edit', changed: [{ start, end: start + 1 }] })),
  )
  await eventually(() => expect(lines).toContainEqual({ patch: start, hex: '45' }))
  const foreign = new ForeignMapping(path)
  await foreign.store(start + 100, Uint8Array.of(0xab, 0xcd))
  await eventually(() => expect(lines.some((line) => line['cause'] === 'disk')).toBe(true))

  // The connection breaks, and an edit is made meanwhile.
  const seen = Number(lines.findLast((line) => 'revision' in line)?.['revision'])
  for (const socket of serving.app.websocketServer.clients) socket.terminate()
  await serving.edit(id, { offset: start + 1, bytes: Buffer.from('F') })
  await eventually(() => expect(lines.some((line) => 'back' in line)).toBe(true))
  const back = lines.find((line) => 'back' in line)?.['back'] as { revision: number; ranges: unknown }[]
  expect(back.map(({ revision }) => revision)).toEqual([seen + 1])
  expect(back[0]?.ranges).toEqual([{ start: start + 1, end: start + 2 }])
  await eventually(() => expect(shown()?.subarray(0, 2).toString()).toBe('EF'))
  expect(shown()?.subarray(100, 102).toString('hex')).toBe('abcd')
})

test('finds what every kind of query means, past 4 GiB, and says what is none', async () => {
  const path = join(root, 'wanted')
  writeFileSync(path, '')
  truncateSync(path, 6 * 1024 ** 3)
  const { id } = await serving.open('root/wanted')
  const start = 5 * 1024 ** 3
  await serving.edit(id, { offset: start, bytes: Buffer.from('Key-0042;\u0004\u0003\u0002\u0001', 'latin1') })
  const queries: [SearchQuery, number][] = [
    [{ kind: 'hex', text: '2D [1-3] 34' }, 3],
    [{ kind: 'text', text: 'kEY', isCaseInsensitive: true }, 0],
    [{ kind: 'number', text: '0x01020300..0x01020304', type: 'u32' }, 9],
    [{ kind: 'regexp', text: '\\d+(?=;)' }, 4],
    [{ kind: 'needles', text: '11 22\n34 32' }, 6],
  ]
  const code = [
    'import sys, json',
    `sys.path.insert(0, ${JSON.stringify(join(PROGRAM, '..'))})`,
    'from mapscope_client import Client, ProblemError',
    'client = Client(sys.argv[1])',
    'document = client.open_path("root/wanted")["id"]',
    'print(json.dumps([client.find(document, query)["offset"] for query in json.loads(sys.argv[2])]))',
    'print(json.dumps(client.find(document, {"kind": "text", "text": "nowhere"}, direction="backward")))',
    'try: client.find(document, {"kind": "regexp", "text": "("})',
    'except ProblemError as error: print(json.dumps(error.code))',
  ].join('\n')
  const link = `${serving.origin}/?token=${TOKEN}`
  const process = spawn('python3', ['-c', code, link, JSON.stringify(queries.map(([query]) => query))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...globalThis.process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  let output = ''
  process.stdout?.on('data', (chunk: Buffer) => (output += String(chunk)))
  expect(await new Promise((resolve) => process.once('close', resolve))).toBe(0)
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
  expect(lines).toEqual([queries.map(([, offset]) => start + offset), null, 'ERR_REQUEST'])
})

test('a long read, credit by credit', async () => {
  const content = Buffer.alloc(9 * 1024 ** 2, 'mapscope!')
  writeFileSync(join(root, 'long'), content)
  // A watch covers less: the example's client is used as a library.
  const code = [
    'import sys, hashlib',
    `sys.path.insert(0, ${JSON.stringify(join(PROGRAM, '..'))})`,
    'from mapscope_client import Client',
    'client = Client(sys.argv[1])',
    'document = client.open_path("root/long")',
    'data = client.read(document["id"], 0, document["byteLength"])',
    'sys.stdout.buffer.write(data)',
  ].join('\n')
  const process = spawn('python3', ['-c', code, `${serving.origin}/?token=${TOKEN}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  process.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  expect(await new Promise((resolve) => process.once('close', resolve))).toBe(0)
  expect(Buffer.concat(chunks).equals(readFileSync(join(root, 'long')))).toBe(true)
})
