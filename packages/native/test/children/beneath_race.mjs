// A worker swaps a folder, or a file, for a link that leads out and back again, while the main thread opens what is there.
// Both files are called `secret`; the one outside holds "secret", the one inside "inside".
import { closeSync, openSync, readSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const DURATION_MS = 400

/** How often `open` came to which content. */
function contents(open, rootFd, path) {
  const seen = { inside: 0, secret: 0 }
  const endMs = Date.now() + DURATION_MS
  while (Date.now() < endMs) {
    try {
      const { fd } = open(rootFd, path, { isWritable: false })
      const content = Buffer.alloc(6)
      readSync(fd, content)
      closeSync(fd)
      seen[content.toString()]++
    } catch {
      // a link, or nothing, was there: refused, as it should be
    }
  }
  return seen
}

async function whileSwapping(race, swapped, run) {
  const stop = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { race, swapped, stop } })
  await new Promise((resolve) => worker.once('online', resolve))
  const result = run()
  Atomics.store(stop, 0, 1)
  await new Promise((resolve) => worker.once('exit', resolve))
  return result
}

if (isMainThread) {
  const { binding } = await import('../../dist/index.js')
  const [race, outside] = process.argv.slice(2)
  const rootFd = openSync(race, 'r')
  symlinkSync(outside, join(race, 'folder-link'))
  symlinkSync(join(outside, 'secret'), join(race, 'file-link'))
  const answer = {}
  for (const [way, open] of Object.entries({ openat2: binding.openBeneath, walk: binding.openBeneathByWalk })) {
    const folder = await whileSwapping(race, 'folder', () => contents(open, rootFd, 'folder/secret'))
    const file = await whileSwapping(race, 'file', () => contents(open, rootFd, 'file'))
    answer[way] = { escaped: folder.secret + file.secret, opensFolder: folder.inside > 0, opensFile: file.inside > 0 }
  }
  console.log(JSON.stringify(answer))
} else {
  const { race, swapped, stop } = workerData
  const real = join(race, swapped)
  while (Atomics.load(stop, 0) === 0) {
    renameSync(real, `${real}-kept`)
    renameSync(`${real}-link`, real)
    renameSync(real, `${real}-link`)
    renameSync(`${real}-kept`, real)
  }
}
