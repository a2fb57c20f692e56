import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { isError, linesOf, mapscope, outputOf } from './support/command.ts'
import { MARKS, makeSparse, SPARSE_BYTE_LENGTH, seeded, temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const text = join(folder, 'text')
const binary = join(folder, 'binary')
const sparse = join(folder, 'sparse')
const empty = join(folder, 'empty')

const SEED = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31)

beforeAll(() => {
  writeFileSync(text, 'aaaa one Two ONE tWo\n\xe0\xc0 one', 'latin1')
  const random = seeded(SEED)
  writeFileSync(binary, Buffer.from(Array.from({ length: 300_000 }, () => random(7))))
  makeSparse(sparse)
  writeFileSync(empty, '')
})

/** Offsets and lengths of GNU grep, which looks at bytes with -a in the C locale; `.` is any byte but a line's end. */
async function grepped(expression: string, path: string): Promise<string[]> {
  const found = await outputOf('grep', '-obUaP', expression, path)
  return found
    .split('\n')
    .filter((line) => /^\d+:/.test(line))
    .map((line) => line.slice(0, line.indexOf(':')))
}

async function offsets(...args: readonly string[]): Promise<string[]> {
  const ended = await mapscope('find', ...args)
  expect(ended.errors).toBe('')
  return linesOf(ended).map((line) => String(Number(line.split('  ')[0])))
}

describe('mapscope find against grep -obUaP', () => {
  test.each([
    [['--hex', '01 02'], '\\x01\\x02'],
    [['0102 03'], '\\x01\\x02\\x03'],
    [['--hex', '01 ?? 03'], '(?s)\\x01.\\x03'],
    [['--hex', '01 [2-4] 05'], '(?s)\\x01.{2,4}\\x05'],
    [['--regex', '\\x01+[\\x02\\x03]{2}'], '\\x01+[\\x02\\x03]{2}'],
    [['--value', 'u16le', '0x0201', '--overlapping'], '\\x01\\x02'],
  ])('%j, seed of the file in its name', async (args, expression) => {
    const expected = await grepped(expression, binary)
    expect(expected.length, `seed ${SEED}`).toBeGreaterThan(10)
    expect(await offsets(...args, binary), `seed ${SEED}`).toEqual(expected)
    const counted = await mapscope('find', '--count', ...args, binary)
    expect(counted.output).toBe(`${expected.length}\n`)
  })

  test('a real file', async () => {
    expect(await offsets('--text', 'v8::internal::Heap', process.execPath)).toEqual(
      await grepped('v8::internal::Heap', process.execPath),
    )
  })
})

describe('what is printed', () => {
  test('offset, length, preview; as JSON one object a line', async () => {
    const ended = await mapscope('find', 'one', text)
    expect(linesOf(ended)).toEqual(['0x00000005  3  one Two ONE tWo... one', '0x00000018  3  one'])
    expect(ended).toMatchObject({ status: 0, errors: '' })
    expect(linesOf(await mapscope('find', '--json', 'one', text))).toEqual([
      '{"offset":5,"byteLength":3}',
      '{"offset":24,"byteLength":3}',
    ])
  })

  test('nothing found: nothing printed, and 1', async () => {
    expect(await mapscope('find', 'absent', text)).toEqual({ status: 1, output: '', errors: '' })
    expect(await mapscope('find', '--count', 'absent', text)).toEqual({ status: 1, output: '0\n', errors: '' })
    expect(await mapscope('find', 'absent', empty)).toEqual({ status: 1, output: '', errors: '' })
  })

  test('hits do not overlap unless asked', async () => {
    expect(await offsets('aa', text, '--text')).toEqual(['0', '2'])
    expect(await offsets('aa', text, '--text', '--overlapping')).toEqual(['0', '1', '2'])
    const russian = join(folder, 'russian')
    writeFileSync(russian, 'РрСсТт'.repeat(6), 'utf8')
    // Of more than 1,024 spellings: see the core's long_spellings.test.ts.
    const repeated = ['--text', '-i', 'ррссттррссттррс', russian]
    expect(await offsets(...repeated)).toEqual(['0', '36'])
    expect(await offsets(...repeated, '--overlapping')).toEqual(['0', '12', '24', '36'])
  })

  test('a pattern that reads as hex is bytes, any other is text', async () => {
    expect(await offsets('6161', text)).toEqual(['0', '2'])
    expect(await offsets('--text', '6161', text)).toEqual([])
    expect(await offsets('one', text)).toEqual(['5', '24'])
  })

  test('-i folds A to Z, and no other byte', async () => {
    expect(await offsets('-i', 'one', text)).toEqual(['5', '13', '24'])
    expect(await offsets('-i', '--regex', 'ONE', text)).toEqual(['5', '13', '24'])
    expect(await offsets('-i', '--regex', '\\xe0', text)).toEqual(['21'])
  })

  test('--backward gives the same, last first; --limit ends early', async () => {
    for (const args of [
      ['--text', 'one'],
      ['--regex', 'a+|one'],
      ['aa', '--text'],
    ]) {
      const forward = await offsets(...args, text)
      expect(await offsets(...args, text, '--backward')).toEqual(forward.toReversed())
      expect(await offsets(...args, text, '--limit', '1')).toEqual(forward.slice(0, 1))
      expect(await offsets(...args, text, '--limit', '1', '--backward')).toEqual(forward.slice(-1))
    }
    expect(await offsets('one', text, '--limit', '0')).toEqual([])
    expect((await mapscope('find', 'one', text, '--count', '--limit', '1')).output).toBe('1\n')
  })

  test('--align, --start and --end: a hit lies wholly inside', async () => {
    expect(await offsets('one', text, '--align', '8')).toEqual(['24'])
    expect(await offsets('one', text, '--start', '5', '--end', '8')).toEqual(['5'])
    expect(await offsets('one', text, '--start', '6')).toEqual(['24'])
    expect(await offsets('one', text, '--end', '0x7')).toEqual([])
    expect(await offsets('one', text, '--start', '0', '--end', '27')).toEqual(['5', '24'])
  })

  test('--encoding', async () => {
    const path = join(folder, 'utf16')
    writeFileSync(path, Buffer.from('\0grün', 'utf16le'))
    expect(await offsets('--text', '--encoding', 'utf-16le', 'grün', path)).toEqual(['2'])
    expect(await offsets('--encoding', 'latin1', 'à', text)).toEqual(['21'])
  })

  test('--needles says which; it takes no pattern', async () => {
    const list = join(folder, 'list')
    writeFileSync(list, '6f6e65 # one\n\n5477\n61 61\n')
    expect(linesOf(await mapscope('find', '--json', '--needles', list, text))).toEqual([
      '{"offset":0,"byteLength":2,"which":2}',
      '{"offset":1,"byteLength":2,"which":2}',
      '{"offset":2,"byteLength":2,"which":2}',
      '{"offset":5,"byteLength":3,"which":0}',
      '{"offset":9,"byteLength":2,"which":1}',
      '{"offset":24,"byteLength":3,"which":0}',
    ])
  })

  test('--value: one number, a range, a negative one', async () => {
    const path = join(folder, 'numbers')
    const bytes = Buffer.alloc(24)
    bytes.writeInt32LE(-5, 4)
    bytes.writeInt32LE(1_000_000, 12)
    bytes.writeDoubleBE(1.5, 16)
    writeFileSync(path, bytes)
    expect(await offsets('--value', 'i32le', '-5', path)).toEqual(['4'])
    expect(await offsets('--value', 'i32le', '--align', '4', '-7..-3', path)).toEqual(['4'])
    expect(await offsets('--value', 'u32le', '--align', '4', '999k..1M', path)).toEqual(
      ['12'].filter(() => 999 * 1024 <= 1_000_000),
    )
    expect(await offsets('--value', 'u32le', '--align', '4', '1000000', path)).toEqual(['12'])
    expect(await offsets('--value', 'f64be', '1.5', path)).toEqual(['16'])
  })
})

describe('15 TiB', () => {
  test('its marks, from either end', async () => {
    const found = await offsets('mark at', sparse)
    expect(found).toEqual(MARKS.slice(0, 3).map(({ offset }) => String(offset)))
    expect(await offsets('--regex', 'last \\d+', sparse, '--backward')).toEqual([String(SPARSE_BYTE_LENGTH - 12)])
    const [line] = linesOf(await mapscope('find', '--json', 'the last', sparse, '--start', '14T'))
    expect(JSON.parse(line ?? '')).toEqual({ offset: SPARSE_BYTE_LENGTH - 16, byteLength: 8 })
  })
})

describe('errors end with 2 and a code, without a stack', () => {
  const list = join(folder, 'bad_list')
  beforeAll(() => writeFileSync(list, '41\nzz\n'))
  test.each([
    [['one', join(folder, 'missing')], 'ERR_OS'],
    [['one', folder], 'ERR_NOT_A_FILE'],
    [['one', '/dev/null'], 'ERR_NOT_A_FILE'],
    [['one', '/proc/cpuinfo'], 'ERR_NOT_A_FILE'],
    [['one'], 'ERR_USAGE'],
    [[], 'ERR_USAGE'],
    [['one', text, 'more'], 'ERR_USAGE'],
    [['--hex', '4', text], 'ERR_USAGE'],
    [['--hex', 'zz', text], 'ERR_USAGE'],
    [['--regex', '(', text], 'ERR_USAGE'],
    [['--value', 'u8', '256', text], 'ERR_USAGE'],
    [['--value', 'u8', 'x', text], 'ERR_USAGE'],
    [['--value', 'u7', '1', text], 'ERR_USAGE'],
    [['--encoding', 'none', 'x', text], 'ERR_USAGE'],
    [['--encoding', 'ascii', 'ü', text], 'ERR_USAGE'],
    [['--hex', '--text', '41', text], 'ERR_USAGE'],
    [['-i', '4142', text], 'ERR_USAGE'],
    [['--needles', list, text], 'ERR_USAGE'],
    [['--needles', join(folder, 'missing'), text], 'ERR_LIST_FILE'],
    [['--needles', list, '41', text], 'ERR_USAGE'],
    [['one', text, '--start', 'x'], 'ERR_USAGE'],
    [['one', text, '--start', '4kB'], 'ERR_USAGE'],
    [['one', text, '--start', '-1'], 'ERR_USAGE'],
    [['one', text, '--align', '0'], 'ERR_USAGE'],
    [['one', text, '--start', '28'], 'ERR_RANGE'],
    [['one', text, '--end', '28'], 'ERR_RANGE'],
    [['one', text, '--start', '5', '--end', '4'], 'ERR_RANGE'],
    [['one', text, '--bogus'], 'ERR_USAGE'],
    [['--regex', '(\n', text], 'ERR_USAGE'],
    [['--hex', '\x1b[2J', text], 'ERR_USAGE'],
    [['--regex', 'o', text, '--overlapping'], 'ERR_USAGE'],
    [['41 [1-2] 42', text, '--overlapping'], 'ERR_USAGE'],
  ] as [string[], string][])('%j: %s', async (args, code) => {
    const ended = await mapscope('find', ...args)
    expect(isError(ended, code), JSON.stringify(ended)).toBe(true)
    const lines = ended.errors.split('\n')
    expect(lines, 'one line, and where help is').toHaveLength(code === 'ERR_USAGE' ? 3 : 2)
    expect(ended.errors, 'nothing that a terminal obeys').not.toMatch(/[^\P{Cc}\n]/u)
  })

  test('a name that begins with a dash is no option behind --, as the error says', async () => {
    const ended = await mapscope('find', 'one', '-dash')
    expect(ended.errors).toMatch(/^mapscope: ERR_USAGE: .*-d.*write -- before/)
    expect((await mapscope('find', '--', '-dash', text)).status).toBe(1)
  })
})

test('a file cut short while it is searched: the hits there were, then a coded error, and never a dead process', async () => {
  const path = join(folder, 'cut')
  const file = openSync(path, 'w')
  const block = Buffer.alloc(1024 ** 2, 'filler ')
  block.write('HIT')
  for (let count = 0; count < 200; count++) writeSync(file, block)
  closeSync(file)
  const running = mapscope('find', '--regex', 'H[A-Z]T(?=[a-z ]{5})', path)
  await new Promise((resolve) => setTimeout(resolve, 350))
  truncateSync(path, 1024 ** 2)
  const { status, errors } = await running
  expect([0, 1, 2]).toContain(status)
  if (status === 2) expect(errors).toMatch(/^mapscope: ERR_(FAULT|RANGE): /)
  expect(errors).not.toContain('    at ')
  expect(readFileSync(path)).toHaveLength(1024 ** 2)
})
