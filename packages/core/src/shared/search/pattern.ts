/** A place matches where `(byte & masks[i]) === (values[i] & masks[i])` for all i. Without masks every bit counts. */
export interface MaskedBytes {
  readonly values: Uint8Array
  readonly masks?: Uint8Array | undefined
}

export interface BytesPattern extends MaskedBytes {
  readonly kind: 'bytes'
}

/** Any of 1 to 65,536 needles: every hit counts and says which; several at one place come in the order of the list. */
export interface AnyPattern {
  readonly kind: 'any'
  readonly needles: readonly MaskedBytes[]
}

export type NumberType =
  | 'u8'
  | 'i8'
  | 'u16'
  | 'i16'
  | 'u32'
  | 'i32'
  | 'u64'
  | 'i64'
  | 'f16'
  | 'f32'
  | 'f64'
  | 'uleb128'
  | 'sleb128'

/** A number from `min` to `max`, both included: integers as bigint, floats as number. NaN never matches; -0 is 0. */
export interface NumberPattern {
  readonly kind: 'number'
  readonly type: NumberType
  readonly isLittleEndian: boolean
  readonly min: bigint | number
  readonly max: bigint | number
}

/** `min` to `max` bytes (Infinity: any number) of those that are not 0 in `set`, as many as there are. */
export interface ByteRun {
  readonly set: Uint8Array
  readonly min: number
  readonly max: number
}

/**
 * Runs one after the other, none of which gives back what it took. Every match has the anchor `offset` bytes behind its start. A match is followed for
 * `MOST_FOLLOWED_BYTE_LENGTH`: a hit longer than the matcher's `maxByteLength` says that what was there to look at did not tell.
 */
export interface SequencePattern {
  readonly kind: 'sequence'
  readonly runs: readonly ByteRun[]
  readonly anchor: MaskedBytes & { readonly offset: number }
}

export const MOST_FOLLOWED_BYTE_LENGTH: number = 65_536

/**
 * What a matcher looks for, native or plain: data, so that it can be sent and printed. Whoever compiles one may keep what it compiled for as long
 * as the object lives, so its arrays must not be changed.
 */
export type BytePattern = BytesPattern | AnyPattern | NumberPattern | SequencePattern

/** Longest needle, in bytes. Windows of a search overlap by one byte less than the needle, so it must stay small beside them. */
export const MAX_NEEDLE_BYTE_LENGTH = 1_048_576

/** Longest gap, and longest text that becomes a regular expression, in bytes: the engine refuses expressions of some MiB. */
export const MAX_EXPRESSION_BYTE_LENGTH = 65_536

/** Most needles that one search looks for. */
export const MAX_NEEDLE_COUNT = 65_536
