import type { ChunkDigests, HashPlan, HashRunOptions } from '../scan/hash_pieces.ts'
import type {
  BytePattern,
  ByteRange,
  ByteSource,
  Chunk,
  Extent,
  MatchInOptions,
  MatchInResult,
  ScanOptions,
  ScanResult,
  SearchDirection,
} from '../shared/index.ts'
import type { CacheLedger } from './cache_ledger.ts'
import type { MappedScanner } from './mapped_scanner.ts'
import type { MappedSource } from './mapped_source.ts'

/** How far ahead of a hashing thread it is noted what the cache has: half a second of hashing, for which this thread may be busy. */
const HASH_LEAD_BYTE_LENGTH: number = 1024 ** 3

/** A mapped source as one scan sees it: what it looks at is noted before, and given back behind. */
export class CacheReleasingSource implements ByteSource {
  readonly byteLength: number
  readonly scanner: MappedScanner | undefined
  readonly #source: MappedSource
  readonly #ledger: CacheLedger
  #closing: Promise<void> | undefined

  /** @param source is this one's own, to be closed with it. */
  constructor(source: MappedSource, scanner: MappedScanner, ledger: CacheLedger) {
    this.byteLength = source.byteLength
    this.scanner = scanner
    this.#source = source
    this.#ledger = ledger
  }

  read(offset: number, length: number, options?: ScanOptions): Promise<Chunk> {
    return this.around({ start: offset, end: offset + length }, () => this.#source.read(offset, length, options))
  }

  extents(range: ByteRange): AsyncIterable<Extent> {
    return this.#source.extents(range)
  }

  findIn(needle: Uint8Array, range: ByteRange, direction: SearchDirection, options?: ScanOptions): Promise<ScanResult> {
    return this.around(range, () => this.#source.findIn(needle, range, direction, options))
  }

  matchIn(pattern: BytePattern, range: ByteRange, options: MatchInOptions): Promise<MatchInResult> {
    return this.around(range, () => this.#source.matchIn(pattern, range, options))
  }

  async hashIn(plan: HashPlan, options: HashRunOptions): Promise<ChunkDigests> {
    const { start, end } = plan.range
    let at = start
    const lead = (): ByteRange => ({ start: at, end: Math.min(end, at + HASH_LEAD_BYTE_LENGTH) })
    await this.#ledger.before(lead())
    const onScanned = (byteLength: number): void => {
      const behind = { start: at, end: at + byteLength }
      at = behind.end
      this.#ledger.goOn(behind, lead())
      options.onScanned?.(byteLength)
    }
    return await this.#source.hashIn(plan, { ...options, onScanned })
  }

  share(): number | undefined {
    return this.#source.share()
  }

  around<T>(range: ByteRange, look: () => Promise<T>): Promise<T> {
    return this.#ledger.around(range, look)
  }

  /** Idempotent. Waits for what is in flight, for its pages are in use until then. */
  close(): Promise<void> {
    this.#closing ??= this.#source.close().then(() => this.#ledger.end())
    return this.#closing
  }
}
