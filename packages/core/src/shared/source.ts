import type { CancelSignal } from './abort.ts'
import type { ByteRange } from './range.ts'
import type { WindowScanner } from './scan/window_scanner.ts'
import type { MatchInOptions, MatchInResult } from './search/matching.ts'
import type { BytePattern } from './search/pattern.ts'

/**
 * Bytes read from a source. `bytes` always has the length asked for; what could not be read is listed in `unreadable`
 * (source offsets, sorted, disjoint) and its places in `bytes` mean nothing: show them as missing, never as zeros.
 */
export interface Chunk {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly unreadable: readonly ByteRange[]
}

/** A run of a sparse file: stored bytes, or a hole that reads as zeros and costs nothing to skip. */
export interface Extent extends ByteRange {
  readonly kind: 'data' | 'hole'
}

export type SearchDirection = 'forward' | 'backward'

export interface ScanOptions {
  readonly signal?: CancelSignal | undefined
}

/**
 * `offset` is -1 when there is no match; `unreadable` lists what the scan had to step over. It may reach beyond the range that was
 * scanned when the source knows of more (the whole lost tail of a file), which spares the reader from asking window by window.
 */
export interface ScanResult {
  readonly offset: number
  readonly unreadable: readonly ByteRange[]
}

/**
 * The one seam everything reads through: files, overlays and remote bytes are the same to a reader.
 *
 * Reads and scans reject with `ERR_RANGE` outside `0..byteLength`, with `ERR_CLOSED` after `close()`, and with the signal's
 * reason when aborted.
 */
export interface ByteSource {
  readonly byteLength: number
  read(offset: number, length: number, options?: ScanOptions): Promise<Chunk>
  /** Data and holes of a sparse file, in order, covering the range without gaps. Absent: all is data. */
  extents?(range: ByteRange): AsyncIterable<Extent>
  /**
   * The source's own fast search of one window (a mapping's native kernel): first match wholly inside `range`, or the last one
   * when backward. Absent: the caller reads windows and searches them itself.
   */
  findIn?(needle: Uint8Array, range: ByteRange, direction: SearchDirection, options?: ScanOptions): Promise<ScanResult>
  /**
   * The source's own matcher for one window: all hits wholly inside `range`, up to the limit, in source offsets. Stops early at the limit only.
   * Absent: the caller reads windows and matches them itself.
   */
  matchIn?(pattern: BytePattern, range: ByteRange, options: MatchInOptions): Promise<MatchInResult>
  /**
   * A number by which other threads of this process open the mapping that holds all of the source at its own offsets, for as long as the source is
   * open. Absent, or undefined: there is none, and the bytes must be read and sent.
   */
  share?(): number | undefined
  /** Whoever looks at what `share` opens calls this around it, with the range. Absent: nobody wants to know. */
  around?<T>(range: ByteRange, look: () => Promise<T>): Promise<T>
  /**
   * The same bytes for one scan, which gives back out of the system's cache what it brought in there, and no more than that: as it goes on, and
   * the rest on `close`, which leaves this source open. Absent, or undefined: there is no such cache.
   */
  releasingCache?(): ByteSource | undefined
  /** The source's own fast scans of one window (a mapping's native kernels). Absent: windows are read and scanned in TypeScript. */
  readonly scanner?: WindowScanner | undefined
  /** Idempotent; waits for what is in flight. */
  close(): Promise<void>
}
