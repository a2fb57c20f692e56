import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const UNSIGNED_LOCK_MS = 2_000
const OLDEST_LOCK_MS = 5 * 60_000

/**
 * Two builds at once (two terminals, an editor) would write over each other's files. A lock is nobody's when its owner is gone, when
 * it was never signed, or when it is older than any build: a process number comes round again, in a container soon.
 */
export function lockBuild(file) {
  const unlock = () => rmSync(file, { force: true })
  mkdirSync(dirname(file), { recursive: true })
  for (let isFirst = true; ; isFirst = false) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      for (const signal of ['SIGINT', 'SIGTERM']) {
        process.once(signal, () => {
          unlock()
          process.exit(130)
        })
      }
      return unlock
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const owner = ownerOf(file)
    if (owner === undefined) unlock()
    else if (isFirst) console.log(`Waiting for another build of the addon (process ${owner}).`)
    sleep(200)
  }
}

/** The process that holds the lock, or undefined when nobody does. */
function ownerOf(lockFile) {
  try {
    const pid = Number(readFileSync(lockFile, 'utf8'))
    const ageMs = Date.now() - statSync(lockFile).mtimeMs
    if (ageMs > (pid === 0 ? UNSIGNED_LOCK_MS : OLDEST_LOCK_MS)) return undefined
    if (pid !== 0) process.kill(pid, 0)
    return pid
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
