import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ascii, hex, type Magic } from '../../src/identify/format.ts'
import { RecentPages } from '../../src/identify/format_reader.ts'
import { FORMATS } from '../../src/identify/formats.ts'
import { lookAt } from '../../src/identify/identify.ts'
import { type ByteRange, type ByteSource, type Identified, openFile, sweep } from '../../src/index.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'

const MIB = 1024 ** 2
const folder = new TempFolder()
const made = join(folder.path, 'made')

type Found = Pick<Identified, 'name' | 'offset' | 'byteLength'>
const told = ({ name, offset, byteLength }: Identified): Found => ({ name, offset, byteLength })

function openFileOf(bytes: Uint8Array): ByteSource {
  const source = openFile(folder.file(bytes))
  onTestFinished(() => source.close())
  return source
}

async function swept(source: ByteSource, range?: ByteRange): Promise<Found[]> {
  const found: Found[] = []
  for await (const one of sweep(source, { range })) found.push(told(one))
  return found
}

/** The magic that says nothing of what the second look asks for: whoever puts too much of it into the table is found out. */
const SHORT_MAGIC: { readonly [name: string]: readonly Magic[] } = {
  jpeg: [hex(0, 'FF D8 FF')],
  bmp: [ascii(0, 'BM')],
  ico: [hex(0, '00 00 01 00')],
  gzip: [hex(0, '1F 8B 08')],
  elf: [hex(0, '7F 45 4C 46')],
  pe: [ascii(0, 'MZ')],
  ext: [hex(0x438, '53 EF')],
}

/** Every format at every offset, one after the other, with no search and no filter. */
async function plainlySwept(bytes: Uint8Array): Promise<Found[]> {
  const pages = new RecentPages(new MemorySource(bytes), {})
  const found: Found[] = []
  const endOf = new Map<string, number>()
  for (let offset = 0; offset < bytes.length; offset++) {
    for (const format of FORMATS) {
      const isHere = (SHORT_MAGIC[format.name] ?? format.magic).some(({ offset: place, values, masks }) => {
        if (offset + place + values.length > bytes.length) return false
        for (let at = 0; at < values.length; at++)
          if (((bytes[offset + place + at] as number) & (masks[at] as number)) !== values[at]) return false
        return true
      })
      if (!isHere || (format.repeatsMagic === true && offset < (endOf.get(format.name) ?? 0))) continue
      const one = await lookAt(pages, format, offset, true)
      if (one === undefined || format.isWeak === true) continue
      endOf.set(format.name, offset + (one.byteLength ?? 0))
      found.push(told(one))
    }
  }
  return found
}

/** A small file of each format that few bytes of a header make, and what Python's library writes. */
const PYTHON_FILES = `
import bz2, gzip, io, lzma, os, sqlite3, struct, sys, tarfile, wave, zipfile, zlib
folder = sys.argv[1]
def put(name, data): open(os.path.join(folder, name), 'wb').write(data)
text = b'The quick brown fox. ' * 40
put('gzip', gzip.compress(text)); put('bzip2', bz2.compress(text)); put('xz', lzma.compress(text))
with zipfile.ZipFile(os.path.join(folder, 'zip'), 'w') as z:
    z.writestr('one', text); z.writestr('two', text, zipfile.ZIP_DEFLATED)
with tarfile.open(os.path.join(folder, 'tar'), 'w') as t:
    info = tarfile.TarInfo('one'); info.size = len(text); t.addfile(info, io.BytesIO(text))
database = sqlite3.connect(os.path.join(folder, 'sqlite')); database.execute('create table t (x)'); database.commit(); database.close()
with wave.open(os.path.join(folder, 'wav'), 'wb') as w:
    w.setnchannels(1); w.setsampwidth(2); w.setframerate(8000); w.writeframes(bytes(400))
def chunk(kind, data): return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
png = b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 1, 1, 8, 0, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(bytes(2))) + chunk(b'IEND', b'')
put('png', png)
put('gif', b'GIF89a' + struct.pack('<HHBBB', 1, 1, 0x80, 0, 0) + bytes(6) + b'\\x2c' + struct.pack('<HHHHB', 0, 0, 1, 1, 0) + b'\\x02\\x02\\x44\\x01\\x00\\x3b')
for name, header in (('bmp', 40), ('bmp_v5', 124)):
    put(name, b'BM' + struct.pack('<IHHI', 18 + header, 0, 0, 14 + header) + struct.pack('<IiiHH', header, 1, 1, 1, 24) + bytes(header - 12))
put('bmp_core', b'BM' + struct.pack('<IHHI', 30, 0, 0, 26) + struct.pack('<IHHHH', 12, 1, 1, 1, 24) + bytes(4))
for count in (1, 2, 5, 64):
    head = struct.pack('<HHH', 0, 1, count)
    start = 6 + 16 * count
    entries = b''.join(struct.pack('<BBBBHHII', 16, 16, 0, 0, i % 2, (32, 8, 0)[i % 3], 40, start + 40 * i) for i in range(count))
    put('ico_%d' % count, head + entries + (struct.pack('<I', 40) + bytes(36)) * count)
put('jpeg', b'\\xff\\xd8\\xff\\xe0' + struct.pack('>H', 16) + b'JFIF\\0' + bytes(9) + b'\\xff\\xdb' + struct.pack('>H', 4) + bytes(2) + b'\\xff\\xda' + struct.pack('>H', 4) + bytes(2) + b'data\\xff\\x00more\\xff\\xd9')
put('tiff', b'II*\\0' + struct.pack('<I', 8) + struct.pack('<HHH', 8, 254, 4) + bytes(100))
put('psd', b'8BPS' + struct.pack('>H6xHIIHH', 1, 3, 1, 1, 8, 3))
put('webp', b'RIFF' + struct.pack('<I', 20) + b'WEBPVP8 ' + bytes(12))
put('elf', b'\\x7fELF\\2\\1\\1' + bytes(9) + struct.pack('<HHIQQQIHHHHHH', 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0) + struct.pack('<IIQQQQQQ', 1, 5, 0, 0, 0, 200, 200, 4096) + bytes(80))
put('elf_32_big', b'\\x7fELF\\1\\2\\1' + bytes(9) + struct.pack('>HHIIIIIHHHHHH', 3, 20, 1, 0, 52, 0, 0, 52, 32, 1, 40, 0, 0) + struct.pack('>IIIIIIII', 1, 0, 0, 0, 100, 100, 5, 4096) + bytes(16))
for name, place in (('pe', 64), ('pe_far', 0x100000)):
    put(name, b'MZ' + bytes(58) + struct.pack('<I', place) + bytes(place - 64) + b'PE\\0\\0' + struct.pack('<HHIIIHH', 0x8664, 0, 0, 0, 0, 0, 0) + bytes(24))
put('macho', struct.pack('<IIIIIIII', 0xfeedfacf, 0x01000007, 3, 2, 1, 72, 0, 0) + struct.pack('<II16sQQQQ', 0x19, 72, b'__TEXT', 0, 0, 0, 200) + bytes(112))
put('class', b'\\xca\\xfe\\xba\\xbe' + struct.pack('>HHHB', 0, 52, 20, 10) + bytes(20))
put('wasm', b'\\0asm\\1\\0\\0\\0' + bytes([1, 4, 1, 0x60, 0, 0]))
put('dtb', struct.pack('>IIIIIII', 0xd00dfeed, 100, 56, 80, 40, 17, 16) + bytes(72))
put('uimage', struct.pack('>IIIIIII', 0x27051956, 0, 0, 20, 0, 0, 0) + bytes([5, 2, 2, 1]) + bytes(52))
put('mp4', struct.pack('>I', 16) + b'ftypisom' + bytes(4) + struct.pack('>I', 8) + b'free')
put('flac', b'fLaC' + struct.pack('>I', 34) + struct.pack('>HH', 4096, 4096) + bytes(30))
put('midi', b'MThd' + struct.pack('>IHHH', 6, 0, 1, 96) + b'MTrk' + struct.pack('>I', 4) + bytes(4))
put('ogg', b'OggS\\0\\2' + bytes(20) + bytes([1, 4]) + b'data' + b'OggS\\0\\4' + bytes(20) + bytes([0]))
put('ogg_page', b'OggS\\0\\6' + bytes(20) + bytes([1, 4]) + b'data')
put('matroska', b'\\x1a\\x45\\xdf\\xa3\\x8b\\x42\\x82\\x84webm' + bytes(40))
put('pdf', b'%PDF-1.7\\n' + bytes(20))
put('pcap', struct.pack('<IHHIIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
iso = bytearray(0x9000); iso[0x8000:0x8007] = b'\\1CD001\\1'; struct.pack_into('<I', iso, 0x8050, 18); struct.pack_into('>I', iso, 0x8054, 18); struct.pack_into('<H', iso, 0x8080, 2048)
put('iso9660', bytes(iso))
ext = bytearray(2048)
for at, value in ((0, 16), (4, 2), (0x14, 1), (0x18, 0), (0x20, 8192), (0x48, 0), (0x4c, 1)): struct.pack_into('<I', ext, 1024 + at, value)
struct.pack_into('<HH', ext, 1024 + 0x38, 0xef53, 1)
put('ext', bytes(ext))
disk = bytearray(512); disk[450] = 0x83; struct.pack_into('<I', disk, 458, 5); disk[510:] = b'\\x55\\xaa'
put('mbr', bytes(disk))
put('xfs', b'XFSB' + struct.pack('>IQ', 512, 1) + bytes(496))
put('squashfs', b'hsqs' + struct.pack('<IIIIHHHHHHQQ', 1, 0, 131072, 0, 1, 17, 0, 0, 4, 0, 0, 96) + bytes(48))
put('lz4', b'\\x04\\x22\\x4d\\x18\\x60\\x40\\x82' + struct.pack('<I', 0))
put('zstd', b'\\x28\\xb5\\x2f\\xfd\\x20\\x04' + struct.pack('<I', (4 << 3) | 1)[:3] + b'data')
`

let files: { readonly name: string; readonly bytes: Uint8Array }[] = []

beforeAll(() => {
  mkdirSync(made)
  execFileSync('python3', ['-c', PYTHON_FILES, made])
  files = readdirSync(made).map((name) => ({ name, bytes: readFileSync(join(made, name)) }))
})

/** Of files that are found in a sweep, those that are small. */
const small = (): typeof files => files.filter(({ name, bytes }) => name !== 'mbr' && bytes.length < MIB)

describe('every file of every family', () => {
  test('is found by the plain sweep and by ours, alone', async () => {
    for (const { name, bytes } of small()) {
      const expected = await plainlySwept(bytes)
      expect(expected[0]?.name, name).toBe(name.replace(/_.*/, ''))
      expect(await swept(new MemorySource(bytes)), name).toEqual(expected)
      expect(await swept(openFileOf(bytes)), name).toEqual(expected)
    }
  })

  test('an MBR is too little to be told in the middle of a file', async () => {
    expect(await swept(new MemorySource(readFileSync(join(made, 'mbr'))))).toEqual([])
  })

  test('a program whose second header stands 1 MiB away', async () => {
    const found = await swept(new MemorySource(Buffer.concat([Buffer.alloc(999), readFileSync(join(made, 'pe_far'))])))
    expect(found).toMatchObject([{ name: 'pe', offset: 999 }])
  })
})

/** Bytes of a kind that files are full of: where magics nearly are. */
function filling(random: Random, byteLength: number): Uint8Array {
  const kind = random.between(0, 3)
  if (kind === 0) return random.bytes(byteLength)
  if (kind === 1) return random.bytes(byteLength, 2)
  if (kind === 2)
    return Uint8Array.from({ length: byteLength }, () => random.pick([...Buffer.from('MZBMftyp\0\0\x01\0OggSelf')]))
  const program = readFileSync(process.execPath)
  const start = random.between(0, program.length - byteLength)
  return program.subarray(start, start + byteLength)
}

test.each([0, 1, 2])(
  `files among bytes that nearly are some, as the plain sweep finds them, round %i of seed ${SEED}`,
  async (round) => {
    const random = new Random(SEED + round)
    const parts: Uint8Array[] = []
    for (let count = 0; count < 25; count++) {
      parts.push(filling(random, random.between(0, 9_000)))
      const { bytes } = random.pick(small())
      // Cut short now and then.
      parts.push(random.chance(0.2) ? bytes.subarray(0, random.between(1, bytes.length)) : bytes)
    }
    const bytes = Buffer.concat(parts)
    const expected = await plainlySwept(bytes)
    expect(await swept(openFileOf(bytes))).toEqual(expected)
    expect(await swept(new MemorySource(bytes))).toEqual(expected)
    const range = { start: random.between(0, bytes.length), end: bytes.length }
    const inRange = await swept(openFileOf(bytes), range)
    // What a range begins within may show what stood inside of it.
    expect(inRange).toEqual(
      expect.arrayContaining(expected.filter(({ offset, name }) => offset >= range.start && !REPEATING.includes(name))),
    )
  },
  120_000,
)

test(`in parts: what one tells of its ends, the next needs to tell the rest, seed ${SEED}`, async () => {
  const random = new Random(SEED)
  // A header and the 840 bytes of its file, six times.
  const member = readFileSync(join(made, 'tar')).subarray(0, 512 + 1024)
  const archive = Buffer.concat([...Array.from({ length: 6 }, () => member), new Uint8Array(1024)])
  let within = 0
  for (let round = 0; round < 12; round++) {
    const parts: Uint8Array[] = []
    for (let count = 0; count < 8; count++) {
      parts.push(filling(random, random.between(0, 3_000)))
      parts.push(random.chance(0.6) ? archive : random.pick(small()).bytes)
    }
    const bytes = Buffer.concat(parts)
    const source = openFileOf(bytes)
    const whole = await swept(source)
    const edges = Array.from({ length: 12 }, () => random.between(0, bytes.length)).sort((a, b) => a - b)
    const found: Found[] = []
    const endOf: Record<string, number> = {}
    for (const [index, end] of [...edges, bytes.length].entries()) {
      const start = edges[index - 1] ?? 0
      for await (const one of sweep(source, { range: { start, end }, endOf: { ...endOf } })) {
        found.push(told(one))
        endOf[one.name] = one.offset + (one.byteLength ?? 0)
      }
    }
    expect(found, `round ${round}`).toEqual(whole)
    // Without what came before, a part tells of members.
    for (const [index, end] of [...edges, bytes.length].entries()) {
      const start = edges[index - 1] ?? 0
      const alone = await swept(source, { start, end })
      if (alone.length > whole.filter(({ offset }) => start <= offset && offset < end).length) within++
    }
  }
  expect(within).toBeGreaterThan(3)
}, 120_000)

const REPEATING: readonly string[] = FORMATS.filter(({ repeatsMagic }) => repeatsMagic).map(({ name }) => name)

test.each([0, 4.5 * GIB])(
  `files across every MiB, and so across windows, %i bytes on, seed ${SEED}`,
  async (base) => {
    const random = new Random(SEED)
    const path = folder.sparse(base)
    const fd = openSync(path, 'r+')
    const expected: Found[] = []
    const filler = Buffer.alloc(MIB, 0x2e)
    for (let count = 0; count < 35; count++) writeSync(fd, filler, 0, MIB, base + count * MIB)
    for (let edge = base + MIB; edge < base + 35 * MIB; edge += MIB) {
      const { bytes } = random.pick(small())
      const offset = edge - random.between(1, Math.min(bytes.length, 70))
      writeSync(fd, bytes, 0, bytes.length, offset)
      const around = Buffer.concat([filler.subarray(0, 100), bytes, filler.subarray(0, 20_480)])
      for (const found of await plainlySwept(around)) expected.push({ ...found, offset: found.offset + offset - 100 })
    }
    closeSync(fd)
    expect(expected.length).toBeGreaterThan(30)
    const source = openFile(path)
    onTestFinished(() => source.close())
    const places = (found: readonly Found[]): unknown[] => found.map(({ name, offset }) => ({ name, offset }))
    expect(places(await swept(source))).toEqual(places(expected))
    const range = { start: base + random.between(1, MIB - 100), end: source.byteLength }
    expect(places(await swept(source, range))).toEqual(places(expected.filter(({ offset }) => offset >= range.start)))
  },
  120_000,
)
