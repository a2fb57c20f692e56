import type { SearchLimits } from '../shared/search/limits.ts'

/** How much the engine takes in hand at once. Only tests use others. */
export interface EngineLimits extends SearchLimits {
  /** Window of a source that has no matcher of its own: it is matched on this thread. */
  readonly readByteLength: number
  /** Window where hits that overlap are resolved from the end: all its hits are held. */
  readonly clusterByteLength: number
  /** The first window, which doubles from one to the next: the nearest hit is often near. */
  readonly firstByteLength: number
  /** A hole up to this long between two windows is scanned along with them. */
  readonly joinByteLength: number
  /** Most hits of one native answer, and of one batch that was computed. */
  readonly hitsPerWindow: number
  readonly hitsPerBatch: number
}

const MIB: number = 1024 ** 2

export const ENGINE_LIMITS: EngineLimits = {
  // 16 MiB: the best throughput of 1 to 64 MiB jobs on libuv's pool.
  windowByteLength: 16 * MIB,
  pieceByteLength: 1024 ** 4,
  zonesHeld: 65_536,
  readByteLength: MIB,
  clusterByteLength: 4 * MIB,
  firstByteLength: MIB,
  // A job costs 0.1 to 0.2 ms before it scans a byte, and zeros are scanned at 5 GB/s and more.
  joinByteLength: MIB,
  // A MiB of offsets. With a million hits an answer, the garbage of dense searches alone came to 150 MiB; this many make 50.
  hitsPerWindow: MIB / 8,
  hitsPerBatch: 65_536,
}
