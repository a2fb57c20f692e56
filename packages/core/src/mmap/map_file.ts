import { binding, type FileStatus, type NativeMapping } from '@mapscope/native'
import { osError, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import { MapState } from './map_state.ts'
import { type CheckedOptions, checkOptions, convertOptions, MAPPING_ACCESS, type MmapOptions } from './options.ts'
import { toInt, toSize } from './validate.ts'

/** Anonymous memory in the place of a descriptor. */
const ANONYMOUS = -1

/** A map that was asked for, checked as far as it can be without a look at the file. */
export interface MapRequest {
  readonly fd: number
  /** 0: to the end of the file. */
  readonly length: number
  readonly options: CheckedOptions
  /** Known to `Mmap.open` only. */
  readonly path?: string | undefined
}

/** Every argument is converted before any is judged, as CPython does. */
export function checkRequest(fd: unknown, length: unknown, options: MmapOptions): MapRequest {
  const descriptor = toInt(fd, 'fd')
  const byteLength = toSize(length, 'length')
  const converted = convertOptions(options)
  checkLength(byteLength)
  return { fd: descriptor, length: byteLength, options: checkOptions(converted) }
}

/** Maps in CPython's order: what the file has, then the system's rules. */
export function mapFile({ fd, length, options, path }: MapRequest): MapState {
  const { access, offset, isShared, isReadable, trackFd } = options
  const isAnonymous = fd === ANONYMOUS
  const status = isAnonymous ? undefined : statusOf(fd)
  const byteLength = status?.kind === 'file' ? lengthInFile(status, length, offset) : length
  const native = mapPages(fd, byteLength, options)
  return new MapState(native, {
    access,
    offset,
    isAnonymous,
    isShared,
    isReadable,
    keepsFile: trackFd,
    fileByteLength: status?.byteLength ?? 0,
    path,
  })
}

function mapPages(fd: number, byteLength: number, options: CheckedOptions): NativeMapping {
  const { access, offset, raw, trackFd } = options
  // The kernel's own answers, given here because C++ asserts them.
  if (byteLength === 0 || offset % binding.allocationGranularity !== 0)
    throw osError({ errno: 'EINVAL', syscall: 'mmap' })
  if (byteLength > Number.MAX_SAFE_INTEGER - offset) throw osError({ errno: 'EOVERFLOW', syscall: 'mmap' })
  return translated(
    () =>
      new binding.Mapping(fd, {
        offset,
        byteLength,
        access: MAPPING_ACCESS[access],
        protection: raw?.prot,
        flags: raw?.flags,
        keepsFile: trackFd,
      }),
  )
}

function statusOf(fd: number): FileStatus {
  if (fd < 0) throw osError({ errno: 'EBADF', syscall: 'fstat' })
  return translated(() => binding.fileStatus(fd))
}

function checkLength(length: number): void {
  if (length >= 0 && length <= Number.MAX_SAFE_INTEGER) return
  throw new MapscopeError(
    'ERR_RANGE',
    `The length is ${length}; pass 1 or more, or 0 for all that is left of the file.`,
  )
}

/** The bytes that `length` stands for. @throws `ERR_RANGE` when the file does not have them. */
export function lengthInFile({ byteLength }: FileStatus, length: number, offset: number): number {
  if (length === 0 && byteLength === 0)
    throw new MapscopeError('ERR_RANGE', 'An empty file cannot be mapped; write to it first.')
  if (length === 0 && offset >= byteLength) {
    throw new MapscopeError('ERR_RANGE', `Offset ${offset} is not inside the file; it has ${byteLength} bytes.`)
  }
  if (offset > byteLength || length > byteLength - offset) {
    throw new MapscopeError(
      'ERR_RANGE',
      `The file has ${byteLength} bytes, fewer than ${offset} + ${length}; map less or extend it.`,
    )
  }
  return length === 0 ? byteLength - offset : length
}
