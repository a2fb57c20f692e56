const MIB = 1024 ** 2

export interface RegexpLimits {
  /** Starts that one window decides. */
  readonly windowByteLength: number
  /** …and the first window of a search, whose hits come the sooner; each later one is four times as long. */
  readonly firstWindowByteLength: number
  /** Most hits that one window gives back at once. */
  readonly windowHits: number
  /** Longest text that a match is followed in; one that is longer is told in pieces of it. */
  readonly longestMatchByteLength: number
  /** A hole shorter than that is read. */
  readonly minZeros: number
  /** A backward search looks at this much before the end first, then at four times as much. */
  readonly backwardByteLength: number
}

export const REGEXP_LIMITS: RegexpLimits = {
  // 16 to 64 MiB: a thread does not stop in the middle of a scan that never backtracks, and shorter windows cost more than they compute.
  // Two of them, mapped at once, and what else a search takes are to stay below 64 MiB.
  windowByteLength: 20 * MIB,
  firstWindowByteLength: 2 * MIB,
  // 3 MB as columns. Behind a limit that a window comes to, the rest of it runs alone: with a quarter as many, dense hits kept one thread waiting.
  windowHits: 262_144,
  // The longest string of V8 is 512 MiB.
  longestMatchByteLength: 256 * MIB,
  minZeros: MIB,
  backwardByteLength: 2 * MIB,
}

export const DEFAULT_MAX_MATCH_BYTE_LENGTH: number = MIB
export const MOST_MAX_MATCH_BYTE_LENGTH: number = 128 * MIB
