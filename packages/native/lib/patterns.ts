// The part of the C++ surface that says what to search for, and what was found.

/** A place matches where `(byte & masks[i]) === values[i]` for every i. Without masks every bit counts. At least 1 byte, at most 256 MiB. */
export interface NeedleSpec {
  readonly values: Uint8Array
  /** As long as `values`. A bit that is set in `values` and not here matches nothing. */
  readonly masks?: Uint8Array | undefined
}

export type IntegerName = 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32' | 'u64' | 'i64'
export type FloatName = 'f16' | 'f32' | 'f64'
/** Of at most 10 bytes, with or without padding; what does not fit in 64 bits matches nothing. Byte order does not matter to them. */
export type Leb128Name = 'uleb128' | 'sleb128'

/**
 * A number in `[min, max]`: integers as bigint (of any size: what the type cannot hold is left out), floats as number (not NaN, which never
 * matches; -0 and 0 are the same). `min` must not be greater than `max`.
 */
export interface NumberSpec {
  readonly type: IntegerName | FloatName | Leb128Name
  readonly isLittleEndian: boolean
  readonly min: bigint | number
  readonly max: bigint | number
}

/** `min` to `max` bytes of a set of them, as many as there are; no `max`: any number. `set` has 256 bytes, not 0 for those that are in it. */
export interface RunSpec {
  readonly set: Uint8Array
  readonly min: number
  readonly max?: number | undefined
}

/**
 * Runs one after the other, none of which gives back a byte that it took (so no byte of a run may be what the next could begin with, unless all
 * that follows may be empty). They need 1 to 32,768 bytes. Every match has the anchor `offset` bytes behind its start. A match is followed for
 * at most 64 KiB: a byte length of more than the pattern's `maxByteLength` says that the bytes up to there, or up to the end, did not tell.
 */
export interface SequenceSpec {
  readonly runs: readonly RunSpec[]
  readonly anchor: NeedleSpec & { readonly offset: number }
}

export type PatternSpec =
  | ({ readonly kind: 'bytes' } & NeedleSpec)
  /** Any of 1 to 65,536: every hit is told and says which; a place where several match gives several hits, in the order of the list. */
  | { readonly kind: 'any'; readonly needles: readonly NeedleSpec[] }
  | ({ readonly kind: 'number' } & NumberSpec)
  | ({ readonly kind: 'sequence' } & SequenceSpec)

export interface MatchOptions {
  /**
   * The most hits to give back; the scan stops there, and at 2^24. The hits of one place are never parted: of `any`, there may be more by
   * those of the last place. Ignored by `isCountOnly`.
   */
  readonly limit: number
  /** Only places where `(offset in the mapping + alignmentBase) % alignment === 0`. Default 1. */
  readonly alignment?: number | undefined
  readonly alignmentBase?: number | undefined
  /** Hits come last first: the forward hits, turned round. */
  readonly isReverse?: boolean | undefined
  /** Default true: every place. False (kinds `bytes` and `sequence`, forward only): after a hit the next begins at its end, as in Python's `re.finditer`. */
  readonly isOverlapping?: boolean | undefined
  /** No offsets, just how many. */
  readonly isCountOnly?: boolean | undefined
  /**
   * Only hits that begin before it (default: `end`). For a piece of a longer search: hits begin in the piece, and end before the search's
   * `end`, wherever the next piece begins.
   */
  readonly startsBefore?: number | undefined
  /** The pages looked at stay mapped, of a mapping: quicker to search again. Default false. */
  readonly keepsPages?: boolean | undefined
  /** They are mapped, most likely, and are not asked for before they are looked at, which costs as much as looking. Default false. */
  readonly arePagesMapped?: boolean | undefined
}

export interface MatchResult {
  readonly count: number
  /** Of hits that lie wholly inside `[start, end)`, ascending; in reverse, descending. */
  readonly offsets: Float64Array
  /** One for each hit, when the pattern's matches are not all of one length. */
  readonly byteLengths?: Uint32Array
  /** One for each hit of kind `any`: the needle's place in the list. */
  readonly which?: Uint32Array
  /**
   * Go on from here and no hit is missed or repeated: as `start`; in reverse as `end`, or, when matches are not all of one length, with `end`
   * as it was and `startsBefore: scannedTo - minByteLength + 1`. Equal to the far end once the range is done.
   */
  readonly scannedTo: number
  readonly cancelled: boolean
  /** Pairs `[start0, end0, …]`: hits that would need these bytes are not told. */
  readonly unreadable: readonly number[]
}

/** What to search for, made ready once; immutable. Of the thread that compiled it. */
export interface NativePattern {
  readonly minByteLength: number
  readonly maxByteLength: number
  /** The same in plain memory, on this thread; offsets count from the array's start. */
  matchBytes(bytes: Uint8Array, options: MatchOptions): MatchResult
}
