import { closeSync } from 'node:fs'
import { type FileStatus, openBeneath } from '@mapscope/core'
import { ProblemError } from '../errors.ts'
import type { Root } from './root.ts'
import type { WirePath } from './wire_path.ts'

/** A wire path resolved to its root and the path below that root's descriptor. Nothing has been opened. */
export interface Place {
  readonly root: Root
  /** Relative to `root.directoryFd`; empty for a served folder itself. */
  readonly below: string
}

export interface OpenedPlace {
  /** -1 for what is never opened: pipes, sockets, devices. Otherwise the caller closes it. */
  readonly fd: number
  readonly status: FileStatus
}

export function resolvePlace(roots: readonly Root[], path: WirePath): Place {
  const root = roots.find((candidate) => candidate.name === path.rootName)
  if (root === undefined) throw new ProblemError('ERR_NOT_FOUND', 'nothing of that name is served')
  if (root.kind === 'directory') return { root, below: path.components.join('/') }
  if (path.components.length > 0)
    throw new ProblemError('ERR_NOT_FOUND', 'the served path is a file, with nothing below it')
  return { root, below: root.fileName }
}

/**
 * The one door to the file system: every transport opens through here, and so never leaves a root. A served file was resolved
 * when the server started: a link in its place now would lead to a neighbour that nobody offered, and a folder to its contents.
 *
 * @throws MapscopeError `ERR_OS`, `ELOOP` for such a link; ProblemError `ERR_NOT_FOUND` for such a folder.
 */
export function openPlace(place: Place, isWritable: boolean): OpenedPlace {
  const isFile = place.root.kind === 'file'
  const opened = openBeneath(place.root.directoryFd, place.below, { isWritable, followsLinks: !isFile })
  if (!isFile || opened.status.kind !== 'directory') return opened
  if (opened.fd >= 0) closeSync(opened.fd)
  throw new ProblemError('ERR_NOT_FOUND', 'the served file is gone: a folder has its name now')
}
