/**
 * The part of core that needs neither Node nor a browser.
 *
 * ```ts
 * import { find, parseQuery } from '@mapscope/core/shared'
 *
 * const query = parseQuery({ kind: 'hex', text: '4D 5A' })
 * if ('needle' in query) console.log(await find(source, query.needle, { from: 0, direction: 'forward' }))
 * ```
 */
export type { CancelSignal } from './abort.ts'
export { formatByte, formatOffset, isPrintableAscii, offsetDigits, printableCharacter } from './bytes.ts'
export type { ErrorCode, ErrorDetails } from './errors.ts'
export { ERROR_CODES, isMapscopeError, MapscopeError } from './errors.ts'
export type { ParsedCount } from './offset/number.ts'
export { parseCount } from './offset/number.ts'
export type { OffsetContext, ParsedOffset } from './offset/parse.ts'
export { parseOffset } from './offset/parse.ts'
export type { ByteRange } from './range.ts'
export { byteLengthOf, includesOffset, intersect, mergeRanges, subtractRanges } from './range.ts'
export type { CacheOptions } from './releasing_cache.ts'
export type {
  BlockSeries,
  ByteClass,
  DifferencesWindow,
  RunsWindow,
  StringEncoding,
  WindowRuns,
  WindowScanner,
  WindowStats,
} from './scan/window_scanner.ts'
export { BYTE_CLASSES } from './scan/window_scanner.ts'
export type {
  BytesQuery,
  CompiledQuery,
  CompiledRegexp,
  NeedlesQuery,
  NumberQuery,
  QueryResult,
  SpellingsQuery,
} from './search/compiled.ts'
export type { FindOptions, FindProgress, FindResult } from './search/find.ts'
export { find } from './search/find.ts'
export type { HexQuery } from './search/hex.ts'
export type { Hit, HitColumns } from './search/hit.ts'
export { HitBatch } from './search/hit.ts'
export type { Matcher, MatchInOptions, MatchInResult, MatchOptions, MatchResult } from './search/matching.ts'
export type { NeedleListQuery } from './search/needles.ts'
export type { ValueQuery } from './search/number.ts'
export { parseNumberType } from './search/number.ts'
export type {
  AnyPattern,
  BytePattern,
  ByteRun,
  BytesPattern,
  MaskedBytes,
  NumberPattern,
  NumberType,
  SequencePattern,
} from './search/pattern.ts'
export { MAX_NEEDLE_BYTE_LENGTH, MAX_NEEDLE_COUNT } from './search/pattern.ts'
export type { ParsedQuery, SearchKind, SearchQuery } from './search/query.ts'
export { compileQuery, parseQuery } from './search/query.ts'
export type { RegularExpressionQuery } from './search/regexp.ts'
export type { TextQuery } from './search/text.ts'
export type { ByteSource, Chunk, Extent, ScanOptions, ScanResult, SearchDirection } from './source.ts'
