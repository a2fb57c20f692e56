import { readFileSync, writeFileSync } from 'node:fs'
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
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new UsageError('ERR_TOKEN_FILE', `${path} cannot be read`, error)
  }
}

function create(path: string): string {
  const token = createToken()
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new UsageError('ERR_TOKEN_FILE', `${path} cannot be written`, error)
  }
  return token
}
