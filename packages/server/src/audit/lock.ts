import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { because } from '../errno.ts'
import { AuditError } from './audit_error.ts'

/**
 * Keeps a second server from appending to the same trail, whose chain two would break. A file beside it with our process id:
 * Node has no flock, and one whose process is gone (kill -9) is taken over.
 *
 * @returns what lets go of it.
 */
export function lockTrail(path: string): () => void {
  const lockPath = `${path}.lock`
  for (let isSecondTry = false; ; isSecondTry = true) {
    try {
      writeFileSync(lockPath, `${process.pid}\n`, { flag: 'wx', mode: 0o600 })
      return () => rmSync(lockPath, { force: true })
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!isTaken) throw new AuditError(`${lockPath} cannot be written${because(error)}`, { cause: error })
      const pid = Number.parseInt(readFileSync(lockPath, 'utf8'), 10)
      if (isSecondTry || isRunning(pid))
        throw new AuditError(
          `process ${pid} writes to ${path}; give each server a trail of its own, or remove ${lockPath}`,
        )
      rmSync(lockPath, { force: true })
    }
  }
}

function isRunning(pid: number): boolean {
  // In a container every server has the same id, the dead one too.
  if (!Number.isSafeInteger(pid) || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
