import { binding, type FileState, type FileStatus, type OpenBeneathOptions } from '@mapscope/native'
import { translated } from '../native_errors.ts'

export type { FileState, FileStatus, OpenBeneathOptions }

/** A file below a root, open or (a pipe, socket or device) only looked at. The caller closes `fd`. */
export interface OpenedFile {
  /** -1 for what is never opened: pipes, sockets, devices. */
  readonly fd: number
  readonly status: FileStatus
}

/**
 * Opens `path` below the directory `rootFd`, never leaving it: not by `..`, not by an absolute path, not by a symbolic link. An
 * empty path is the root itself. Cannot block and has no effect on what it opens. `followsLinks: false` refuses symbolic links that
 * stay below the root as well, with `ELOOP`; kernels without openat2 refuse those always.
 *
 * @throws `ERR_OS` with the path and the system's name as `errno`: `ENOENT`, `EACCES`, `ENOTDIR`, and `EXDEV` or `ELOOP` for
 *   a path that leads out of the root.
 */
export function openBeneath(rootFd: number, path: string, options: OpenBeneathOptions): OpenedFile {
  return translated(() => binding.openBeneath(rootFd, path, options), { path })
}

/**
 * What the system says of an open file now.
 *
 * @throws `ERR_OS` with `errno` `EBADF` when the descriptor is not open.
 */
export function fileStatus(fd: number): FileStatus {
  return translated(() => binding.fileStatus(fd))
}

/** What `isFileStill` compares, of a regular file. */
export function fileStateOf(status: FileStatus): FileState {
  const { byteLength, device, inode, links, modifiedNs, changedNs } = status
  return new BigInt64Array([BigInt(byteLength), device, inode, BigInt(links), modifiedNs, changedNs])
}

/** Where a file is looked for: `path` below the directory `rootFd`, as by `openBeneath`. */
export interface PlaceBeneath {
  readonly rootFd: number
  readonly path: string
  readonly followsLinks: boolean
}

/**
 * Whether the path still leads to the very file, in the very state: nothing of what `fileStatus` tells has changed. Opens nothing, and costs
 * a tenth of opening and asking. False as well for whatever cannot be looked at, and where a symbolic link ends the path.
 */
export function isFileStill({ rootFd, path, followsLinks }: PlaceBeneath, state: FileState): boolean {
  return binding.isFileStill(rootFd, path, followsLinks, state)
}
