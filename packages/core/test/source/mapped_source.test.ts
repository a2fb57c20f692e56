import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Extent, MappedSource, openFile } from '../../src/index.ts'
import { GIB, latin1, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()

async function collect(extents: AsyncIterable<Extent>): Promise<Extent[]> {
  const all: Extent[] = []
  for await (const extent of extents) all.push(extent)
  return all
}

describe('opening', () => {
  test('maps the whole file; the caller may close its descriptor at once', async () => {
    const fd = openSync(folder.file('hello'), 'r')
    const source = MappedSource.open(fd)
    closeSync(fd)
    expect([source.byteLength, source.isWritable]).toEqual([5, false])
    expect(latin1((await source.read(1, 3)).bytes)).toBe('ell')
    await source.close()
  })

  test('an empty file is an empty source that still sees the file grow, and lets its descriptor go', async () => {
    const before = readdirSync('/proc/self/fd').length
    const path = folder.file('')
    const source = openFile(path)
    expect(source.byteLength).toBe(0)
    expect(await source.read(0, 0)).toEqual({ offset: 0, bytes: new Uint8Array(0), unreadable: [] })
    expect(await collect(source.extents({ start: 0, end: 0 }))).toEqual([])
    expect((await source.findIn(Buffer.from('a'), { start: 0, end: 0 }, 'forward')).offset).toBe(-1)
    await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'ERR_RANGE' })
    writeFileSync(path, 'grown')
    expect(source.status()).toMatchObject({ byteLength: 5, kind: 'file' })
    unlinkSync(path)
    expect(source.status().links).toBe(0)
    await source.close()
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })

  test('what is no regular file is refused, saying what it is', () => {
    const directory = folder.fresh('directory')
    mkdirSync(directory)
    const pipe = folder.fresh('pipe')
    execFileSync('mkfifo', [pipe])
    expect(() => openFile(directory)).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_A_FILE', message: expect.stringContaining('a directory') }),
    )
    expect(() => openFile(directory, { isWritable: true })).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_A_FILE', path: directory }),
    )
    expect(() => openFile(pipe)).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_A_FILE', message: expect.stringContaining('a pipe') }),
    )
    expect(() => openFile('/dev/null')).toThrow(
      expect.objectContaining({ code: 'ERR_NOT_A_FILE', message: expect.stringContaining('a character device') }),
    )
    const missing = folder.fresh('missing')
    expect(() => openFile(missing)).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'ENOENT', path: missing }))
    expect(() => MappedSource.open(99_999)).toThrow(expect.objectContaining({ code: 'ERR_OS', errno: 'EBADF' }))
  })

  test('a writable source needs a writable descriptor', () => {
    const fd = openSync(folder.file('hello'), 'r')
    expect(() => MappedSource.open(fd, { isWritable: true })).toThrow(
      expect.objectContaining({ code: 'ERR_OS', errno: 'EACCES' }),
    )
    closeSync(fd)
  })

  test('opening neither leaves descriptors behind when it fails, nor when it is closed', async () => {
    const before = readdirSync('/proc/self/fd').length
    const source = openFile(folder.file('hello'))
    expect(() => openFile('/dev/null')).toThrow()
    await source.close()
    expect(readdirSync('/proc/self/fd').length).toBe(before)
  })
})

describe('reading', () => {
  test('ranges are checked', async () => {
    const source = openFile(folder.file('hello'))
    for (const [offset, length] of [
      [-1, 1],
      [0, 6],
      [5, 1],
      [0, -1],
      [0.5, 1],
      [2 ** 53, 1],
      [Number.NaN, 1],
    ] as const) {
      await expect(source.read(offset, length), `${offset} + ${length}`).rejects.toMatchObject({ code: 'ERR_RANGE' })
    }
    expect((await source.read(5, 0)).bytes).toHaveLength(0)
    await source.close()
  })

  test('more than 16 MiB comes in one piece, at any alignment', async () => {
    const byteLength = 40 * 1024 ** 2 + 3
    const source = openFile(
      folder.sparse(byteLength, [
        { offset: 16 * 1024 ** 2 - 2, text: 'across' },
        { offset: byteLength - 3, text: 'end' },
      ]),
    )
    const { bytes, unreadable } = await source.read(1, byteLength - 1)
    expect([bytes.length, unreadable]).toEqual([byteLength - 1, []])
    expect(latin1(bytes.subarray(16 * 1024 ** 2 - 3, 16 * 1024 ** 2 + 3))).toBe('across')
    expect(latin1(bytes.subarray(-3))).toBe('end')
    await source.close()
  })

  test('an abort rejects with its reason, at once and later', async () => {
    const source = openFile(folder.sparse(200 * 1024 ** 2))
    const reason = new Error('scrolled away')
    await expect(source.read(0, 1, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const reading = source.read(0, source.byteLength, { signal: controller.signal })
    controller.abort(reason)
    await expect(reading).rejects.toBe(reason)
    const searching = new AbortController()
    const search = source.findIn(Buffer.from('x'), { start: 0, end: source.byteLength }, 'forward', {
      signal: searching.signal,
    })
    searching.abort(reason)
    await expect(search).rejects.toBe(reason)
    await source.close()
  })
})

describe('extents', () => {
  test('are the data that was written and the holes between, clipped to the range', async () => {
    const BLOCK = 64 * 1024
    const path = folder.sparse(5 * GIB, [
      { offset: BLOCK, text: 'x'.repeat(BLOCK) },
      { offset: 4 * GIB + BLOCK, text: 'y'.repeat(2 * BLOCK) },
    ])
    const source = openFile(path)
    expect(await collect(source.extents({ start: 0, end: 5 * GIB }))).toEqual([
      { kind: 'hole', start: 0, end: BLOCK },
      { kind: 'data', start: BLOCK, end: 2 * BLOCK },
      { kind: 'hole', start: 2 * BLOCK, end: 4 * GIB + BLOCK },
      { kind: 'data', start: 4 * GIB + BLOCK, end: 4 * GIB + 3 * BLOCK },
      { kind: 'hole', start: 4 * GIB + 3 * BLOCK, end: 5 * GIB },
    ])
    expect(await collect(source.extents({ start: BLOCK + 5, end: 2 * BLOCK + 7 }))).toEqual([
      { kind: 'data', start: BLOCK + 5, end: 2 * BLOCK },
      { kind: 'hole', start: 2 * BLOCK, end: 2 * BLOCK + 7 },
    ])
    expect(await collect(source.extents({ start: 9, end: 9 }))).toEqual([])
    await expect(collect(source.extents({ start: 0, end: 5 * GIB + 1 }))).rejects.toMatchObject({ code: 'ERR_RANGE' })
    await source.close()
  })

  test('a lost tail is data, never a hole', async () => {
    const path = folder.sparse(GIB, [{ offset: 0, text: 'start' }])
    const source = openFile(path)
    truncateSync(path, 100)
    const extents = await collect(source.extents({ start: 0, end: GIB }))
    expect(extents.every((extent) => extent.kind === 'data')).toBe(true)
    expect([extents[0]?.start, extents.at(-1)?.end]).toEqual([0, GIB])
    await source.close()
  })
})

describe('writing', () => {
  test('stores in the file and says what was there', async () => {
    const path = folder.file('hello world')
    const source = openFile(path, { isWritable: true })
    const result = await source.write(6, Buffer.from('there'))
    expect(result).toEqual({
      kind: 'stored',
      replaced: new Uint8Array(Buffer.from('world')),
      status: source.status(), // as the store left it: nobody else wrote
    })
    expect(await source.write(0, new Uint8Array(0))).toMatchObject({ kind: 'stored', status: source.status() })
    expect(readFileSync(path, 'latin1')).toBe('hello there')
    expect(latin1((await source.read(0, 11)).bytes)).toBe('hello there')
    await source.close()
  })

  test('stores only over what is expected', async () => {
    const path = folder.file('hello')
    const source = openFile(path, { isWritable: true })
    expect(await source.write(0, Buffer.from('J'), { expected: Buffer.from('x') })).toEqual({
      kind: 'conflict',
      present: Uint8Array.of(0x68),
    })
    expect(readFileSync(path, 'latin1')).toBe('hello')
    expect((await source.write(0, Buffer.from('J'), { expected: Buffer.from('h') })).kind).toBe('stored')
    expect(readFileSync(path, 'latin1')).toBe('Jello')
    await expect(source.write(0, Buffer.from('J'), { expected: Buffer.from('Je') })).rejects.toMatchObject({
      code: 'ERR_ARGUMENT',
    })
    await source.close()
  })

  test('one at a time: each sees what the one before it left, whatever became of that one', async () => {
    const source = openFile(folder.file('a'), { isWritable: true })
    const letters = 'bcdefghijklmnopqrstuvwxyz'
    const writes = [...letters].map((letter) => source.write(0, Buffer.from(letter)))
    const replaced = (await Promise.all(writes)).map((result) =>
      result.kind === 'stored' ? latin1(result.replaced) : '!',
    )
    expect(replaced.join('')).toBe('abcdefghijklmnopqrstuvwxy')
    await source.close()
  })

  test('of two that expect the same, one wins', async () => {
    const source = openFile(folder.file('a'), { isWritable: true })
    const expected = Buffer.from('a')
    const results = await Promise.all([
      source.write(0, Buffer.from('b'), { expected }),
      source.write(0, Buffer.from('c'), { expected }),
    ])
    expect(results.map((result) => result.kind)).toEqual(['stored', 'conflict'])
    await source.close()
  })

  test('the caller may reuse its array at once; close waits for what was begun', async () => {
    const path = folder.file('aaaa')
    const source = openFile(path, { isWritable: true })
    const bytes = Buffer.from('zz')
    const first = source.write(0, bytes)
    const second = source.write(2, bytes)
    bytes.fill(0)
    await source.close()
    expect(readFileSync(path, 'latin1')).toBe('zzzz')
    expect((await first).kind).toBe('stored')
    expect((await second).kind).toBe('stored')
  })

  test('is refused where it cannot be', async () => {
    const readOnly = openFile(folder.file('hello'))
    await expect(readOnly.write(99, Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_READ_ONLY' })
    await readOnly.close()
    const path = folder.file('hello')
    const source = openFile(path, { isWritable: true })
    await expect(source.write(5, Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_RANGE' })
    await expect(source.write(-1, Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_RANGE' })
    truncateSync(path, 3)
    await expect(source.write(2, Buffer.from('xyz'))).rejects.toMatchObject({
      code: 'ERR_FAULT',
      offset: 3,
      fileByteLength: 3,
    })
    expect((await source.write(2, Buffer.from('x'))).kind).toBe('stored')
    expect(readFileSync(path, 'latin1')).toBe('hex')
    await source.close()
  })
})

test('after close everything is ERR_CLOSED, and close is idempotent', async () => {
  const source = openFile(folder.file('hello'), { isWritable: true })
  const reading = source.read(0, 5)
  const closing = source.close()
  await expect(source.read(0, 1)).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await expect(source.write(0, Buffer.from('x'))).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  await expect(source.findIn(Buffer.from('x'), { start: 0, end: 5 }, 'forward')).rejects.toMatchObject({
    code: 'ERR_CLOSED',
  })
  await expect(collect(source.extents({ start: 0, end: 5 }))).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  expect(() => source.status()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }))
  expect(latin1((await reading).bytes)).toBe('hello')
  await closing
  await source.close()
})
