import type { NativeError } from '@mapscope/native'
import { MapscopeError } from './shared/index.ts'

/** What the caller was doing it to, for the message. */
export interface ErrorContext {
  readonly path?: string | undefined
  /** Where in the file the map begins that a fault's offset counts from. Default 0. */
  readonly mapOffset?: number | undefined
}

/** What to do about the errors people meet; others get the system's name and the call that failed. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'permission is missing; check the file’s mode, and open it for writing if it is to be mapped for writing',
  EAGAIN: 'the file or too much memory is locked; try again when the lock is gone',
  EBADF: 'the descriptor is not open; pass one that is',
  EINVAL:
    'the system refused the arguments; the length must not be 0 and the offset must be a multiple of the page size',
  EIO: 'the device could not read or write the bytes; check the disk',
  EISDIR: 'this is a directory; name a file in it',
  ELOOP:
    'a symbolic link is in the way, and leads outside the folder that was opened, in a circle, or where none is followed; name the file itself',
  EMFILE: 'this process has too many files open; close some or raise `ulimit -n`',
  ENFILE: 'the system has too many files open; close some',
  ENODEV: 'this kind of file cannot be mapped; pass a regular file',
  ENOENT: 'there is no such file; check the path',
  ENOMEM: 'there is no room for the mapping; close some, map less, or raise vm.max_map_count',
  ENOSPC: 'the disk is full; free some space',
  ENOTDIR: 'a part of the path is not a directory; check the path',
  EPERM: 'the system forbids it; check the file’s attributes and mount options',
  EROFS: 'the file system is read-only; open the file for reading',
  EXDEV: 'the path leads outside the folder that was opened; name a file below it',
}

/**
 * An error of the addon or of `node:fs` as a `MapscopeError`, which keeps it as its cause. One that is a `MapscopeError` already, or
 * no error of a system call (a bug), comes back as it is.
 */
export function translateError(error: unknown, context: ErrorContext = {}): unknown {
  if (error instanceof MapscopeError || !(error instanceof Error)) return error
  if (isNativeError(error)) return nativeError(error, context)
  const { code, syscall } = error as NodeJS.ErrnoException
  return code !== undefined && syscall !== undefined
    ? osError({ errno: code, syscall, cause: error, ...context })
    : error
}

/** Runs a synchronous native call; what it throws is a `MapscopeError`. */
export function translated<T>(call: () => T, context?: ErrorContext): T {
  try {
    return call()
  } catch (error) {
    throw translateError(error, context)
  }
}

export interface OsFailure extends ErrorContext {
  readonly errno: string
  readonly syscall: string
  readonly cause?: unknown
}

export function osError({ errno, syscall, path, cause }: OsFailure): MapscopeError {
  const subject = path === undefined ? '' : ` for ${JSON.stringify(path)}`
  const remedy = REMEDIES[errno] ?? 'see the system’s manual page of that call'
  return new MapscopeError('ERR_OS', `${syscall} failed${subject} with ${errno}: ${remedy}.`, {
    errno,
    syscall,
    path,
    cause,
  })
}

export function closedError(cause?: unknown): MapscopeError {
  return new MapscopeError('ERR_CLOSED', 'This was closed; open it again to use it.', { cause })
}

export interface Fault {
  /** First byte that could not be touched, and the file's size at that moment. */
  readonly offset: number | undefined
  readonly fileByteLength: number | undefined
  /** Where in the file `offset` counts from. Default 0. */
  readonly mapOffset?: number | undefined
  readonly cause?: unknown
}

export function faultError({ offset, fileByteLength, mapOffset = 0, cause }: Fault): MapscopeError {
  const place = offset === undefined ? undefined : offset + mapOffset
  const reason = faultReason(place, fileByteLength)
  return new MapscopeError('ERR_FAULT', `The byte at offset ${offset ?? 'unknown'} cannot be touched: ${reason}.`, {
    offset,
    fileByteLength,
    cause,
  })
}

/** Of raw memory, where nobody could be told at the time. */
export function faultInViewError({ offset, fileByteLength, mapOffset = 0, cause }: Fault): MapscopeError {
  const isInFile = offset !== undefined && fileByteLength !== undefined && offset + mapOffset < fileByteLength
  const reason = isInFile
    ? 'the disk may be full or failing'
    : `the file was cut short${fileByteLength === undefined ? '' : ` and has ${fileByteLength} bytes now`}`
  return new MapscopeError(
    'ERR_FAULT',
    `A view was touched at offset ${offset ?? 'unknown'}, showed zeros, and lost what was stored there: ${reason}. See to that, then read or store again what matters; views show the file again.`,
    { offset, fileByteLength, cause },
  )
}

function faultReason(place: number | undefined, fileByteLength: number | undefined): string {
  if (place === undefined || fileByteLength === undefined)
    return 'the disk may be full or failing, or the file was cut short; check both and open it again'
  return place < fileByteLength
    ? `the file has it (${fileByteLength} bytes), so the disk may be full or failing; free some space and check the disk`
    : `the file was cut short and has ${fileByteLength} bytes now; open it again`
}

/** What stands in the way of changing the pages under somebody. */
export function busyError({ exports = 0, jobs = 0, otherThreads = 0, cause }: BusyDetails): MapscopeError {
  const obstacles = [
    exports > 0 ? `${exports} views are out: release them` : '',
    jobs > 0 ? `${jobs} operations are in flight: await them` : '',
    otherThreads > 0 ? `${otherThreads} other threads have it open: close it there` : '',
  ].filter((obstacle) => obstacle !== '')
  return new MapscopeError('ERR_EXPORTED', `The map cannot change now: ${obstacles.join('; ')}.`, { cause })
}

export interface BusyDetails {
  readonly exports?: number | undefined
  readonly jobs?: number | undefined
  readonly otherThreads?: number | undefined
  readonly cause?: unknown
}

const NATIVE_CODES: readonly string[] = ['OS', 'FAULT', 'CLOSED', 'BUSY', 'RANGE'] satisfies NativeError['code'][]

function isNativeError(error: Error): error is NativeError {
  return NATIVE_CODES.includes((error as NodeJS.ErrnoException).code ?? '')
}

function nativeError(error: NativeError, { path, mapOffset }: ErrorContext): MapscopeError {
  switch (error.code) {
    case 'CLOSED':
      return closedError(error)
    case 'FAULT': {
      const fault = { offset: error.offset, fileByteLength: error.fileByteLength, mapOffset, cause: error }
      return error.isInView === true ? faultInViewError(fault) : faultError(fault)
    }
    case 'BUSY':
      return busyError({ exports: error.exports, jobs: error.jobs, otherThreads: error.otherThreads, cause: error })
    case 'RANGE':
      return new MapscopeError('ERR_RANGE', 'That many bytes do not fit in one array here; take less at a time.', {
        cause: error,
      })
    case 'OS':
      return osError({ errno: error.errnoName ?? 'UNKNOWN', syscall: error.syscall ?? 'the call', path, cause: error })
  }
}
