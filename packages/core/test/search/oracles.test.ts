import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { count, type MappedSource, openFile, type Searchable, search } from '../../src/index.ts'
import { Random, SEED } from '../support/random.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const MIB = 1024 ** 2
const opened: MappedSource[] = []
afterAll(() => Promise.all(opened.map((source) => source.close())))

const random = new Random(SEED)

function textOf(words: readonly string[], byteLength: number): string {
  const parts: string[] = []
  for (let length = 0; length < byteLength; length += (parts.at(-1) as string).length) parts.push(random.pick(words))
  return parts.join('')
}

const FILES: Readonly<Record<string, string>> = {
  'random bytes of four values': folder.file(random.bytes(3 * MIB, 4)),
  zeros: folder.file(new Uint8Array(1_200_000)),
  'a period of three': folder.file('aba'.repeat(400_000)),
  text: folder.file(textOf(['the ', 'needle', 'NEEDLE ', 'nee', 'dle\n', 'aa', 'é'], 2 * MIB)),
  // More than a window, and no more: the others take their time.
  'a real program': folder.file(readFileSync(process.execPath).subarray(0, 18 * MIB)),
}

/** Where all bytes are alike CPython and grep take minutes for long needles. */
const LENGTHS: Readonly<Record<string, readonly number[]>> = {
  'random bytes of four values': [1, 2, 5, 16, 65_536, MIB],
  zeros: [1, 2, 7, 64],
  'a period of three': [2, 3, 8, 64],
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

async function offsetsOf(
  path: string,
  query: Searchable,
  direction: 'forward' | 'backward' = 'forward',
): Promise<number[]> {
  const source = openFile(path)
  opened.push(source)
  const offsets: number[] = []
  for await (const batch of search(source, query, { direction }))
    for (const offset of batch.offsets) offsets.push(offset)
  expect(await count(source, query)).toBe(offsets.length)
  return offsets
}

/** `re.finditer` of CPython over the mapped file; a dot is a byte. */
const PYTHON = `
import json, mmap, re, sys
with open(sys.argv[1], 'rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
    if sys.argv[2] == 'find':
        needle, at, found = bytes.fromhex(sys.argv[3]), -1, []
        while (at := data.find(needle, at + 1)) >= 0:
            found.append(at)
    else:
        found = [match.start() for match in re.finditer(sys.argv[3].encode(), data, re.DOTALL)]
    print(json.dumps(found))
`

function python(path: string, kind: 'find' | 're', argument: string): number[] {
  const { stdout, stderr } = spawnSync('python3', ['-c', PYTHON, path, kind, argument], {
    maxBuffer: 512 * MIB,
    encoding: 'latin1',
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

function pythonRe(path: string, pattern: string): number[] {
  return python(path, 're', pattern)
}

/** What is sought must lie within a line. */
function grep(path: string, pattern: string): number[] {
  const { stdout } = spawnSync('grep', ['-obUaP', '--', pattern, path], {
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 512 * MIB,
    encoding: 'latin1',
  })
  return [...stdout.matchAll(/^([0-9]+):/gm)].map((match) => Number(match[1]))
}

/** Where it is installed; the same lines and offsets. */
function ripgrep(path: string, pattern: string): number[] {
  const options = ['--byte-offset', '--only-matching', '--text', '--no-unicode', '--no-filename', '--no-line-number']
  const { stdout } = spawnSync('rg', [...options, '--regexp', pattern, path], {
    maxBuffer: 512 * MIB,
    encoding: 'latin1',
  })
  return [...stdout.matchAll(/^([0-9]+):/gm)].map((match) => Number(match[1]))
}

const hasRipgrep = spawnSync('rg', ['--version']).status === 0
const LINE_TOOLS = hasRipgrep ? { grep, ripgrep } : { grep }

function needleFrom(path: string, length: number): Uint8Array {
  const bytes = readFileSync(path)
  const start = random.between(0, Math.max(0, bytes.length - length))
  return new Uint8Array(bytes.subarray(start, start + length))
}

describe(`as CPython, ${Object.keys(LINE_TOOLS).join(' and ')} see it (seed ${SEED})`, () => {
  for (const [name, path] of Object.entries(FILES)) {
    test(name, { timeout: 120_000 }, async () => {
      for (const length of LENGTHS[name] ?? [3, 5, 8, 64, 1000, MIB]) {
        const needle = needleFrom(path, length)
        const escaped = [...needle].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
        const expected = length <= 1000 ? pythonRe(path, escaped) : undefined
        const forward = await offsetsOf(path, needle)
        if (expected !== undefined) expect(sameNumbers(forward, expected), `${name} ${length}`).toBe(true)
        const backward = await offsetsOf(path, needle, 'backward')
        expect(sameNumbers(backward.reverse(), forward), `${name} ${length} backward`).toBe(true)
        if (length >= 8 && length <= 1000) {
          const overlapping = await overlappingOf(path, needle)
          const found = python(path, 'find', hex(needle))
          expect(sameNumbers(overlapping, found), `${name} ${length} overlapping`).toBe(true)
        }
      }
    })
  }

  test.each(Object.entries(LINE_TOOLS))(
    'masked bytes, and letters without case, as %s',
    { timeout: 120_000 },
    async (_, tool) => {
      const text = FILES['text'] as string
      expect(await offsetsOf(text, { kind: 'text', text: 'Needle', isCaseInsensitive: true })).toEqual(
        tool(text, '(?i)needle'),
      )
      expect(await offsetsOf(text, { kind: 'hex', text: '6? 65 ?5' })).toEqual(
        tool(text, '[\\x60-\\x6f]e[\\x05\\x15\\x25\\x35\\x45\\x55\\x65\\x75\\x85\\x95\\xa5\\xb5\\xc5\\xd5\\xe5\\xf5]'),
      )
      const program = FILES['a real program'] as string
      expect(await offsetsOf(program, { kind: 'hex', text: '7F 45 4C 46' })).toEqual(tool(program, '\\x7fELF'))
    },
  )

  test('masked bytes and gaps, as CPython', { timeout: 120_000 }, async () => {
    const text = FILES['text'] as string
    const program = FILES['a real program'] as string
    expect(await offsetsOf(program, { kind: 'hex', text: '48 8B ?5 ?? ?? ?? 00 E8' })).toEqual(
      pythonRe(
        program,
        '\\x48\\x8b[\\x05\\x15\\x25\\x35\\x45\\x55\\x65\\x75\\x85\\x95\\xa5\\xb5\\xc5\\xd5\\xe5\\xf5]...\\x00\\xe8',
      ),
    )
    expect(await offsetsOf(text, { kind: 'hex', text: '6E [2-4] 6C 65' })).toEqual(pythonRe(text, 'n.{2,4}le'))
  })
})

async function overlappingOf(path: string, needle: Uint8Array): Promise<number[]> {
  const source = openFile(path)
  opened.push(source)
  const offsets: number[] = []
  for await (const batch of search(source, needle, { isOverlapping: true }))
    for (const offset of batch.offsets) offsets.push(offset)
  return offsets
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at])
}
