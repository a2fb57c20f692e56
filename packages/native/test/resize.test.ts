import { appendFileSync, closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { binding, type MappingOptions, type NativeMapping } from '../lib/index.ts'
import { bytes, GiB, MiB, makeFile, makeSparseFile, mapFile, TiB, temporaryFolder, text } from './support/files.ts'
import { seeded } from './support/random.ts'

const folder = temporaryFolder()
const page = binding.pageSize
const { MAP_PRIVATE = 0, MAP_SHARED = 0, MAP_NORESERVE = 0, MADV_RANDOM = 1 } = binding.constants

const open = new Set<NativeMapping>()
afterEach(() => {
  for (const mapping of open) mapping.close()
  open.clear()
})

function mapped(fd: number, options: MappingOptions): NativeMapping {
  const mapping = new binding.Mapping(fd, options)
  open.add(mapping)
  return mapping
}

/** Of a file that may be written to, in contrast to `mapFile`'s copies. */
function mapPrivately(path: string, offset: number, byteLength: number): NativeMapping {
  const file = openSync(path, 'r+')
  try {
    return mapped(file, { offset, byteLength, access: 'copy' })
  } finally {
    closeSync(file)
  }
}

function anonymous(byteLength: number, flags = MAP_PRIVATE | MAP_NORESERVE): NativeMapping {
  return mapped(-1, { offset: 0, byteLength, access: 'copy', flags })
}

function content(mapping: NativeMapping, offset = 0, length = mapping.byteLength - offset): Uint8Array {
  const target = new Uint8Array(length)
  mapping.copyOut(offset, target)
  return target
}

interface Kind {
  readonly kind: string
  readonly offset: number
  /** A mapping of `first`, which begins at `offset` of its file, and the file. */
  make(first: Uint8Array): { readonly mapping: NativeMapping; readonly path?: string }
}

let files = 0
function fileOf(first: Uint8Array, offset: number): string {
  return makeFile(join(folder, `file-${files++}`), Buffer.concat([Buffer.alloc(offset, '.'), first]))
}

function sharedFile(offset: number): Kind {
  return {
    kind: 'a shared file',
    offset,
    make: (first) => {
      const path = fileOf(first, offset)
      return { path, mapping: mapFile(path, { offset, byteLength: first.byteLength, access: 'write' }) }
    },
  }
}

function privateFile(offset: number): Kind {
  return {
    kind: 'a private file',
    offset,
    make: (first) => {
      const path = fileOf(first, offset)
      return { path, mapping: mapPrivately(path, offset, first.byteLength) }
    },
  }
}

const privateMemory: Kind = {
  kind: 'private memory',
  offset: 0,
  make: (first) => {
    const mapping = anonymous(first.byteLength)
    mapping.copyIn(0, first)
    return { mapping }
  },
}

const kinds = [sharedFile(0), sharedFile(3 * page), privateFile(0), privateFile(3 * page), privateMemory]

describe.each(kinds)('resize of $kind at offset $offset', ({ offset, make, kind }) => {
  test('longer: the bytes stay, new ones are zeros and can be stored to', () => {
    const { mapping, path } = make(bytes('abcdefgh'.repeat(700)))
    mapping.setByte(1, 66)
    mapping.resize(100_000)
    expect(mapping.byteLength).toBe(100_000)
    expect(text(content(mapping, 0, 8))).toBe('aBcdefgh')
    expect(content(mapping, 5600).every((byte) => byte === 0)).toBe(true)
    mapping.copyIn(99_997, bytes('end'))
    expect(text(content(mapping, 99_996))).toBe('\0end')
    if (path !== undefined) expect(statSync(path).size).toBe(offset + 100_000)
    if (kind === 'a shared file') expect(text(readFileSync(path ?? '').subarray(-3))).toBe('end')
  })

  // As with CPython's: mremap leaves the rest of a private page alone, and ftruncate clears a file's.
  const isPrivate = kind !== 'a shared file'

  test('shorter, inside a page: the bytes stay, the file is cut, and longer again shows zeros from the next page on', () => {
    const { mapping, path } = make(bytes('abcdefgh'.repeat(7000)))
    mapping.copyIn(4990, bytes('X'.repeat(20)))
    mapping.resize(5000)
    expect(mapping.byteLength).toBe(5000)
    expect(text(content(mapping, 4988))).toBe(`efXXXXXXXXXX`)
    expect(() => mapping.getByte(5000)).toThrow(RangeError)
    if (path !== undefined) expect(statSync(path).size).toBe(offset + 5000)
    mapping.resize(20_000)
    expect(text(content(mapping, 4998, 6))).toBe(isPrivate ? 'XXXXXX' : 'XX\0\0\0\0')
    expect(content(mapping, isPrivate ? 2 * page : 5000).every((byte) => byte === 0)).toBe(true)
  })

  test('to the same length, to one byte, and back', () => {
    const { mapping } = make(bytes('abc'.repeat(5000)))
    mapping.resize(15_000)
    mapping.resize(1)
    expect(text(content(mapping))).toBe('a')
    mapping.resize(15_000)
    // (Of a private file, a page that was never stored to is still the file's, which was cut.)
    expect(text(content(mapping, 0, 3))).toBe(kind === 'private memory' ? 'abc' : 'a\0\0')
  })

  test('random lengths and stores give what an array would', () => {
    const seed = Date.now() % 2 ** 31
    const random = seeded(seed)
    let model = Uint8Array.from({ length: 10_000 }, () => random(256))
    const { mapping } = make(model)
    for (let step = 0; step < 300; step++) {
      const length = 1 + random(random(3) === 0 ? 300_000 : 20_000)
      mapping.resize(length)
      const next = new Uint8Array(length)
      next.set(model.subarray(0, length))
      // What a page keeps past the end is the kernel's affair; what came after that page is gone.
      const rest = Math.min(length, Math.ceil(model.length / page) * page)
      if (isPrivate && length > model.length)
        next.set(content(mapping, model.length, rest - model.length), model.length)
      model = next
      const at = random(length)
      const stored = Uint8Array.from({ length: Math.min(length - at, 1 + random(5000)) }, () => random(256))
      mapping.copyIn(at, stored)
      model.set(stored, at)
      if (Buffer.compare(content(mapping), model) !== 0) expect.fail(`seed ${seed}, step ${step}: not the same bytes`)
    }
  })

  // The kernel then has several mappings of it, which mremap refuses.
  test('after advice for a part of it', () => {
    const { mapping } = make(bytes('abcdefgh'.repeat(8 * 512)))
    mapping.copyIn(7 * page, bytes('changed'))
    mapping.advise(MADV_RANDOM, page, 2 * page)
    mapping.resize(100 * page)
    expect(text(content(mapping, 7 * page - 4, 12))).toBe('efghchangedh')
    expect(content(mapping, 8 * page).every((byte) => byte === 0)).toBe(true)
    mapping.advise(MADV_RANDOM, page, 2 * page)
    mapping.resize(8 * page)
    expect(text(content(mapping, 7 * page - 4, 12))).toBe('efghchangedh')
  })

  // However it is made longer, it is the same: mremap moves the page, a copy has to take it whole.
  if (isPrivate)
    test('what was stored past a new end comes back with the page, after advice for a part, too', () => {
      for (const isAdvised of [false, true]) {
        const { mapping } = make(bytes('abcdefgh'.repeat(8 * 512)))
        mapping.copyIn(7 * page, bytes('stored and kept'))
        mapping.resize(7 * page + 6)
        if (isAdvised) mapping.advise(MADV_RANDOM, page, 2 * page)
        mapping.resize(100 * page)
        expect(text(content(mapping, 7 * page, 15))).toBe('stored and kept')
      }
    })

  test('of nothing is refused, and nothing happens', () => {
    const { mapping, path } = make(bytes('abc'))
    expect(() => mapping.resize(0)).toThrow(RangeError)
    expect(() => mapping.resize(1.5)).toThrow(RangeError)
    expect(text(content(mapping))).toBe('abc')
    if (path !== undefined) expect(statSync(path).size).toBe(offset + 3)
  })

  test('with a job in flight is BUSY, and nothing happens; then it is done', async () => {
    const { mapping, path } = make(new Uint8Array(8 * MiB))
    const before = path === undefined ? 0 : statSync(path).size
    const jobs = [mapping.readIntoAsync(0, new Uint8Array(8 * MiB)), mapping.populateAsync(0, 8 * MiB)]
    const busy = expect.objectContaining({ code: 'BUSY', exports: 0, jobs: 2, otherThreads: 0 })
    expect(() => mapping.resize(page)).toThrow(busy)
    expect(mapping.byteLength).toBe(8 * MiB)
    if (path !== undefined) expect(statSync(path).size).toBe(before)
    await Promise.all(jobs.map((job) => job.result))
    mapping.resize(page)
    expect(mapping.byteLength).toBe(page)
  })
})

describe('resize', () => {
  test('past 4 GiB, longer and shorter, of a shared file', () => {
    const marks = [{ offset: 4.5 * GiB, text: 'mark' }]
    const path = makeSparseFile(join(folder, 'huge'), 5 * GiB, marks)
    const mapping = mapFile(path, { access: 'write' })
    mapping.resize(7 * GiB)
    mapping.copyIn(7 * GiB - 3, bytes('end'))
    expect(text(content(mapping, 4.5 * GiB - 1, 6))).toBe('\0mark\0')
    expect(statSync(path).size).toBe(7 * GiB)
    mapping.resize(4.5 * GiB + 2)
    expect(text(content(mapping, 4.5 * GiB - 1))).toBe('\0ma')
    expect(statSync(path).size).toBe(4.5 * GiB + 2)
  })

  test('past 4 GiB of an offset, too', () => {
    const path = makeSparseFile(join(folder, 'huge-offset'), 5 * GiB, [{ offset: 5 * GiB - page, text: 'mark' }])
    const mapping = mapFile(path, { offset: 5 * GiB - page, byteLength: page, access: 'write' })
    mapping.resize(2 * page)
    expect(text(content(mapping, 0, 4))).toBe('mark')
    expect(statSync(path).size).toBe(5 * GiB + page)
  })

  test('past 4 GiB of private memory', () => {
    const mapping = anonymous(page)
    mapping.setByte(0, 1)
    mapping.resize(6 * GiB)
    mapping.setByte(5 * GiB, 2)
    mapping.resize(5 * GiB + 1)
    mapping.resize(6 * GiB)
    expect([mapping.getByte(0), mapping.getByte(5 * GiB), mapping.getByte(5 * GiB + 1)]).toEqual([1, 2, 0])
    expect(mapping.getByte(GiB)).toBe(0)
  })

  // Copying the 32 GiB would take minutes: mremap has to take the pages away from under what points to them.
  test.runIf(process.platform === 'linux')(
    'of private memory that something points to moves it',
    { timeout: 5000 },
    () => {
      const mapping = anonymous(32 * GiB)
      mapping.copyIn(20 * GiB, bytes('kept'))
      const pin = mapping.latin1(20 * GiB, 1000)
      expect(pin?.slice(0, 4)).toBe('kept')
      mapping.resize(21 * GiB)
      expect(pin?.charCodeAt(0)).toBe(0)
      expect(text(content(mapping, 20 * GiB, 4))).toBe('kept')
    },
  )

  test('of part of a file cuts the rest off, also when the mapping gets longer', () => {
    const path = makeFile(join(folder, 'part'), 'abcdefgh'.repeat(10_000))
    const mapping = mapFile(path, { byteLength: page, access: 'write' })
    mapping.resize(2 * page)
    expect(statSync(path).size).toBe(2 * page)
    expect(text(content(mapping, 2 * page - 8))).toBe('abcdefgh')
  })

  test('brings back what somebody else cut off, as zeros', () => {
    const path = makeFile(join(folder, 'cut'), 'abcdefgh'.repeat(10_000))
    const mapping = mapFile(path, { access: 'write' })
    truncateSync(path, 10)
    mapping.resize(40_000)
    expect(text(content(mapping, 8, 4))).toBe('ab\0\0')
    expect(statSync(path).size).toBe(40_000)
  })

  test('of shared memory: shorter works, longer is EINVAL', () => {
    const mapping = anonymous(4 * page, MAP_SHARED)
    mapping.copyIn(page, bytes('kept'))
    mapping.resize(2 * page)
    expect(text(content(mapping, page, 4))).toBe('kept')
    expect(() => mapping.resize(4 * page)).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'EINVAL' }))
    expect(text(content(mapping, page, 4))).toBe('kept')
    expect(mapping.byteLength).toBe(2 * page)
  })

  test('that the file refuses leaves both as they were', () => {
    const path = makeFile(join(folder, 'refused'), 'abcdefgh'.repeat(5000))
    const mapping = mapFile(path, { byteLength: 20_000, access: 'copy' }) // of a descriptor for reading
    mapping.copyIn(19_990, bytes('changed'))
    for (const length of [1, 5000, 30_000, 100_000]) {
      expect(() => mapping.resize(length)).toThrow(expect.objectContaining({ code: 'OS', syscall: 'ftruncate' }))
      expect(mapping.byteLength).toBe(20_000)
      expect(text(content(mapping, 19_989, 9))).toBe('fchangedf')
    }
    expect(statSync(path).size).toBe(40_000)
  })

  test('that the file refuses leaves the last page of a copy following the file', () => {
    const path = makeFile(join(folder, 'refused-copy'), 'abcdefgh'.repeat(5000))
    const mapping = mapFile(path, { byteLength: 20_000, access: 'copy' }) // of a descriptor for reading
    for (const length of [19_999, 20_001]) {
      expect(() => mapping.resize(length)).toThrow(expect.objectContaining({ code: 'OS', syscall: 'ftruncate' }))
    }
    mapFile(path, { access: 'write' }).copyIn(19_990, bytes('news'))
    expect(text(content(mapping, 19_990, 4))).toBe('news')
  })

  // A process has 128 TiB of them, or what the processor can.
  test('that finds no addresses cuts the file back to what it was', () => {
    const path = makeFile(join(folder, 'no-addresses'), 'abcdefgh'.repeat(5000))
    const mapping = mapFile(path, { access: 'write' })
    const huge = makeSparseFile(join(folder, 'fifteen'), 15 * TiB, [])
    const fill = (): void => {
      for (let i = 0; i < 100; i++) mapFile(huge)
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'ENOMEM' }))
    expect(() => mapping.resize(15 * TiB)).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'ENOMEM' }))
    expect(statSync(path).size).toBe(40_000)
    expect(mapping.byteLength).toBe(40_000)
    expect(text(content(mapping, 39_992))).toBe('abcdefgh')
    mapping.resize(50_000)
    expect(statSync(path).size).toBe(50_000)
  })
})

describe('remap', () => {
  test.each(['read', 'write', 'copy'] as const)('follows a file that grew, %s', (access) => {
    const path = makeFile(join(folder, `grew-${access}`), 'abc')
    const mapping = mapFile(path, { access })
    appendFileSync(path, 'defgh'.repeat(5000))
    mapping.remap(25_003)
    expect(mapping.byteLength).toBe(25_003)
    expect(text(content(mapping, 0, 8))).toBe('abcdefgh')
    expect(text(content(mapping, 24_999))).toBe('efgh'.slice(-4))
    expect(statSync(path).size).toBe(25_003)
  })

  test('from its offset, past 4 GiB', () => {
    const path = makeSparseFile(join(folder, 'huge-remap'), 5 * GiB + page, [])
    const mapping = mapFile(path, { offset: 5 * GiB, byteLength: page })
    appendFileSync(path, 'new')
    mapping.remap(page + 3)
    expect(text(content(mapping, page - 1))).toBe('\0new')
    mapping.remap(10)
    expect(mapping.byteLength).toBe(10)
    expect(statSync(path).size).toBe(5 * GiB + page + 3)
  })

  test('forgets what was stored to a copy', () => {
    const path = makeFile(join(folder, 'forgets'), 'abcdef')
    const mapping = mapFile(path, { access: 'copy' })
    mapping.copyIn(0, bytes('XYZ'))
    mapping.remap(4)
    expect(text(content(mapping))).toBe('abcd')
  })

  test('of memory is EBADF, of nothing a RangeError, with a job in flight BUSY', async () => {
    expect(() => anonymous(page).remap(page)).toThrow(expect.objectContaining({ code: 'OS', errnoName: 'EBADF' }))
    const mapping = mapFile(makeFile(join(folder, 'refusals'), 'abcdef'))
    expect(() => mapping.remap(0)).toThrow(RangeError)
    const { result } = mapping.readAsync(0, 3)
    expect(() => mapping.remap(3)).toThrow(expect.objectContaining({ code: 'BUSY', exports: 0, jobs: 1 }))
    await result
    mapping.remap(3)
    expect(mapping.byteLength).toBe(3)
  })

  test('without the file is EBADF, as is resize, and nothing happens', () => {
    const path = makeFile(join(folder, 'unkept'), 'abcdef')
    const file = openSync(path, 'r+')
    const mapping = mapped(file, { offset: 0, byteLength: 6, access: 'write', keepsFile: false })
    closeSync(file)
    const refusal = expect.objectContaining({ code: 'OS', errnoName: 'EBADF' })
    expect(() => mapping.remap(3)).toThrow(refusal)
    expect(() => mapping.resize(3)).toThrow(refusal)
    expect(() => mapping.resize(9)).toThrow(refusal)
    expect(text(content(mapping))).toBe('abcdef')
    expect(statSync(path).size).toBe(6)
  })
})
