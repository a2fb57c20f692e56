import { isMainThread } from 'node:worker_threads'
import { binding } from '@mapscope/native'

let isWatching = false

/**
 * Keeps our SIGBUS handler in front of libuv's from now on. `process.on('SIGBUS', …)` puts libuv's in its place, which returns to the
 * instruction that faulted: a JavaScript loop over raw memory of a file that was cut would fault for ever. Removing the listener leaves no
 * handler at all, and the process would die. Native calls look for themselves; raw memory has no call that could.
 *
 * Node installs and removes libuv's handler in its own listeners of these two events, which are older than ours and so run first. In a worker
 * `process.on('SIGBUS')` does nothing, and there is nothing to watch.
 */
export function watchSignalListeners(): void {
  if (isWatching || !isMainThread) return
  isWatching = true
  const restore = (name: string | symbol): void => {
    if (name === 'SIGBUS') binding.ensureFaultHandler()
  }
  process.on('newListener', restore)
  process.on('removeListener', restore)
}
