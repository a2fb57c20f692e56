import { closeSync } from 'node:fs'
import { type FileStatus, isMapscopeError } from '@mapscope/core'
import type { DiskState } from '@mapscope/protocol'
import { ProblemError } from '../errors.ts'
import { openPlace, type Place } from '../roots/open.ts'

/** Where the document's path leads now: to the file that is mapped, to another one, or nowhere. */
export type PathState = 'same' | 'other' | 'none'

/** Refusals that tell where a path leads: nowhere, or by a link to where we do not go. */
const STATE_OF_ERRNO: Readonly<Record<string, PathState>> = {
  ENOENT: 'none',
  ENOTDIR: 'none',
  ELOOP: 'other',
  EXDEV: 'other',
}

/** Opens the path to see which file it names. `undefined` when that cannot be told (no permission any more, say). */
export function lookAtPath(place: Place, mapped: FileStatus): PathState | undefined {
  try {
    const { fd, status } = openPlace(place, false)
    if (fd >= 0) closeSync(fd)
    return status.device === mapped.device && status.inode === mapped.inode ? 'same' : 'other'
  } catch (error) {
    // A served file whose name a folder has now.
    if (error instanceof ProblemError) return 'other'
    if (!isMapscopeError(error, 'ERR_OS')) throw error
    return STATE_OF_ERRNO[error.errno ?? '']
  }
}

/** Whether anything about the file is not as it was. Reading changes none of these. */
export function isSameStatus(a: FileStatus, b: FileStatus): boolean {
  return (
    a.byteLength === b.byteLength && a.modifiedNs === b.modifiedNs && a.changedNs === b.changedNs && a.links === b.links
  )
}

export function diskStateOf(path: PathState, presentByteLength: number, byteLength: number): DiskState {
  if (path === 'other') return 'replaced'
  if (path === 'none') return 'deleted'
  if (presentByteLength < byteLength) return 'truncated'
  return presentByteLength > byteLength ? 'grown' : 'current'
}
