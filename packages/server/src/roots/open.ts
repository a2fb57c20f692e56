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

/** The one door to the file system: every transport opens through here, and so never leaves a root. */
export function openPlace(place: Place, isWritable: boolean): OpenedPlace {
  return openBeneath(place.root.directoryFd, place.below, { isWritable })
}
