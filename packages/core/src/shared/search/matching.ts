import type { CancelSignal } from '../abort.ts'
import type { ByteRange } from '../range.ts'

/** How places are to be matched; the same for the native matcher and the plain one. */
export interface MatchOptions {
  /** Most hits to give back: the scan stops there. Hits of several needles at one place are never parted, so a few more may come. */
  readonly limit: number
  /** Only places where `(offset + alignmentBase) % alignment === 0`. Default 1. */
  readonly alignment?: number | undefined
  /** Default 0. */
  readonly alignmentBase?: number | undefined
  /** Default true: every place. False (kind `bytes` only): after a hit the next begins at its end. */
  readonly isOverlapping?: boolean | undefined
  /** Only hits that begin before this, counted as the hits' offsets are. Default: all in the range. */
  readonly startsBefore?: number | undefined
  /** No offsets, just how many; the limit is ignored then. */
  readonly isCountOnly?: boolean | undefined
}

export interface MatchResult {
  readonly count: number
  /** In order. */
  readonly offsets: Float64Array
  /** When not all hits have the same length. */
  readonly byteLengths?: Uint32Array | undefined
  /** Kind `any`: the needle's index. */
  readonly which?: Uint32Array | undefined
  /** Going on from here, as the start, no hit is missed or doubled. The far end when the range is done. */
  readonly scannedTo: number
}

export interface MatchInOptions extends MatchOptions {
  readonly signal?: CancelSignal | undefined
}

/** Of a source: what could not be read was stepped over. It may reach beyond the range, as `ScanResult` says. */
export interface MatchInResult extends MatchResult {
  readonly unreadable: readonly ByteRange[]
}

/** A pattern made ready, for bytes in memory; offsets count from the array's start. */
export interface Matcher {
  readonly minByteLength: number
  readonly maxByteLength: number
  matchBytes(bytes: Uint8Array, options: MatchOptions): MatchResult
}
