// A search that ended in one way, with its thread still there, or in the middle of a window: the process ends by itself, and soon.
import { writeFileSync } from 'node:fs'
import { openFile, searchRegexp } from '@mapscope/core'

const [path, way] = process.argv.slice(2)
const CATASTROPHIC = '(?:c|(a+)+\\W)'
writeFileSync(path, Buffer.alloc(1024 ** 2, 'a'))
const source = openFile(path)

async function first(query, options) {
  for await (const batch of searchRegexp(source, query, options)) return batch.length
  return 0
}

const WAYS = {
  returned: () => first({ pattern: 'a' }),
  limit: () => first({ pattern: 'a' }, { limit: 1 }),
  aborted: () => first({ pattern: CATASTROPHIC }, { signal: AbortSignal.timeout(200) }),
  spent: () => first({ pattern: CATASTROPHIC, timeBudgetMs: 200 }),
  killed: () => {
    process.on('worker', (worker) => setTimeout(() => void worker.terminate(), 300))
    return first({ pattern: CATASTROPHIC })
  },
  'left open': async () => {
    // Neither returned nor closed: its thread is idle, and nothing keeps the process.
    await searchRegexp(source, { pattern: 'a' }).next()
  },
}
let told
try {
  told = await WAYS[way]()
} catch (error) {
  told = error.code ?? error.name ?? 'unknown'
}
if (way !== 'left open') await source.close()
process.stdout.write(JSON.stringify({ way, told: told ?? null }))
// What keeps the process for half of a thread's idle time keeps it too long.
setTimeout(() => process.exit(3), 15_000).unref()
