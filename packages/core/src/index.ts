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
export { Mmap, mmap } from './mmap/mmap.ts'
export type { MmapAccess, MmapOptions } from './mmap/options.ts'
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
