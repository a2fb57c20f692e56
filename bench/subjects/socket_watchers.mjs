// Viewers who watch, and how late each of them hears of a store: `node socket_watchers.mjs '{parameters}'` prints one line of JSON.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { seeded } from '../lib/files.mjs'
import { quantile } from '../lib/statistics.mjs'

const { port, token, documentId, file, watcherCount, storeCount, seed } = JSON.parse(process.argv[2])
/** What a screen shows; the viewers lie this far apart. */
const SCREEN_BYTE_LENGTH = 4096
const DISTANCE = 1024 ** 2
/** Nothing waits for a store longer than this: one that was never told is a failure, not a delay. */
const PATIENCE_MS = 10_000
/** Longer than the server looks: stores come at every moment between two of its looks. */
const MOST_PAUSE_MS = 400

const random = seeded(seed)
let expected
let told = new Set()
let onTold = () => undefined

/** Told of the expected byte: by its own range, or by one of a page or more that the watched ones lie in. */
function take(index, message) {
  if (message.type === 'error') throw new Error(JSON.stringify(message.problem))
  if (message.type !== 'changed' || expected === undefined || told.has(index)) return
  const ranges = message.watched ?? message.ranges
  if (!ranges.some(({ start, end }) => start <= expected && expected < end)) return
  told.add(index)
  if (told.size === watcherCount) onTold()
}

async function openWatcher(index) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/socket`, 'mapscope.v1', {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  })
  const watching = new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data, isBinary) => {
      if (isBinary) return
      const message = JSON.parse(String(data))
      if (message.type === 'hello') socket.send(JSON.stringify({ type: 'open', id: 1, documentId }))
      if (message.type === 'opened')
        socket.send(JSON.stringify({ type: 'watch', id: 2, documentId, stream: 0, ranges: [rangeOf(index)] }))
      if (message.type === 'watching') resolve()
      take(index, message)
    })
  })
  await watching
  return socket
}

function rangeOf(index) {
  return { start: index * DISTANCE, end: index * DISTANCE + SCREEN_BYTE_LENGTH }
}

const program = new URL('./store.py', import.meta.url).pathname
const storer = spawn('python3', [program, file], { stdio: ['pipe', 'pipe', 'inherit'] })
const answers = createInterface({ input: storer.stdout })[Symbol.asyncIterator]()
const watchers = await Promise.all(Array.from({ length: watcherCount }, (_, index) => openWatcher(index)))
const delays = []
for (let count = 0; count < storeCount; count += 1) {
  await sleep(random() * MOST_PAUSE_MS)
  expected = Math.floor(random() * watcherCount) * DISTANCE + Math.floor(random() * SCREEN_BYTE_LENGTH)
  told = new Set()
  const allTold = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the store at ${expected} was not told in ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    )
    onTold = () => {
      clearTimeout(timer)
      resolve(process.hrtime.bigint())
    }
  })
  storer.stdin.write(`${expected}\n`)
  const { value: storedAtNs } = await answers.next()
  delays.push(Number((await allTold) - BigInt(storedAtNs)) / 1e6)
}
storer.kill('SIGTERM')
for (const watcher of watchers) watcher.terminate()
const [p50, p99, max] = [quantile(delays, 0.5), quantile(delays, 0.99), Math.max(...delays)]
process.stdout.write(`${JSON.stringify({ p50, p99, max, storeCount: delays.length })}\n`)
