import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Hasher } from './hasher.ts'
import { blake3Hasher, xxh3Hasher, xxh64Hasher, xxh128Hasher } from './wasm_hashers.ts'

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512' | 'crc32' | 'xxh64' | 'xxh3' | 'xxh128' | 'blake3'

/** One more algorithm: a name above and a row here. OpenSSL's own code is 3 to 6 times as fast as WebAssembly's on what it has. */
const HASHERS: { readonly [Algorithm in HashAlgorithm]: () => Hasher | Promise<Hasher> } = {
  md5: () => openSslHasher('md5'),
  sha1: () => openSslHasher('sha1'),
  sha256: () => openSslHasher('sha256'),
  sha512: () => openSslHasher('sha512'),
  crc32: crc32Hasher,
  xxh64: xxh64Hasher,
  xxh3: xxh3Hasher,
  xxh128: xxh128Hasher,
  blake3: blake3Hasher,
}

export const HASH_ALGORITHMS: readonly HashAlgorithm[] = Object.keys(HASHERS) as HashAlgorithm[]

export function isHashAlgorithm(name: unknown): name is HashAlgorithm {
  return typeof name === 'string' && Object.hasOwn(HASHERS, name)
}

export async function createHasher(algorithm: HashAlgorithm): Promise<Hasher> {
  return await HASHERS[algorithm]()
}

function openSslHasher(name: string): Hasher {
  let hash = createHash(name)
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => {
      const digest = hash.digest('hex')
      hash = createHash(name)
      return digest
    },
  }
}

/** The CRC of zip, gzip, PNG and Ethernet. */
function crc32Hasher(): Hasher {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => {
      const digest = value.toString(16).padStart(8, '0')
      value = 0
      return digest
    },
  }
}
