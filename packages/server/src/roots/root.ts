import { closeSync, constants, openSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { uniqueNames } from './names.ts'

/**
 * One served path. Whatever is opened under it is opened beneath `directoryFd`, which stays open for as long as the server
 * runs: renaming or replacing the folder under its path later does not change what is served.
 */
export type Root = DirectoryRoot | FileRoot

interface RootBase {
  /** First component of its wire paths. */
  readonly name: string
  readonly directoryFd: number
  /** Where the descriptor was opened; only shown on the console and used where a system cannot list by descriptor. */
  readonly directoryPath: string
}

export interface DirectoryRoot extends RootBase {
  readonly kind: 'directory'
}

/** A single file: its folder's descriptor, and the one name in it that is served. */
export interface FileRoot extends RootBase {
  readonly kind: 'file'
  readonly fileName: string
}

export type RootProblem = 'missing' | 'forbidden' | 'unsupported' | 'loop'

/** A served path that cannot be: the command prints it and ends. */
export class RootError extends Error {
  override readonly name = 'RootError'
  readonly problem: RootProblem
  readonly path: string

  constructor(problem: RootProblem, path: string, cause: unknown) {
    super(`${JSON.stringify(path)} ${REASONS[problem]}`, { cause })
    this.problem = problem
    this.path = path
  }
}

const REASONS: Readonly<Record<RootProblem, string>> = {
  missing: 'does not exist',
  forbidden: 'cannot be read by this user',
  unsupported: 'is neither a file nor a folder nor a block device',
  loop: 'is a symbolic link that leads back to itself; serve the file or folder it was meant for',
}

/** Opens every served path; when one fails, closes those before it and throws its `RootError`. */
export async function openRoots(paths: readonly string[]): Promise<Root[]> {
  const roots: Root[] = []
  const realPaths: string[] = []
  try {
    for (const path of paths) realPaths.push(await realPathOf(path))
    const names = uniqueNames(realPaths)
    for (const [index, realPath] of realPaths.entries()) {
      roots.push(await openRoot({ path: paths[index] ?? realPath, realPath, name: names[index] ?? realPath }))
    }
    return roots
  } catch (error) {
    closeRoots(roots)
    throw error
  }
}

export function closeRoots(roots: readonly Root[]): void {
  for (const root of roots) closeSync(root.directoryFd)
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    throw rootError(path, error)
  }
}

async function openRoot(place: { path: string; realPath: string; name: string }): Promise<Root> {
  const { path, realPath, name } = place
  try {
    const status = await stat(realPath)
    if (status.isDirectory()) {
      return { kind: 'directory', name, directoryPath: realPath, directoryFd: openDirectory(realPath) }
    }
    if (!status.isFile() && !status.isBlockDevice()) throw new RootError('unsupported', path, undefined)
    assertReadable(realPath)
    const directoryPath = dirname(realPath)
    return {
      kind: 'file',
      name,
      fileName: basename(realPath),
      directoryPath,
      directoryFd: openDirectory(directoryPath),
    }
  } catch (error) {
    throw error instanceof RootError ? error : rootError(path, error)
  }
}

function openDirectory(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
}

/** Opening is the only honest question: mode bits know nothing of root, ACLs and read-only mounts. */
function assertReadable(path: string): void {
  closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK))
}

function rootError(path: string, cause: unknown): RootError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ELOOP') return new RootError('loop', path, cause)
  const isForbidden = code === 'EACCES' || code === 'EPERM'
  return new RootError(isForbidden ? 'forbidden' : 'missing', path, cause)
}
