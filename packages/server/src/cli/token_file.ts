import { closeSync, fstatSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { because } from '../errno.ts'
import { createToken } from '../guard/credentials.ts'
import { UsageError } from './usage_error.ts'

/** The token kept in a file, so that a link survives a restart; a new one, for its owner's eyes only, when there is no file. */
export function tokenFromFile(path: string): string {
  const token = read(path)
  if (token === undefined) return create(path)
  if (/^[\w-]{32,256}$/.test(token)) return token
  throw new UsageError('ERR_TOKEN_FILE', `${path} holds no token: 32 to 256 letters, digits, "-" and "_" on one line`)
}

function read(path: string): string | undefined {
  let fd: number | undefined
  try {
    fd = openSync(path, 'r')
    assertPrivate(fd, path)
    return readFileSync(fd, 'utf8').trim()
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UsageError('ERR_TOKEN_FILE', `${path} cannot be read${because(error)}`, error)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

/** It opens everything, so it is asked for more than the table of tokens is: nobody else may have had it. */
function assertPrivate(fd: number, path: string): void {
  const stats = fstatSync(fd)
  if (process.platform === 'win32' || !stats.isFile() || (stats.mode & 0o077) === 0) return
  const advice = `remove it for a new token, or run: chmod 600 ${JSON.stringify(path)}`
  throw new UsageError('ERR_TOKEN_FILE', `${path} may be read or written by others than its owner; ${advice}`)
}

function create(path: string): string {
  const token = createToken()
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new UsageError('ERR_TOKEN_FILE', `${path} cannot be written${because(error)}`, error)
  }
  return token
}
