import { closeSync } from 'node:fs'
import { type FileStatus, isMapscopeError, MappedSource } from '@mapscope/core'
import { ProblemError } from '../errors.ts'
import { KIND_WORDS } from '../roots/kinds.ts'
import { type OpenedPlace, openPlace, type Place } from '../roots/open.ts'
import { FileClock } from './file_clock.ts'

/** Refusals of opening for writing that still let the file be read. Also "is a directory", which reading then reports. */
const READ_ONLY_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'the user the server runs as may not write the file',
  EPERM: 'the system does not permit writing the file (it may be immutable)',
  EROFS: 'its file system is mounted read-only',
  ETXTBSY: 'the file is a program that is running',
  EISDIR: 'it is a folder',
}

const NOT_WRITABLE_REASON = 'the server serves read-only; start it with --writable to edit'

const DEVICE_REASON = 'it is a block device, which is never opened for writing'

/** A regular file or a block device, open. The caller closes `fd`, at the latest once it is mapped. */
export interface OpenedFile {
  readonly fd: number
  readonly status: FileStatus
  readonly isWritable: boolean
  /** Set when not writable. */
  readonly readOnlyReason: string | undefined
}

/**
 * Opens a place as a regular file: for writing too when `isWritable` and the system lets us, else read-only.
 *
 * @throws ProblemError `ERR_NOT_A_FILE` naming what it is; `MapscopeError` `ERR_OS` for what the system refuses.
 */
export function openFile(place: Place, isWritable: boolean): OpenedFile {
  const opened = isWritable ? openForWriting(place) : undefined
  if (opened !== undefined && 'fd' in opened && opened.status.kind === 'block-device')
    return { ...opened, isWritable: false, readOnlyReason: DEVICE_REASON }
  if (opened !== undefined && 'fd' in opened) return { ...asFile(opened), isWritable: true, readOnlyReason: undefined }
  const readOnlyReason = opened?.readOnlyReason ?? NOT_WRITABLE_REASON
  return { ...asFile(openPlace(place, false)), isWritable: false, readOnlyReason }
}

/** A file as a document holds it. */
export interface MappedPlace {
  readonly source: MappedSource
  readonly readOnlyReason: string | undefined
  /** Only of a writable one. */
  readonly clock: FileClock | undefined
}

/** Opens and maps a place. */
export function mapPlace(place: Place, isWritable: boolean): MappedPlace {
  return mapFile(openFile(place, isWritable))
}

/** Maps an open file and takes over the caller's descriptor: closed at once, or kept by the clock of a writable one. */
export function mapFile(file: OpenedFile): MappedPlace {
  const { fd, isWritable, readOnlyReason } = file
  let source: MappedSource
  try {
    source = MappedSource.open(fd, { isWritable })
  } catch (error) {
    closeSync(fd)
    throw error
  }
  if (isWritable) return { source, readOnlyReason, clock: new FileClock(fd) }
  closeSync(fd)
  return { source, readOnlyReason, clock: undefined }
}

function openForWriting(place: Place): OpenedPlace | { readonly readOnlyReason: string } {
  try {
    return openPlace(place, true)
  } catch (error) {
    const reason = isMapscopeError(error, 'ERR_OS') ? READ_ONLY_REASONS[error.errno ?? ''] : undefined
    if (reason === undefined) throw error
    return { readOnlyReason: reason }
  }
}

function asFile(opened: OpenedPlace): OpenedPlace {
  if (opened.status.kind === 'file' || opened.status.kind === 'block-device') return opened
  if (opened.fd >= 0) closeSync(opened.fd)
  const { kind } = opened.status
  const hint = kind === 'directory' ? ': list it with /api/v1/files' : ', which has no bytes to map'
  throw new ProblemError('ERR_NOT_A_FILE', `it is ${KIND_WORDS[kind]}${hint}`)
}
