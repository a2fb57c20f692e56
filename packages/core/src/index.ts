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
export type { FileStatus, OpenBeneathOptions, OpenedFile } from './files/open.ts'
export { fileStatus, openBeneath } from './files/open.ts'
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
export type { DifferencesOptions } from './scan/differences.ts'
export { differences } from './scan/differences.ts'
export type { BlockBatch, EntropyOptions } from './scan/entropy.ts'
export { entropy } from './scan/entropy.ts'
export type { Histogram } from './scan/histogram.ts'
export { histogram } from './scan/histogram.ts'
export type { ScanProgress, ScanRangeOptions } from './scan/options.ts'
export type { OverviewProgress, RefineOptions } from './scan/overview.ts'
export { Overview } from './scan/overview.ts'
export type { CellState, OverviewCells } from './scan/overview_cells.ts'
export { CELL_STATES } from './scan/overview_cells.ts'
export type { Page, PagedOptions } from './scan/run_series.ts'
export type { EqualRun, RunsOptions } from './scan/runs.ts'
export { runs } from './scan/runs.ts'
export type { FoundString, StringsOptions } from './scan/strings.ts'
export { strings } from './scan/strings.ts'
export type {
  BlockSeries,
  ByteClass,
  ByteRange,
  ByteSource,
  CancelSignal,
  Chunk,
  DifferencesWindow,
  ErrorCode,
  ErrorDetails,
  Extent,
  FindOptions,
  FindProgress,
  FindResult,
  OffsetContext,
  ParsedOffset,
  ParsedQuery,
  RunsWindow,
  ScanOptions,
  ScanResult,
  SearchDirection,
  SearchKind,
  SearchQuery,
  StringEncoding,
  WindowRuns,
  WindowScanner,
  WindowStats,
} from './shared/index.ts'
export {
  BYTE_CLASSES,
  byteLengthOf,
  ERROR_CODES,
  find,
  formatByte,
  formatOffset,
  includesOffset,
  intersect,
  isMapscopeError,
  isPrintableAscii,
  MAX_NEEDLE_BYTE_LENGTH,
  MapscopeError,
  mergeRanges,
  offsetDigits,
  parseOffset,
  parseQuery,
  printableCharacter,
} from './shared/index.ts'
export type { MappedSourceOptions, WriteOptions, WriteResult } from './source/mapped_source.ts'
export { MappedSource } from './source/mapped_source.ts'
export { openFile } from './source/open_file.ts'
