import type { IHasher } from 'hash-wasm'
import type { Hasher } from './hasher.ts'

/**
 * What Node has not: BLAKE3 and the xxHashes, as WebAssembly. Loaded when one is asked for, as hash-wasm is one file of 280 KiB; instances are made
 * once for a task and rewound for its chunks, as each takes 0.25 ms. Beside SHA-256 of OpenSSL's, the xxHashes are twice as fast and BLAKE3 is half
 * as fast. Rejected: `xxhash-wasm` (XXH64 alone), `@node-rs/xxhash` (a binary for each platform), pure JavaScript (a tenth of the speed).
 *
 * Unseeded, unkeyed, and big-endian, as xxhsum and b3sum write them.
 */
const load = () => import('hash-wasm')

export async function xxh64Hasher(): Promise<Hasher> {
  return rewinding(await (await load()).createXXHash64())
}

/** 64 bits of XXH3. */
export async function xxh3Hasher(): Promise<Hasher> {
  return rewinding(await (await load()).createXXHash3())
}

/** 128 bits of XXH3. */
export async function xxh128Hasher(): Promise<Hasher> {
  return rewinding(await (await load()).createXXHash128())
}

export async function blake3Hasher(): Promise<Hasher> {
  return rewinding(await (await load()).createBLAKE3())
}

function rewinding(hash: IHasher): Hasher {
  hash.init()
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => {
      const digest = hash.digest()
      hash.init()
      return digest
    },
  }
}
