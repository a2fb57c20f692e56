import { execFileSync } from 'node:child_process'
import { describe, expect, onTestFinished, test } from 'vitest'
import { HASH_ALGORITHMS, hash, hashChunks, type MappedSource, openFile } from '../../src/index.ts'
import { childAnswer } from '../support/child.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()

function opened(path: string): MappedSource {
  const source = openFile(path)
  onTestFinished(() => source.close())
  return source
}

/** What CPython's own library has. */
const PYTHON_ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha512', 'crc32'] as const

/** CPython's hashlib and zlib, of a range, in the order asked for. */
function pythonDigests(path: string, start: number, end: number): Record<string, string> {
  const program = `
import hashlib, json, sys, zlib
path, start, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
hashes = [hashlib.new(name) for name in ('md5', 'sha1', 'sha256', 'sha512')]
crc = 0
with open(path, 'rb') as file:
    file.seek(start)
    while start < end:
        piece = file.read(min(1 << 20, end - start))
        start += len(piece)
        crc = zlib.crc32(piece, crc)
        for one in hashes: one.update(piece)
print(json.dumps({**{one.name: one.hexdigest() for one in hashes}, 'crc32': format(crc, '08x')}))`
  return JSON.parse(String(execFileSync('python3', ['-c', program, path, String(start), String(end)])))
}

describe('hash', () => {
  test('a real file has the hashes of sha256sum and CPython', async () => {
    const source = opened(process.execPath)
    const digests = await hash(source, { algorithms: PYTHON_ALGORITHMS })
    expect(digests).toEqual(pythonDigests(process.execPath, 0, source.byteLength))
    expect(String(execFileSync('sha256sum', [process.execPath]))).toContain(digests.sha256)
  })

  test('nothing has the hash of nothing', async () => {
    const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    const empty = opened(folder.file(''))
    expect(await hash(empty, { algorithms: ['sha256', 'crc32'] })).toEqual({ sha256: nothing, crc32: '00000000' })
    const range = { start: 5, end: 5 }
    expect(await hash(opened(process.execPath), { algorithms: ['sha256'], range })).toEqual({ sha256: nothing })
  })

  test(`ranges at the edges of windows, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    const path = folder.file(random.bytes(9 * 1024 ** 2))
    const source = opened(path)
    for (let round = 0; round < 12; round++) {
      const edge = random.pick([0, 1024 ** 2, 2 * 1024 ** 2, 4 * 1024 ** 2])
      const start = edge + random.between(0, 2)
      const end = start + random.pick([1, 1024 ** 2 - 1, 1024 ** 2, 2 * 1024 ** 2 + 1, 4 * 1024 ** 2])
      const digests = await hash(source, { algorithms: PYTHON_ALGORITHMS, range: { start, end } })
      expect(digests, `${start} to ${end}`).toEqual(pythonDigests(path, start, end))
    }
  })

  test('past 4 GiB', async () => {
    const path = folder.sparse(5 * GIB, [{ offset: 4.5 * GIB, text: 'beyond' }])
    const range = { start: 4.5 * GIB - 1024 ** 2, end: 4.5 * GIB + 1024 ** 2 }
    const digests = await hash(opened(path), { algorithms: PYTHON_ALGORITHMS, range })
    expect(digests).toEqual(pythonDigests(path, range.start, range.end))
  })

  test('a range of more than 4 GiB', async () => {
    const path = folder.sparse(4.25 * GIB, [{ offset: 4.125 * GIB, text: 'beyond' }])
    const { crc32 } = await hash(opened(path), { algorithms: ['crc32'] })
    const program =
      'import sys, zlib\nc = 0\nf = open(sys.argv[1], "rb")\nwhile b := f.read(1 << 22): c = zlib.crc32(b, c)\nprint(format(c, "08x"))'
    expect(crc32).toBe(String(execFileSync('python3', ['-c', program, path])).trim())
  }, 120_000)

  test('any other source is read and hashed', async () => {
    const bytes = new Random(SEED).bytes(3 * 1024 ** 2 + 5)
    const digests = await hash(new MemorySource(bytes), { algorithms: HASH_ALGORITHMS })
    expect(digests).toEqual(await hash(opened(folder.file(bytes)), { algorithms: HASH_ALGORITHMS }))
  })

  test('timers run while a source that has its bytes at hand is hashed', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 0)
    await hash(new MemorySource(new Uint8Array(32 * 1024 ** 2)), { algorithms: HASH_ALGORITHMS })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(1)
  })

  test('what cannot be read is an error with its place, never a hash', async () => {
    const source = new MemorySource(new Uint8Array(4_096), { unreadable: [{ start: 1_000, end: 1_010 }] })
    const options = { algorithms: ['md5'] } as const
    await expect(hash(source, options)).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 1_000 })
    expect((await hash(source, { ...options, range: { start: 1_010, end: 4_096 } })).md5).toHaveLength(32)
  })

  test('a file cut short while it is open, also within its last page: the first byte that is gone', async () => {
    expect(await childAnswer('hash_cut.mjs', [folder.fresh('cut')])).toEqual({
      half: { code: 'ERR_FAULT', offset: 4 * 1024 ** 2, fileByteLength: 4 * 1024 ** 2 },
      page: { code: 'ERR_FAULT', offset: 4 * 1024 ** 2 - 100, fileByteLength: 4 * 1024 ** 2 - 100 },
      other: { code: 'ERR_FAULT', offset: 4 * 1024 ** 2 - 100, fileByteLength: 4 * 1024 ** 2 - 100 },
      before: 'sha256 of what is left is there',
      read: 'unreadable',
    })
  })

  test.each(['sha512', 'blake3', 'xxh3'] as const)('an abort of %s rejects with its reason at once', async (name) => {
    const source = opened(folder.sparse(4_000 * GIB))
    const stop = new AbortController()
    const hashing = hash(source, { algorithms: [name], signal: stop.signal })
    setTimeout(() => stop.abort(new Error('enough')), 150)
    await expect(hashing).rejects.toThrow('enough')
    expect((await hash(source, { algorithms: ['crc32'], range: { start: 0, end: 2 * 1024 ** 2 } })).crc32).toHaveLength(
      8,
    )
    await source.close()
    await expect(hash(source, { algorithms: ['crc32'] })).rejects.toMatchObject({ code: 'ERR_CLOSED' })
  })

  test('progress comes to the whole', async () => {
    const source = opened(process.execPath)
    const seen: number[] = []
    await hash(source, { algorithms: ['crc32'], onProgress: ({ scanned }) => seen.push(scanned) })
    expect(seen.at(-1)).toBe(source.byteLength)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
  })

  test('a callback that throws ends the work', async () => {
    const fails = (): never => {
      throw new Error('no more')
    }
    await expect(hash(opened(process.execPath), { algorithms: ['crc32'], onProgress: fails })).rejects.toThrow(
      'no more',
    )
  })

  test('arguments are checked', async () => {
    const source = new MemorySource(new Uint8Array(10))
    await expect(hash(source, { algorithms: [] })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
    await expect(hash(source, { algorithms: ['md4' as 'md5'] })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
    const range = { start: 0, end: 11 }
    await expect(hash(source, { algorithms: ['md5'], range })).rejects.toMatchObject({ code: 'ERR_RANGE' })
    const chunks = hashChunks(source, { algorithms: ['md5'], chunkByteLength: 0 })
    await expect(chunks.next()).rejects.toMatchObject({ code: 'ERR_ARGUMENT' })
  })
})

describe('hashChunks', () => {
  test.each([4_096, 1_000_000, 5_000_000])(
    'chunks of %i bytes, each with its own hash, in order',
    async (chunkByteLength) => {
      const source = opened(process.execPath)
      const range = { start: 7, end: 70_000_007 }
      let at = range.start
      let checked = 0
      const options = { algorithms: ['crc32', 'sha1'], range, chunkByteLength } as const
      for await (const chunk of hashChunks(source, options)) {
        expect(chunk.range).toEqual({ start: at, end: Math.min(range.end, at + chunkByteLength) })
        at = chunk.range.end
        if (checked++ % 997 !== 0 && at < range.end) continue
        expect(chunk.digests).toEqual(await hash(source, { algorithms: ['crc32', 'sha1'], range: chunk.range }))
      }
      expect(at).toBe(range.end)
      expect(checked).toBe(Math.ceil(70_000_000 / chunkByteLength))
    },
  )

  test('nothing has no chunks, and whoever leaves early stops the work', async () => {
    const source = opened(folder.sparse(100 * GIB))
    const none = hashChunks(source, { algorithms: ['md5'], chunkByteLength: 512, range: { start: 9, end: 9 } })
    expect(await none.next()).toMatchObject({ done: true })
    for await (const { range } of hashChunks(source, { algorithms: ['md5'], chunkByteLength: 1_024 })) {
      expect(range).toEqual({ start: 0, end: 1_024 })
      break
    }
  })
})
