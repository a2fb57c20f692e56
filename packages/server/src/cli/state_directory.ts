import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** What `--state` takes for jobs that end with the server. */
export const NO_STATE = 'none'

/** Where jobs are kept: as given, or one folder for these paths where the system has such things, so that another server of other paths has its own. */
export function stateDirectoryFor(given: string | undefined, paths: readonly string[]): string | undefined {
  if (given === NO_STATE) return undefined
  if (given !== undefined) return resolve(given)
  const name = createHash('sha256')
    .update(paths.map((path) => resolve(path)).join('\0'))
    .digest('hex')
    .slice(0, 16)
  return join(stateHome(), 'mapscope', 'jobs', name)
}

/** The specification has relative ones ignored. */
function stateHome(): string {
  const home = process.env['XDG_STATE_HOME']
  if (home !== undefined && isAbsolute(home)) return home
  return process.platform === 'win32' && process.env['LOCALAPPDATA'] !== undefined
    ? process.env['LOCALAPPDATA']
    : join(homedir(), '.local', 'state')
}
