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
export type { RegexpQuery } from './search/regexp/expression.ts'
export type { RegexpHit } from './search/regexp/hits.ts'
export { RegexpBatch } from './search/regexp/hits.ts'
export type { RegexpProgress, RegexpSearchOptions } from './search/regexp/search_regexp.ts'
export { searchRegexp } from './search/regexp/search_regexp.ts'
export type {
  ByteRange,
  ByteSource,
  CancelSignal,
  Chunk,
  ErrorCode,
  ErrorDetails,
  Extent,
  FindOptions,
  FindProgress,
  FindResult,
  OffsetContext,
  ParsedOffset,
  ParsedQuery,
  ScanOptions,
  ScanResult,
  SearchDirection,
  SearchKind,
  SearchQuery,
} from './shared/index.ts'
export {
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
