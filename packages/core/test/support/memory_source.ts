import { readingMatch } from '../../src/search/window_match.ts'
import {
  type BytePattern,
  type ByteRange,
  type ByteSource,
  type Chunk,
  type Extent,
  intersect,
  type MatchInOptions,
  type MatchInResult,
  type ScanOptions,
  type ScanResult,
  type SearchDirection,
} from '../../src/shared/index.ts'
import { plainMatcher } from '../../src/shared/search/matcher.ts'
import { naiveMatch } from './naive.ts'

export interface MemorySourceOptions {
  /** In order, covering all bytes; those of holes must be zero. Absent: the source has no `extents`. */
  readonly extents?: readonly Extent[] | undefined
  readonly unreadable?: readonly ByteRange[] | undefined
  readonly hasFindIn?: boolean | undefined
  readonly hasMatchIn?: boolean | undefined
}

/** A source in memory that has what real ones have: holes, unreadable bytes, a search of its own. It records what was scanned. */
export class MemorySource implements ByteSource {
  readonly byteLength: number
  readonly scanned: ByteRange[] = []
  extents?: (range: ByteRange) => AsyncIterable<Extent>
  findIn?: (
    needle: Uint8Array,
    range: ByteRange,
    direction: SearchDirection,
    options?: ScanOptions,
  ) => Promise<ScanResult>
  matchIn?: (pattern: BytePattern, range: ByteRange, options: MatchInOptions) => Promise<MatchInResult>
  readonly #bytes: Uint8Array
  readonly #unreadable: readonly ByteRange[]

  constructor(
    bytes: Uint8Array,
    { extents, unreadable = [], hasFindIn = false, hasMatchIn = false }: MemorySourceOptions = {},
  ) {
    this.#bytes = bytes
    this.byteLength = bytes.length
    this.#unreadable = unreadable
    if (extents !== undefined) this.extents = (range) => clippedExtents(extents, range)
    if (hasFindIn) this.findIn = (needle, range, direction) => this.#findIn(needle, range, direction)
    if (hasMatchIn) this.matchIn = (pattern, range, options) => this.#matchIn(pattern, range, options)
  }

  async read(offset: number, length: number): Promise<Chunk> {
    const range = { start: offset, end: offset + length }
    if (range.start < 0 || range.end > this.byteLength) throw new RangeError(`outside: ${offset} + ${length}`)
    this.scanned.push(range)
    const bytes = this.#bytes.slice(range.start, range.end)
    const unreadable = this.#gapsIn(range)
    // What lies under an unreadable byte must not matter.
    for (const gap of unreadable) bytes.fill(0, gap.start - offset, gap.end - offset)
    return { offset, bytes, unreadable }
  }

  async close(): Promise<void> {}

  async #findIn(needle: Uint8Array, range: ByteRange, direction: SearchDirection): Promise<ScanResult> {
    this.scanned.push(range)
    const starts: number[] = []
    for (let at = range.start; at + needle.length <= range.end; at++) starts.push(at)
    if (direction === 'backward') starts.reverse()
    const offset = naiveMatch(this.#bytes, needle, starts, this.#unreadable)
    return { offset, unreadable: this.#gapsIn(range) }
  }

  async #matchIn(pattern: BytePattern, range: ByteRange, options: MatchInOptions): Promise<MatchInResult> {
    const { limit, alignment = 1, isOverlapping = true, isCountOnly = false, startsBefore = range.end } = options
    const reader = new MemorySource(this.#bytes, { unreadable: this.#unreadable })
    const signal = options.signal ?? new AbortController().signal
    this.scanned.push(range)
    const match = readingMatch(reader, plainMatcher(pattern), alignment)
    return match(range, { limit, isOverlapping, isCountOnly, startsBefore, signal })
  }

  #gapsIn(range: ByteRange): ByteRange[] {
    return this.#unreadable.flatMap((gap) => intersect(gap, range) ?? [])
  }
}

async function* clippedExtents(extents: readonly Extent[], range: ByteRange): AsyncGenerator<Extent> {
  for (const extent of extents) {
    const inside = intersect(extent, range)
    if (inside !== undefined) yield { kind: extent.kind, ...inside }
  }
}
