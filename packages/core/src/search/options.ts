import type {
  ByteRange,
  CacheOptions,
  CancelSignal,
  CompiledQuery,
  FindProgress,
  SearchDirection,
  SearchQuery,
} from '../shared/index.ts'

/** What to look for: bytes, a regular expression over bytes, what a person typed, or what `compileQuery` made of it. */
export type Searchable = Uint8Array | RegExp | SearchQuery | CompiledQuery

export interface SearchOptions extends CacheOptions {
  /** Hits lie wholly inside. Default: the whole source. */
  readonly range?: ByteRange | undefined
  /**
   * Only hits that begin here, wherever in the range they end, and whatever the first of them overlaps before: a part of a search that was cut. The parts behind
   * begin where this one's last hit ends, if that is farther; or cut where `findCut` says, and they know nothing of each other. Default: the range.
   */
  readonly starts?: ByteRange | undefined
  /** `backward` gives exactly the hits of `forward`, last first. Default `forward`. */
  readonly direction?: SearchDirection | undefined
  readonly signal?: CancelSignal | undefined
  /** Places settled, holes included, of how many; after each window. Throttling is the caller's. */
  readonly onProgress?: ((progress: FindProgress) => void) | undefined
  /** Most hits to give. Default: all. */
  readonly limit?: number | undefined
  /** Only hits whose offset is a multiple of it. Default 1. */
  readonly alignment?: number | undefined
  /**
   * Every place that matches. Default false: as in Python's `re.finditer`, a hit begins at or after the end of the one before. Needle lists and
   * numbers give every hit in any case.
   */
  readonly isOverlapping?: boolean | undefined
  /**
   * Told of what could not be read, as it is stepped over (a range may be told in parts). Without it the search still gives all the hits there
   * are, and then ends with `ERR_FAULT`, which has their `hitCount`: what nobody looked at must not pass for “no hits”.
   */
  readonly onUnreadable?: ((range: ByteRange) => void) | undefined
}
