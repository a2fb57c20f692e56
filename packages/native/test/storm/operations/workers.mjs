import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

const MOST_WORKERS = 3
let running = 0

/** Ends on its own; the storm goes on meanwhile. */
function worker(world) {
  if (running >= MOST_WORKERS) return
  running++
  const way = world.random.pick(['returns', 'closes', 'exits', 'is killed'])
  const workerData = { ...world.steady, entry: world.entry, seed: world.random.below(2 ** 31), way }
  const thread = new Worker(new URL('../worker.mjs', import.meta.url), { workerData })
  const ended = once(thread, 'exit')
  const settle = async () => {
    const [wrong] = await once(thread, 'message')
    if (wrong !== 0) throw new Error(`${wrong} wrong answers`)
    if (way === 'is killed') await thread.terminate()
    await ended
    running--
  }
  world.flyApart(settle(), `a worker that ${way}`)
}

export const workerOperations = [{ name: 'worker', weight: 1, run: worker }]
