/**
 * Guarded memory mappings for Node. The smallest program:
 *
 * ```ts
 * const file = openSync('firmware.bin', 'r')
 * const mapping = new binding.Mapping(file, { offset: 0, byteLength: binding.fileStatus(file).byteLength, access: 'read' })
 * closeSync(file)
 * const { bytes, unreadable } = await mapping.readAsync(0, 4096).result
 * mapping.close()
 * ```
 *
 * Arguments are not checked kindly here, and errors are plain: `@mapscope/core` is the library to use.
 */
import type { Binding } from './binding.ts'

export type {
  FloatName,
  IntegerName,
  Leb128Name,
  MatchOptions,
  MatchResult,
  NativePattern,
  NeedleSpec,
  NumberSpec,
  PatternSpec,
  RunSpec,
  SequenceSpec,
} from './patterns.ts'

import { load, packageRoot } from './load.ts'

export type {
  Binding,
  ByteStatsResult,
  CompareResult,
  EqualRunsOptions,
  FileState,
  FileStatus,
  FindResult,
  MappingAccess,
  MappingOptions,
  NativeError,
  NativeJob,
  NativeMapping,
  OpenBeneathOptions,
  ReadResult,
  RunsResult,
  StringsOptions,
  SweepResult,
} from './binding.ts'

export const binding: Binding = load(packageRoot())
