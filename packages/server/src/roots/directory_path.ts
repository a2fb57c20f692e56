import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { ProblemError } from '../errors.ts'
import type { OpenedPlace, Place } from './open.ts'

/**
 * A path that lists exactly the folder that was opened. Linux has one that cannot be swapped under us, the descriptor's own
 * entry; elsewhere the real path is used once it is inside the root and names the same inode as the descriptor.
 */
export async function directoryPath(place: Place, opened: OpenedPlace): Promise<string> {
  if (process.platform === 'linux') return `/proc/self/fd/${opened.fd}`
  const rootPath = place.root.directoryPath
  const path = await realpath(join(rootPath, place.below))
  const { dev, ino } = await stat(path, { bigint: true })
  const isInside = path === rootPath || path.startsWith(rootPath.endsWith(sep) ? rootPath : rootPath + sep)
  if (isInside && dev === opened.status.device && ino === opened.status.inode) return path
  throw new ProblemError('ERR_OUTSIDE_ROOTS', 'the folder changed places while it was being listed')
}
