import { statSync } from 'node:fs'
import type { FileStatus } from '@mapscope/native'
import { translated, translateError } from '../native_errors.ts'
import { isMapscopeError } from '../shared/index.ts'
import type { MapState } from './map_state.ts'

/** What became of a mapped file. */
export interface FileChange {
  /** Bytes the file has now, all of it. */
  readonly byteLength: number
  /** It has more bytes than when it was mapped: `remap` shows them. */
  readonly isGrown: boolean
  /** Some of the bytes that are mapped are gone: reading them is `ERR_FAULT`. */
  readonly isCut: boolean
  /** No name leads to it any more; its bytes go when the last map and descriptor of it are closed. */
  readonly isDeleted: boolean
  /**
   * The path leads to another file now, as when somebody saved by renaming: what is mapped is the old one. Undefined for maps that were not
   * made by `Mmap.open`, and so know no path.
   */
  readonly isReplaced: boolean | undefined
}

export function fileChange(state: MapState): FileChange {
  const { plan, length } = state
  if (plan.isAnonymous)
    return { byteLength: length, isGrown: false, isCut: false, isDeleted: false, isReplaced: undefined }
  const status = translated(() => state.native.status(), state.context)
  const isRegular = status.kind === 'file'
  return {
    byteLength: status.byteLength,
    isGrown: isRegular && status.byteLength > state.knownFileByteLength,
    isCut: isRegular && status.byteLength < plan.offset + length,
    isDeleted: status.links === 0,
    isReplaced: plan.path === undefined ? undefined : isReplaced(plan.path, status),
  }
}

function isReplaced(path: string, status: FileStatus): boolean {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return dev !== status.device || ino !== status.inode
  } catch (error) {
    const translatedError = translateError(error, { path })
    // Nothing is there: deleted or renamed, which is not replaced.
    if (isMapscopeError(translatedError, 'ERR_OS') && ['ENOENT', 'ENOTDIR'].includes(translatedError.errno ?? ''))
      return false
    throw translatedError
  }
}
