/** How much a search takes in hand at once. Only tests use others than `SEARCH_LIMITS`. */
export interface SearchLimits {
  /** Places looked at by one window. */
  readonly windowByteLength: number
  /** A backward search asks for the extents of this much at once. */
  readonly pieceByteLength: number
  /** …and for those of less, when they come to more zones than this. */
  readonly zonesHeld: number
}

export const SEARCH_LIMITS: SearchLimits = {
  // 16 MiB: the best throughput of 1 to 64 MiB jobs on libuv's pool, 1 to 2 ms of work each when warm.
  windowByteLength: 16 * 1024 ** 2,
  pieceByteLength: 1024 ** 4,
  zonesHeld: 65_536,
}
