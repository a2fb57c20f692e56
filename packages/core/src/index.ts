/// <reference lib="esnext.disposable" preserve="true" />
/**
 * CPython's mmap for Node, and byte sources over files of any size.
 *
 * ```ts
 * import { Mmap } from '@mapscope/core'
 *
 * using map = Mmap.open(process.execPath, { access: 'read' })
 * console.log(map.length, map.slice(0, 4))
 * ```
 */
export type { FileState, FileStatus, OpenBeneathOptions, OpenedFile, PlaceBeneath } from './files/open.ts'
export { fileStateOf, fileStatus, isFileStill, openBeneath } from './files/open.ts'
export type { Identified, IdentifyOptions } from './identify/identify.ts'
export { FORMAT_NAMES, identify } from './identify/identify.ts'
export type { SweepOptions, SweepProgress } from './identify/sweep.ts'
export { sweep } from './identify/sweep.ts'
export type { MmapConstants } from './mmap/constants.ts'
export { constants } from './mmap/constants.ts'
export type { FileChange } from './mmap/file_change.ts'
export type { FlushOptions } from './mmap/flush.ts'
export type { SignalOptions } from './mmap/jobs.ts'
export type { Lease } from './mmap/lease.ts'
export type { CloseOptions } from './mmap/mapped_bytes.ts'
export type { Whence } from './mmap/mapped_stream.ts'
export type { SearchMatch, SearchOptions } from './mmap/mapped_views.ts'
export { Mmap, mmap } from './mmap/mmap.ts'
export type { MmapAccess, MmapOptions } from './mmap/options.ts'
export type { MmapHandle } from './mmap/share.ts'
export type { BytesLike } from './mmap/validate.ts'
export type { AlignedDifference, DiffOptions, DiffProgress } from './scan/diff_aligned.ts'
export { diffAligned } from './scan/diff_aligned.ts'
export type { DifferencesOptions } from './scan/differences.ts'
export { differences } from './scan/differences.ts'
export type { BlockBatch, EntropyOptions } from './scan/entropy.ts'
export { entropy } from './scan/entropy.ts'
export type {
  ChunkHash,
  ChunkHashOptions,
  Digests,
  HashOptions,
  HashProgress,
} from './scan/hash.ts'
export { hash, hashChunks } from './scan/hash.ts'
export type { HashAlgorithm } from './scan/hash_algorithms.ts'
export { HASH_ALGORITHMS, isHashAlgorithm } from './scan/hash_algorithms.ts'
export type { ChunkDigests, HashPlan, HashRunOptions } from './scan/hash_pieces.ts'
export type { Histogram } from './scan/histogram.ts'
export { histogram } from './scan/histogram.ts'
export type { ScanProgress, ScanRangeOptions } from './scan/options.ts'
export type { OverviewProgress, RefineOptions } from './scan/overview.ts'
export { Overview } from './scan/overview.ts'
export type { CellState, OverviewCells } from './scan/overview_cells.ts'
export { CELL_STATES } from './scan/overview_cells.ts'
export { OverviewFile } from './scan/overview_file.ts'
export type { Page, PagedOptions } from './scan/run_series.ts'
export type { EqualRun, RunsOptions } from './scan/runs.ts'
export { runs } from './scan/runs.ts'
export { type FoundString, StringPage } from './scan/string_page.ts'
export type { StringsOptions } from './scan/strings.ts'
export { strings } from './scan/strings.ts'
export type { CountedPart, CountOptions } from './search/count.ts'
export { count, countPart } from './search/count.ts'
export { type FindCutOptions, findCut } from './search/find_cut.ts'
export type { FindNearOptions, FoundHit } from './search/find_near.ts'
export { findNext, findPrevious, hitAt } from './search/find_near.ts'
export type { HitStoreOptions } from './search/hits/hit_store.ts'
export { HitStore } from './search/hits/hit_store.ts'
export type { Searchable, SearchOptions as SourceSearchOptions } from './search/options.ts'
export type { OutwardOptions } from './search/outwards.ts'
export { searchOutwards } from './search/outwards.ts'
export type { RegexpQuery } from './search/regexp/expression.ts'
export type { RegexpHit } from './search/regexp/hits.ts'
export { RegexpBatch } from './search/regexp/hits.ts'
export type { RegexpProgress, RegexpSearchOptions } from './search/regexp/search_regexp.ts'
export { searchRegexp } from './search/regexp/search_regexp.ts'
export { search } from './search/search.ts'
export type {
  AnyPattern,
  BlockSeries,
  ByteClass,
  BytePattern,
  ByteRange,
  ByteSource,
  BytesPattern,
  BytesQuery,
  CacheOptions,
  CancelSignal,
  Chunk,
  CompiledQuery,
  CompiledRegexp,
  DifferencesWindow,
  ErrorCode,
  ErrorDetails,
  Extent,
  FindOptions,
  FindProgress,
  FindResult,
  HexQuery,
  Hit,
  HitColumns,
  MaskedBytes,
  MatchInOptions,
  MatchInResult,
  MatchOptions,
  MatchResult,
  NeedleListQuery,
  NeedlesQuery,
  NumberPattern,
  NumberQuery,
  NumberType,
  OffsetContext,
  ParsedCount,
  ParsedOffset,
  ParsedQuery,
  QueryResult,
  RegularExpressionQuery,
  RunsWindow,
  ScanOptions,
  ScanResult,
  SearchDirection,
  SearchKind,
  SearchQuery,
  SpellingsQuery,
  StringEncoding,
  TextQuery,
  ValueQuery,
  WindowRuns,
  WindowScanner,
  WindowStats,
} from './shared/index.ts'
export {
  BYTE_CLASSES,
  byteLengthOf,
  compileQuery,
  ERROR_CODES,
  find,
  formatByte,
  formatOffset,
  HitBatch,
  includesOffset,
  intersect,
  isMapscopeError,
  isPrintableAscii,
  MAX_NEEDLE_BYTE_LENGTH,
  MAX_NEEDLE_COUNT,
  MapscopeError,
  mergeRanges,
  offsetDigits,
  parseCount,
  parseNumberType,
  parseOffset,
  parseQuery,
  printableCharacter,
} from './shared/index.ts'
export type { BytesLoan, DirectBytes } from './source/direct_bytes.ts'
export { MAX_LOAN_BYTE_LENGTH } from './source/direct_bytes.ts'
export type { MappedSourceOptions, WriteOptions, WriteResult } from './source/mapped_source.ts'
export { MappedSource } from './source/mapped_source.ts'
export { openFile } from './source/open_file.ts'
