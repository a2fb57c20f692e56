import { closeSync, constants, openSync } from 'node:fs'
import { translated } from '../native_errors.ts'
import { isMapscopeError, MapscopeError } from '../shared/index.ts'
import { MappedSource, type MappedSourceOptions } from './mapped_source.ts'

/**
 * Opens a file by path as a byte source. Pipes and devices are refused without waiting for anyone at their other end.
 *
 * @throws `ERR_NOT_A_FILE` for anything but a regular file; `ERR_OS` with the path and the system's name (`ENOENT`, `EACCES`).
 */
export function openFile(path: string, options: MappedSourceOptions = {}): MappedSource {
  const fd = openRegular(path, options.isWritable === true)
  try {
    return MappedSource.open(fd, options)
  } catch (error) {
    throw withPath(error, path)
  } finally {
    closeSync(fd)
  }
}

/** What open(2) says of things that it does not open. */
const REFUSED_KINDS: Readonly<Record<string, string>> = {
  EISDIR: 'a directory',
  ENXIO: 'a socket, or a device that is not there',
}

/**
 * Opens what should be a regular file, without waiting for anyone; the caller asks what it is. Not for creating: it must be there.
 *
 * @throws `ERR_NOT_A_FILE` for what cannot even be opened, being something else; `ERR_OS` with the path.
 */
export function openRegular(path: string, isWritable: boolean): number {
  const mode = isWritable ? constants.O_RDWR : constants.O_RDONLY
  try {
    return translated(() => openSync(path, mode | constants.O_NONBLOCK | constants.O_NOCTTY), { path })
  } catch (error) {
    const kind = isMapscopeError(error, 'ERR_OS') ? REFUSED_KINDS[error.errno ?? ''] : undefined
    if (kind === undefined) throw error
    const message = `${JSON.stringify(path)} is ${kind}; only regular files have bytes to map.`
    throw new MapscopeError('ERR_NOT_A_FILE', message, { path, cause: error })
  }
}

export function withPath(error: unknown, path: string): unknown {
  if (!isMapscopeError(error)) return error
  const { code, message, errno, syscall } = error
  return new MapscopeError(code, `${JSON.stringify(path)}: ${message}`, { errno, syscall, path, cause: error })
}
