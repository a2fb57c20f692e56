/** The part of core that needs neither Node nor a browser. */
export type { CancelSignal } from './abort.ts'
export type { ErrorCode, ErrorDetails } from './errors.ts'
export { ERROR_CODES, isMapscopeError, MapscopeError } from './errors.ts'
export type { ByteRange } from './range.ts'
export { byteLengthOf, includesOffset, intersect, mergeRanges } from './range.ts'
export type { ByteSource, Chunk, Extent, ScanOptions, ScanResult, SearchDirection } from './source.ts'
