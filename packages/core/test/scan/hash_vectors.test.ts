import { blake3, xxhash3, xxhash64, xxhash128 } from 'hash-wasm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type HashAlgorithm, hash, hashChunks, type MappedSource, openFile } from '../../src/index.ts'
import { ChunkHasher } from '../../src/scan/hash_pieces.ts'
import { MemorySource } from '../support/memory_source.ts'
import { Random, SEED } from '../support/random.ts'
import { GIB, TempFolder } from '../support/temp.ts'

const folder = new TempFolder()
const ALGORITHMS = ['xxh64', 'xxh3', 'xxh128', 'blake3'] as const

function opened(path: string): MappedSource {
  const source = openFile(path)
  onTestFinished(() => source.close())
  return source
}

/** In one piece, by the library that the hashers take pieces with. */
async function atOnce(bytes: Uint8Array): Promise<Record<(typeof ALGORITHMS)[number], string>> {
  return {
    xxh64: await xxhash64(bytes),
    xxh3: await xxhash3(bytes),
    xxh128: await xxhash128(bytes),
    blake3: await blake3(bytes),
  }
}

/** The bytes that xxHash's own checks are made with. */
function xxhashSample(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength)
  let state = 2654435761n
  for (let at = 0; at < byteLength; at++) {
    bytes[at] = Number(state >> 56n)
    state = BigInt.asUintN(64, state * 11400714785074694797n)
  }
  return bytes
}

/** The bytes of BLAKE3's test vectors. */
const blake3Sample = (byteLength: number): Uint8Array => Uint8Array.from({ length: byteLength }, (_, at) => at % 251)

/** Published with the reference implementations; one length for each way the algorithms go. */
const XXHASH_VECTORS: readonly (readonly [HashAlgorithm, number, string])[] = [
  ['xxh64', 0, 'ef46db3751d8e999'],
  ['xxh64', 1, 'e934a84adb052768'],
  ['xxh64', 4, '9136a0dca57457ee'],
  ['xxh64', 14, '8282dcc4994e35c8'],
  ['xxh64', 222, 'b641ae8cb691c174'],
  ['xxh3', 0, '2d06800538d394c2'],
  ['xxh3', 1, 'c44bdff4074eecdb'],
  ['xxh3', 6, '27b56a84cd2d7325'],
  ['xxh3', 12, 'a713daf0dfbb77e7'],
  ['xxh3', 24, 'a3fe70bf9d3510eb'],
  ['xxh3', 48, '397da259ecba1f11'],
  ['xxh3', 80, 'bcdefbbb2c47c90a'],
  ['xxh3', 195, 'cd94217ee362ec3a'],
  ['xxh3', 403, 'cdeb804d65c6dea4'],
  ['xxh3', 512, '617e49599013cb6b'],
  ['xxh3', 2048, 'dd59e2c3a5f038e0'],
  ['xxh3', 2240, '6e73a90539cf2948'],
  ['xxh3', 2367, 'cb37aeb9e5d361ed'],
  ['xxh128', 0, '99aa06d3014798d86001c324468d497f'],
  ['xxh128', 1, 'a6cd5e9392000f6ac44bdff4074eecdb'],
  ['xxh128', 6, '082afe0b8162d12a3e7039bdda43cfc6'],
  ['xxh128', 12, '6e3efd8fc7802b18061a192713f69ad9'],
  ['xxh128', 24, '0ce966e4678d37611e7044d28b1b901d'],
  ['xxh128', 48, 'a002ac4e5478227ef942219aed80f67b'],
  ['xxh128', 81, '4952f58181ab00425e8bafb9f95fb803'],
  ['xxh128', 222, '337e09641b948717f1aebd597cec6b3a'],
  ['xxh128', 403, '1b6de21e332dd73dcdeb804d65c6dea4'],
  ['xxh128', 512, '18d2d110dcc9bca1617e49599013cb6b'],
  ['xxh128', 2048, 'f736557fd47073a5dd59e2c3a5f038e0'],
  ['xxh128', 2240, 'ccb134fbfa7ce49d6e73a90539cf2948'],
  ['xxh128', 2367, 'e89c0f6ff369b427cb37aeb9e5d361ed'],
]

const BLAKE3_VECTORS: readonly (readonly [number, string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [2049, '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030'],
  [3073, '7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3'],
  [5121, '628bd2cb2004694adaab7bbd778a25df25c47b9d4155a55f8fbd79f2fe154cff'],
  [8193, 'bab6c09cb8ce8cf459261398d2e7aef35700bf488116ceb94a36d0f5f1b7bc3b'],
  [31744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
  [102400, 'bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085'],
]

const VECTORS = [
  ...XXHASH_VECTORS.map(([algorithm, byteLength, digest]) => ({ algorithm, bytes: xxhashSample(byteLength), digest })),
  ...BLAKE3_VECTORS.map(([byteLength, digest]) => ({
    algorithm: 'blake3' as HashAlgorithm,
    bytes: blake3Sample(byteLength),
    digest,
  })),
]

describe('the vectors of the reference implementations', () => {
  test('in a source of memory', async () => {
    for (const { algorithm, bytes, digest } of VECTORS)
      expect(await hash(new MemorySource(bytes), { algorithms: [algorithm] }), `${bytes.length} bytes`).toEqual({
        [algorithm]: digest,
      })
  })

  test('as chunks of a mapping, on a thread: each begins anew', async () => {
    for (const { algorithm, bytes, digest } of VECTORS) {
      if (bytes.length === 0) continue
      const count = Math.ceil((1.5 * 1024 ** 2) / bytes.length)
      const source = opened(folder.file(Buffer.concat(Array.from({ length: Math.min(count, 5_000) }, () => bytes))))
      const chunks = hashChunks(source, { algorithms: [algorithm], chunkByteLength: bytes.length })
      for await (const { digests } of chunks) expect(digests[algorithm], `${bytes.length} bytes`).toBe(digest)
      await source.close()
    }
  }, 60_000)
})

describe('pieces', () => {
  test(`cut anywhere come to the whole, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    for (let round = 0; round < 60; round++) {
      const bytes = random.bytes(random.pick([random.between(0, 600), random.between(0, 40_000), 16_384, 16_385]))
      const plan = { range: { start: 0, end: bytes.length }, algorithms: ALGORITHMS, chunkByteLength: 2 ** 40 }
      const hasher = await ChunkHasher.of(plan)
      for (let at = 0; at < bytes.length; ) {
        const end = at + random.pick([1, random.between(0, 70), random.between(0, 20_000)])
        hasher.take(bytes.subarray(at, end))
        at = end
      }
      const expected = await atOnce(bytes)
      expect(hasher.finish(), `round ${round}`).toEqual([ALGORITHMS.map((name) => expected[name])])
    }
  })

  test(`ranges and chunks of a mapping, seed ${SEED}`, async () => {
    const random = new Random(SEED)
    const bytes = random.bytes(9 * 1024 ** 2)
    const source = opened(folder.file(bytes))
    for (let round = 0; round < 8; round++) {
      const start = random.pick([0, 2 * 1024 ** 2, random.between(0, 2 ** 20)]) + random.between(0, 2)
      const end = start + random.pick([1, 1024 ** 2, 2 * 1024 ** 2 + 1, random.between(0, 6 * 1024 ** 2)])
      const digests = await hash(source, { algorithms: ALGORITHMS, range: { start, end } })
      expect(digests, `${start} to ${end}`).toEqual(await atOnce(bytes.subarray(start, end)))
      // Of inputs over 240 bytes, the lower half of one is the other: a check that owes nothing to the library.
      if (end - start > 240) expect(digests.xxh128.slice(16)).toBe(digests.xxh3)
      const chunkByteLength = random.between(1_000, 3 * 1024 ** 2)
      for await (const chunk of hashChunks(source, { algorithms: ALGORITHMS, range: { start, end }, chunkByteLength }))
        expect(chunk.digests).toEqual(await atOnce(bytes.subarray(chunk.range.start, chunk.range.end)))
    }
  }, 60_000)

  test('past 4 GiB, and of more than 4 GiB', async () => {
    const mark = 4.125 * GIB
    const source = opened(folder.sparse(4.25 * GIB, [{ offset: mark, text: 'beyond' }]))
    const range = { start: mark - 1024 ** 2, end: mark + 1024 ** 2 }
    const near = new Uint8Array(2 * 1024 ** 2)
    near.set(Buffer.from('beyond'), 1024 ** 2)
    expect(await hash(source, { algorithms: ALGORITHMS, range })).toEqual(await atOnce(near))
    // Made with xxhash-wasm 1.1.0 and @node-rs/xxhash 1.7.8. BLAKE3 counts in KiB and has no edge here.
    const whole = await hash(source, { algorithms: ['xxh64', 'xxh3', 'xxh128'] })
    expect(whole).toMatchObject({ xxh64: '937389102f5896d5', xxh3: '40192cfe475f3461' })
    expect(whole.xxh128.slice(16)).toBe(whole.xxh3)
  }, 120_000)
})
