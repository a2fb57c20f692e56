import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Where the servers of this user say that they run. Its files hold tokens, so nobody else may look in. */
export function runtimeFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment['XDG_RUNTIME_DIR']
  return base ? join(base, 'mapscope') : join(tmpdir(), `mapscope-${userInfo().uid}`)
}

/** Makes it, for its owner alone. False where it is (or may be) somebody else's: in /tmp anybody could have made it before. */
export function makeRuntimeFolder(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isOurs(folder)) return false
    chmodSync(folder, 0o700)
    return true
  } catch {
    return false
  }
}

export function isOurs(path: string): boolean {
  const { uid } = userInfo()
  const status = lstatSync(path, { throwIfNoEntry: false })
  if (status === undefined || status.isSymbolicLink()) return false
  // Windows has no uid (-1), and a folder of one's own below the profile.
  return uid === -1 || status.uid === uid
}
