import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { isError, linesOf, mapscope, outputOf } from './support/command.ts'
import { makeSparse, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const empty = join(folder, 'empty')
const program = process.execPath
const letters = join(folder, 'letters')
const copy = join(folder, 'copy')
const sparse = join(folder, 'sparse')

beforeAll(() => {
  writeFileSync(empty, '')
  writeFileSync(letters, `${'abcdefghijklmnopqrstuvwxyz'.repeat(100)}\0short\0\tlonger text\n`)
  writeFileSync(copy, readFileSync(letters))
  makeSparse(sparse)
})

describe('hash', () => {
  test('prints what sha256sum and md5sum print', async () => {
    expect((await mapscope('hash', program)).output).toBe(await outputOf('sha256sum', program))
    for (const [algorithm, tool] of [
      ['md5', 'md5sum'],
      ['sha1', 'sha1sum'],
      ['sha512', 'sha512sum'],
    ] as const)
      expect((await mapscope('hash', '--algorithm', algorithm, letters)).output).toBe(await outputOf(tool, letters))
    expect((await mapscope('hash', empty)).output).toBe(await outputOf('sha256sum', empty))
    for (const name of ['back\\slash', 'two\nlines', 'a\rreturn']) {
      const path = join(folder, name)
      writeFileSync(path, name)
      expect((await mapscope('hash', path)).output).toBe(await outputOf('sha256sum', path))
    }
  })

  test('what OpenSSL has not, of nothing and of a file', async () => {
    const names = ['xxh64', 'xxh3', 'xxh128', 'blake3']
    const nothing = linesOf(await mapscope('hash', '-a', names.join(','), empty)).map((line) => line.split('  '))
    expect(nothing).toEqual([
      ['ef46db3751d8e999', 'xxh64', empty],
      ['2d06800538d394c2', 'xxh3', empty],
      ['99aa06d3014798d86001c324468d497f', 'xxh128', empty],
      ['af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262', 'blake3', empty],
    ])
    const [xxh3, xxh128] = linesOf(await mapscope('hash', '-a', 'XXH3,xxh-128', program))
    expect(xxh128?.slice(16, 32)).toBe(xxh3?.slice(0, 16))
  })

  test('several at once, a range, chunks', async () => {
    const several = linesOf(await mapscope('hash', '-a', 'sha256,crc32', '-a', 'md5', letters))
    expect(several.map((line) => line.split('  ')[1])).toEqual(['sha256', 'crc32', 'md5'])
    const range = await mapscope('hash', letters, '--start', '26', '--end', '0x34')
    const sum = await outputOf('sh', '-c', 'printf abcdefghijklmnopqrstuvwxyz | sha256sum')
    expect(range.output.split(' ')[0]).toBe(sum.split(' ')[0])
    const chunks = linesOf(await mapscope('hash', letters, '--chunk', '1k'))
    const { length } = readFileSync(letters)
    expect(chunks).toHaveLength(Math.ceil(length / 1024))
    expect(chunks[1]).toBe(
      `0x00000400  1024  ${(await outputOf('sh', '-c', `tail -c +1025 ${letters} | head -c 1024 | sha256sum`)).slice(0, 64)}`,
    )
    const json = linesOf(await mapscope('hash', letters, '--chunk', '1k', '--json', '-a', 'crc32'))
    expect(JSON.parse(json.at(-1) ?? '')).toEqual({
      start: 2048,
      end: length,
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
    })
  })
})

describe('strings', () => {
  test.each(['4', '8', '20'])(
    'what GNU strings -a prints of a real file, but for TAB: --min %s',
    async (min) => {
      const ours = linesOf(await mapscope('strings', '--min', min, program))
      const theirs = (await outputOf('strings', '-a', '-t', 'd', '-n', min, program)).split('\n')
      const tabless = theirs.filter((line) => line !== '' && !line.includes('\t')).map((line) => line.trimStart())
      const set = new Set(
        ours.map((line) => `${Number(line.slice(0, line.indexOf('  ')))} ${line.slice(line.indexOf('  ') + 2)}`),
      )
      expect(tabless.filter((line) => !set.has(line))).toEqual([])
      expect(ours.length).toBeGreaterThanOrEqual(tabless.length)
    },
    60_000,
  )

  test('offsets, lengths and texts as JSON; a TAB ends a text', async () => {
    const [, short, longer, ...rest] = linesOf(await mapscope('strings', '--json', letters))
    expect(JSON.parse(short ?? '')).toEqual({ offset: 2601, byteLength: 5, text: 'short' })
    expect(JSON.parse(longer ?? '')).toEqual({ offset: 2608, byteLength: 11, text: 'longer text' })
    expect(rest).toEqual([])
  })

  test('encodings', async () => {
    for (const [name, encoding] of [
      ['utf16le', 'utf16le'],
      ['utf8', 'utf8'],
    ] as const) {
      const path = join(folder, name)
      writeFileSync(
        path,
        Buffer.concat([Buffer.from([0, 1, 2, 0xff]), Buffer.from('some text', encoding), Buffer.from([0, 0, 1])]),
      )
      expect(linesOf(await mapscope('strings', '--encoding', encoding, path)), name).toEqual(['0x00000004  some text'])
    }
  })

  test('none: 1', async () => {
    expect(await mapscope('strings', empty)).toEqual({ status: 1, output: '', errors: '' })
    expect((await mapscope('strings', '--min', '5000', letters)).status).toBe(1)
  })
})

test('entropy: what Python computes, for each block', async () => {
  const lines = linesOf(await mapscope('entropy', '--block', '1M', program)).map((line) => line.split('  '))
  const expected = execFileSync('python3', [
    '-c',
    'import sys, math, collections\nf = open(sys.argv[1], "rb")\nwhile b := f.read(1 << 20):\n  print("%.4f" % -sum(c / len(b) * math.log2(c / len(b)) for c in collections.Counter(b).values()))',
    program,
  ])
  const theirs = String(expected).trim().split('\n').map(Number)
  expect(lines).toHaveLength(theirs.length)
  for (const [at, line] of lines.entries()) {
    expect(Number(line[0])).toBe(at * 1024 ** 2)
    expect(Number(line[2])).toBeCloseTo(theirs[at] ?? -1, 3)
  }
  const json = linesOf(await mapscope('entropy', '--json', letters))
  expect(JSON.parse(json[0] ?? '')).toMatchObject({
    offset: 0,
    byteLength: readFileSync(letters).length,
    classes: { zero: 2 },
  })
  expect(await mapscope('entropy', empty)).toEqual({ status: 0, output: '', errors: '' })
}, 60_000)

describe('diff', () => {
  test('the same: nothing, and 0', async () => {
    for (const flags of [[], ['--align']])
      expect(await mapscope('diff', ...flags, letters, copy)).toEqual({ status: 0, output: '', errors: '' })
  })

  test('the places that cmp -l lists, and the longer end', async () => {
    const bytes = Buffer.concat([readFileSync(letters), Buffer.from('more')])
    for (const at of [0, 5, 6, 7, 1_000, 2_000]) bytes[at] = 0
    const other = join(folder, 'other')
    writeFileSync(other, bytes)
    const ended = await mapscope('diff', '--json', letters, other)
    expect(ended).toMatchObject({ status: 1, errors: '' })
    const found = linesOf(ended).map((line) => JSON.parse(line) as { offset: number; byteLength: number; kind: string })
    const places = found.flatMap(({ offset, byteLength, kind }) =>
      kind === 'changed' ? Array.from({ length: byteLength }, (_, at) => offset + at) : [],
    )
    const listed = (await outputOf('cmp', '-l', letters, other)).split('\n').filter((line) => line !== '')
    expect(places).toEqual(listed.map((line) => Number.parseInt(line, 10) - 1))
    expect(found.at(-1)).toEqual({ offset: bytes.length - 4, byteLength: 4, kind: 'only in B' })
    expect(linesOf(await mapscope('diff', other, letters)).at(-1)).toMatch(/ {2}4 {2}only in A$/)
  })

  test('--align: what was put in between', async () => {
    const bytes = readFileSync(program).subarray(0, 4_000_000)
    const [a, b] = [join(folder, 'a'), join(folder, 'b')]
    writeFileSync(a, bytes)
    writeFileSync(
      b,
      Buffer.concat([bytes.subarray(0, 1_000_000), Buffer.from('inserted here'), bytes.subarray(1_000_000)]),
    )
    const ended = await mapscope('diff', '--align', '--json', a, b)
    expect(ended.status).toBe(1)
    const [piece, ...rest] = linesOf(ended).map(
      (line) => JSON.parse(line) as { kind: string; b: { start: number; end: number } },
    )
    expect(rest).toEqual([])
    expect(piece?.kind).toBe('inserted')
    expect((piece?.b.end ?? 0) - (piece?.b.start ?? 0)).toBe(13)
  })

  test('trouble is 2', async () => {
    expect(isError(await mapscope('diff', letters, join(folder, 'missing')), 'ERR_OS')).toBe(true)
    expect(isError(await mapscope('diff', letters), 'ERR_USAGE')).toBe(true)
    expect(isError(await mapscope('diff', folder, letters), 'ERR_NOT_A_FILE')).toBe(true)
  })
})

describe('identify', () => {
  test('a file, and what is within one', async () => {
    const gzip = join(folder, 'packed')
    writeFileSync(gzip, Buffer.concat([readFileSync(letters), execFileSync('gzip', ['-c', letters])]))
    expect(await mapscope('identify', gzip)).toMatchObject({ status: 1, output: '' })
    const swept = await mapscope('identify', '--sweep', gzip)
    expect(swept).toMatchObject({ status: 0, errors: '' })
    const [line] = linesOf(swept)
    expect(line).toBe(
      `0x${readFileSync(letters).length.toString(16).toUpperCase().padStart(8, '0')}  ?  gzip  application/gzip  gzip data`,
    )
    const [json] = linesOf(await mapscope('identify', '--sweep', '--json', gzip))
    expect(JSON.parse(json ?? '')).toMatchObject({ offset: readFileSync(letters).length, name: 'gzip' })
  })

  test('nothing known: 1', async () => {
    expect(await mapscope('identify', letters)).toEqual({ status: 1, output: '', errors: '' })
    expect(await mapscope('identify', '--sweep', sparse)).toEqual({ status: 1, output: '', errors: '' })
    expect((await mapscope('identify', empty)).status).toBe(1)
  })
})

describe.each(['strings', 'hash', 'entropy', 'identify'])('errors of %s', (command) => {
  test('end with 2 and a code, without a stack', async () => {
    expect(isError(await mapscope(command, join(folder, 'missing')), 'ERR_OS')).toBe(true)
    expect(isError(await mapscope(command, folder), 'ERR_NOT_A_FILE')).toBe(true)
    expect(isError(await mapscope(command, '/proc/self/status'), 'ERR_NOT_A_FILE')).toBe(true)
    expect(isError(await mapscope(command), 'ERR_USAGE')).toBe(true)
    expect(isError(await mapscope(command, letters, letters), 'ERR_USAGE')).toBe(true)
    expect(isError(await mapscope(command, '--bogus', letters), 'ERR_USAGE')).toBe(true)
  })
})

test('bad values of options', async () => {
  for (const args of [
    ['hash', '--algorithm', 'md4', letters],
    ['hash', '--chunk', '0', letters],
    ['hash', '--chunk', 'x', letters],
    ['strings', '--min', '0', letters],
    ['strings', '--min', '4G', letters],
    ['strings', '--encoding', 'ebcdic', letters],
    ['entropy', '--block', '0', letters],
    ['entropy', '--block', '1T', letters],
  ])
    expect(isError(await mapscope(...args), 'ERR_USAGE'), args.join(' ')).toBe(true)
  expect(isError(await mapscope('hash', '--end', '1T', letters), 'ERR_RANGE')).toBe(true)
})
