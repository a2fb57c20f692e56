import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ByteRange, FORMAT_NAMES, type Identified, identify, openFile, sweep } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { TempFolder, TIB } from '../support/temp.ts'

const folder = new TempFolder()

async function named(path: string): Promise<Identified[]> {
  const source = openFile(path)
  const found = await identify(source)
  await source.close()
  return found
}

async function swept(path: string): Promise<Identified[]> {
  const source = openFile(path)
  const found: Identified[] = []
  for await (const one of sweep(source)) found.push(one)
  await source.close()
  return found
}

function isThere(program: string): boolean {
  return (process.env['PATH'] ?? '')
    .split(':')
    .concat('/sbin', '/usr/sbin')
    .some((path) => existsSync(join(path, program)))
}

/** Python writes the formats that its library knows: files by others than us, with their true length. */
const PYTHON_FILES = `
import gzip, bz2, lzma, zipfile, tarfile, sqlite3, wave, struct, sys, os, io, zlib
folder = sys.argv[1]
def put(name, data): open(os.path.join(folder, name), 'wb').write(data)
text = b'The quick brown fox jumps over the lazy dog. ' * 200
put('gzip', gzip.compress(text)); put('bzip2', bz2.compress(text)); put('xz', lzma.compress(text))
with zipfile.ZipFile(os.path.join(folder, 'zip'), 'w') as z:
    z.writestr('one', text); z.writestr('two', text, zipfile.ZIP_DEFLATED)
with tarfile.open(os.path.join(folder, 'tar'), 'w') as t:
    for name in ('one', 'two'):
        info = tarfile.TarInfo(name); info.size = len(text); t.addfile(info, io.BytesIO(text))
database = sqlite3.connect(os.path.join(folder, 'sqlite')); database.execute('create table t (x)')
database.executemany('insert into t values (?)', [(text.decode(),)] * 50); database.commit(); database.close()
with wave.open(os.path.join(folder, 'wav'), 'wb') as w:
    w.setnchannels(1); w.setsampwidth(2); w.setframerate(8000); w.writeframes(bytes(4000))
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
pixels = zlib.compress((b'\\0' + bytes(range(256))) * 16)
put('png', b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 256, 16, 8, 0, 0, 0, 0)) + chunk(b'IDAT', pixels) + chunk(b'IEND', b''))
put('gif', b'GIF89a' + struct.pack('<HHBBB', 1, 1, 0x80, 0, 0) + bytes(6) + b'\\x2c' + struct.pack('<HHHHB', 0, 0, 1, 1, 0) + b'\\x02\\x02\\x44\\x01\\x00\\x3b')
put('bmp', b'BM' + struct.pack('<IHHI', 58, 0, 0, 54) + struct.pack('<IiiHHIIiiII', 40, 1, 1, 1, 24, 0, 4, 2835, 2835, 0, 0) + bytes(4))
put('wasm', b'\\0asm\\1\\0\\0\\0' + bytes([1, 4, 1, 0x60, 0, 0]))
`

/** Whose whole length the format tells. */
const WITH_LENGTH = ['zip', 'tar', 'sqlite', 'wav', 'png', 'gif', 'bmp', 'wasm']
const WITHOUT_LENGTH = ['gzip', 'bzip2', 'xz']
const made = join(folder.path, 'made')

beforeAll(() => {
  mkdirSync(made)
  execFileSync('python3', ['-c', PYTHON_FILES, made])
})

describe('identify', () => {
  test.each([...WITH_LENGTH, ...WITHOUT_LENGTH])(
    '%s, as Python writes it, with its length where it tells',
    async (name) => {
      const path = join(made, name)
      const [first] = await named(path)
      expect(first).toMatchObject({ offset: 0, name })
      expect(first?.byteLength).toBe(WITH_LENGTH.includes(name) ? statSync(path).size : undefined)
    },
  )

  test('this very program, an ELF of its own length', async () => {
    const [first] = await named(process.execPath)
    if (process.platform === 'linux')
      expect(first).toMatchObject({ name: 'elf', byteLength: statSync(process.execPath).size })
  })

  test.runIf(isThere('mke2fs'))('file systems as mke2fs makes them, with their own length', async () => {
    for (const version of ['ext2', 'ext3', 'ext4']) {
      const path = folder.sparse(64 * 1024 ** 2 + 512)
      execFileSync('mke2fs', ['-q', '-F', '-t', version, path, '64M'], {
        env: { ...process.env, PATH: `${process.env['PATH']}:/sbin:/usr/sbin` },
      })
      const title = `${version} file system`
      expect(await named(path)).toMatchObject([{ name: 'ext', title, byteLength: 64 * 1024 ** 2 }])
    }
  })

  test('where nothing known begins: nothing', async () => {
    expect(await named(folder.file('just a text'))).toEqual([])
    expect(await named(folder.file(''))).toEqual([])
    expect(await identify(new MemorySource(new Uint8Array(100_000)))).toEqual([])
  })

  test('an offset within; outside is an error', async () => {
    const png = readFileSync(join(made, 'png'))
    const source = new MemorySource(Buffer.concat([Buffer.alloc(777), png]))
    expect(await identify(source, { offset: 777 })).toMatchObject([
      { offset: 777, name: 'png', byteLength: png.length },
    ])
    expect(await identify(source, { offset: source.byteLength })).toEqual([])
    await expect(identify(source, { offset: source.byteLength + 1 })).rejects.toMatchObject({ code: 'ERR_RANGE' })
    await expect(identify(source, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
  })

  test('a file that was cut is known, without a length', async () => {
    const png = readFileSync(join(made, 'png'))
    expect(await identify(new MemorySource(png.subarray(0, -5)))).toMatchObject([
      { name: 'png', byteLength: undefined },
    ])
  })

  test(`magic with random bytes behind it: never a throw, never a length beyond the end, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    const files = [...WITH_LENGTH, ...WITHOUT_LENGTH].map((name) => readFileSync(join(made, name)))
    files.push(readFileSync(process.execPath).subarray(0, 8_192))
    for (let round = 0; round < 400; round++) {
      const bytes = new Uint8Array(random.pick(files).subarray(0, random.between(4, 70_000)))
      for (let change = random.between(1, 8); change > 0; change--)
        bytes[random.between(4, bytes.length - 1)] = random.between(0, 255)
      for (const { byteLength } of await identify(new MemorySource(bytes)))
        expect(byteLength ?? 0, `round ${round}`).toBeLessThanOrEqual(bytes.length)
    }
  })

  test('an ELF whose table of segments has entries of no length that is right', async () => {
    const bytes = new Uint8Array(readFileSync(process.execPath).subarray(0, 65_536))
    const view = new DataView(bytes.buffer)
    for (const entryByteLength of [0, 31, 32, 39, 47, 55, 57, 0xffff]) {
      view.setUint16(54, entryByteLength, true)
      view.setUint16(56, 1, true)
      expect(await identify(new MemorySource(bytes)), `${entryByteLength}`).toMatchObject([{ name: 'elf' }])
    }
  })

  test('names are unique', () => {
    expect(new Set(FORMAT_NAMES).size).toBe(FORMAT_NAMES.length)
    expect(FORMAT_NAMES.length).toBeGreaterThan(50)
  })
})

describe('sweep', () => {
  test(`everything in a haystack, at its place, with its length, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    const parts: Uint8Array[] = []
    const expected: { name: string; offset: number; byteLength: number | undefined }[] = []
    let at = 0
    const push = (bytes: Uint8Array): void => {
      parts.push(bytes)
      at += bytes.length
    }
    // Letters only: no magic can come about by chance.
    const noise = (): Uint8Array => random.bytes(random.between(1, 300_000), 26).map((byte) => byte + 97)
    for (const name of ['png', 'zip', 'gif', 'tar', 'xz', 'sqlite', 'wav', 'gzip', 'wasm', 'bmp', 'bzip2']) {
      push(noise())
      const bytes = readFileSync(join(made, name))
      expected.push({ name, offset: at, byteLength: WITH_LENGTH.includes(name) ? bytes.length : undefined })
      push(bytes)
    }
    push(noise())
    const found = await swept(folder.file(Buffer.concat(parts)))
    expect(found.map(({ name, offset, byteLength }) => ({ name, offset, byteLength }))).toEqual(expected)
  })

  test('a file within an archive that stores it, and no member of a ZIP as an archive of its own', async () => {
    const path = join(made, 'stored.zip')
    const program =
      'import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], "w") as z:\n  [z.write(f, f) for f in sys.argv[2:]]'
    execFileSync('python3', ['-c', program, path, join(made, 'png'), join(made, 'gif'), join(made, 'wav')])
    const found = await swept(path)
    expect(found.map(({ name }) => name)).toEqual(['zip', 'png', 'gif', 'wav'])
    expect(found[0]).toMatchObject({ offset: 0, byteLength: statSync(path).size })
  })

  test('a disk image is told before what is found on it, though its magic stands behind', async () => {
    const bytes = Buffer.alloc(200_000)
    bytes.write('\x01CD001\x01', 0x8000, 'latin1')
    bytes.writeUInt32LE(90, 0x8050)
    bytes.writeUInt32BE(90, 0x8054)
    bytes.writeUInt16LE(2048, 0x8080)
    readFileSync(join(made, 'gif')).copy(bytes, 5_000)
    const found = await swept(folder.file(bytes))
    expect(found.map(({ name, offset }) => ({ name, offset }))).toEqual([
      { name: 'iso9660', offset: 0 },
      { name: 'gif', offset: 5_000 },
    ])
    expect(found[0]?.byteLength).toBe(90 * 2048)
  })

  test('15 TiB with holes, a range, and what cannot be read', async () => {
    const png = readFileSync(join(made, 'png'))
    const offset = 14 * TIB + 12_345
    const path = folder.sparse(15 * TIB, [{ offset, text: png.toString('latin1') }])
    expect(await swept(path)).toMatchObject([{ name: 'png', offset, byteLength: png.length }])
    const bytes = Buffer.concat([png, png, png])
    const found: number[] = []
    const range = { start: 1, end: 2 * png.length }
    for await (const one of sweep(new MemorySource(bytes), { range })) found.push(one.offset)
    expect(found).toEqual([png.length])
    const broken = new MemorySource(bytes, { unreadable: [{ start: png.length + 3, end: png.length + 4 }] })
    const seen: { readonly scanned: number; readonly total: number }[] = []
    const readable: number[] = []
    const sweepAll = async (onUnreadable?: (range: ByteRange) => void): Promise<void> => {
      readable.length = 0
      for await (const one of sweep(broken, { onUnreadable, onProgress: (now) => seen.push(now) }))
        readable.push(one.offset)
    }
    await expect(sweepAll()).rejects.toMatchObject({ code: 'ERR_FAULT', offset: png.length + 3 })
    const untold = [...readable]
    const told: ByteRange[] = []
    await sweepAll((gap) => told.push(gap))
    expect(told).toEqual([{ start: png.length + 3, end: png.length + 4 }])
    expect(readable).toEqual(untold)
    expect(readable).not.toContain(png.length)
    expect(seen.at(-1)?.scanned).toBe(seen.at(-1)?.total)
  })

  test('what cannot be read is an error when nobody asked to be told, after all that was found', async () => {
    const png = readFileSync(join(made, 'png'))
    const bytes = Buffer.concat([png, Buffer.alloc(200_000)])
    const found: string[] = []
    const all = async (): Promise<void> => {
      const broken = new MemorySource(bytes, { unreadable: [{ start: 150_000, end: 150_001 }] })
      for await (const { name } of sweep(broken)) found.push(name)
    }
    await expect(all()).rejects.toMatchObject({ code: 'ERR_FAULT', offset: 150_000, hitCount: 1 })
    expect(found).toEqual(['png'])
  })

  test('many members, with and without their directory: no stretch is looked through for each of them', async () => {
    const path = join(made, 'many.zip')
    const program = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as z:
    for i in range(3000): z.writestr('file%d' % i, bytes([i % 256]) * 997)`
    execFileSync('python3', ['-c', program, path])
    const whole = readFileSync(path)
    const embedded = Buffer.concat([Buffer.alloc(5_000), whole, Buffer.alloc(100_000)])
    for (const { bytes, expected } of [
      { bytes: whole, expected: [{ offset: 0, byteLength: whole.length }] },
      { bytes: embedded, expected: [{ offset: 5_000, byteLength: whole.length }] },
      { bytes: whole.subarray(0, -100), expected: [] },
    ]) {
      const source = new MemorySource(bytes)
      const found: Identified[] = []
      for await (const one of sweep(source)) found.push(one)
      expect(found).toMatchObject(expected)
      expect(found).toHaveLength(expected.length)
      const read = source.scanned.reduce((sum, { start, end }) => sum + end - start, 0)
      expect(read).toBeLessThan(30 * bytes.length)
    }
  })

  test('three bytes of gzip magic are not enough', async () => {
    const real = gzipSync('content '.repeat(100))
    const fake = Buffer.concat([
      Buffer.from('1f8b08000000000000ff', 'hex'),
      Buffer.from('no deflate stream at all, just a text that goes on'.repeat(20)),
    ])
    expect(await swept(folder.file(Buffer.concat([fake, real])))).toMatchObject([{ name: 'gzip', offset: fake.length }])
  })

  test('aborted meanwhile', async () => {
    const stop = new AbortController()
    const path = folder.fresh('long')
    writeFileSync(path, Buffer.alloc(8 * 1024 ** 2, 'words '))
    const source = openFile(path)
    const sweeping = async (): Promise<void> => {
      const onProgress = (): void => stop.abort(new Error('enough'))
      for await (const one of sweep(source, { signal: stop.signal, onProgress })) expect(one).toBeUndefined()
    }
    await expect(sweeping()).rejects.toThrow('enough')
    await source.close()
  })
})
