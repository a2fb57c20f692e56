import { closeSync, copyFileSync, openSync, truncateSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'

/** Reads a file of its own, truncates it, reads again: the bytes read, and how the second read ended. */
async function readThenFault(path) {
  const { binding } = await import('../../dist/index.js')
  const own = `${path}-${threadId}`
  copyFileSync(path, own)
  const file = openSync(own, 'r')
  const mapping = new binding.Mapping(file, { offset: 0, byteLength: 20_000, access: 'read' })
  closeSync(file)
  const { bytes, unreadable } = await mapping.readAsync(0, 20_000).result
  truncateSync(own, 0)
  let code = 'none'
  for (let i = 0; i < 100; i++) {
    try {
      mapping.copyOut(8000, new Uint8Array(8000))
    } catch (error) {
      code = error.code
    }
  }
  return unreadable.length === 0 ? [bytes.byteLength, code] : unreadable
}

function startWorker(path) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: path })
  const answer = new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  const exit = new Promise((resolve) => worker.once('exit', resolve))
  return { answer, exit }
}

const WAYS = {
  async together(path) {
    const workers = Array.from({ length: 4 }, () => startWorker(path))
    const main = await readThenFault(path)
    console.log(JSON.stringify({ main, workers: await Promise.all(workers.map(({ answer }) => answer)) }))
  },
  async 'only-in-a-worker'(path) {
    const { answer, exit } = startWorker(path)
    await answer
    console.log(`worker ended with ${await exit}`)
    setInterval(() => process.kill(process.pid, 'SIGBUS'), 100)
  },
  async 'one-after-the-other'(path) {
    const answers = []
    for (let i = 0; i < 3; i++) {
      const { answer, exit } = startWorker(path)
      answers.push(await answer)
      await exit
    }
    console.log(JSON.stringify(answers))
  },
}

if (isMainThread) await WAYS[process.argv[3]](process.argv[2])
else parentPort.postMessage(await readThenFault(workerData))
