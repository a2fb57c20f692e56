import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** A hash that takes its bytes piece by piece. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** Lower-case hexadecimal, as `sha256sum` writes it. Ends the hasher. */
  digest(): string
}

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512' | 'crc32'

/** One more algorithm: a name above and a row here. OpenSSL's own code is 3 to 6 times as fast as WebAssembly's on these. */
const HASHERS: { readonly [Algorithm in HashAlgorithm]: () => Hasher } = {
  md5: () => openSslHasher('md5'),
  sha1: () => openSslHasher('sha1'),
  sha256: () => openSslHasher('sha256'),
  sha512: () => openSslHasher('sha512'),
  crc32: crc32Hasher,
}

export const HASH_ALGORITHMS: readonly HashAlgorithm[] = Object.keys(HASHERS) as HashAlgorithm[]

export function isHashAlgorithm(name: unknown): name is HashAlgorithm {
  return typeof name === 'string' && Object.hasOwn(HASHERS, name)
}

export function createHasher(algorithm: HashAlgorithm): Hasher {
  return HASHERS[algorithm]()
}

function openSslHasher(name: string): Hasher {
  const hash = createHash(name)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') }
}

/** The CRC of zip, gzip, PNG and Ethernet. */
function crc32Hasher(): Hasher {
  let value = 0
  return {
    update: (bytes) => {
      value = crc32(bytes, value)
    },
    digest: () => value.toString(16).padStart(8, '0'),
  }
}
