// Catastrophic expressions: stopped at once by a signal and by a time budget, and the next search finds a thread.
import { readFileSync, writeFileSync } from 'node:fs'
import { openFile, searchRegexp } from '@mapscope/core'

const [path] = process.argv.slice(2)
writeFileSync(path, Buffer.alloc(1024 ** 2, 'a'))
const source = await openFile(path)
const CATASTROPHIC = { pattern: '(a+)+b' }
// A literal that is there keeps the filter from answering.
const { pattern } = CATASTROPHIC

async function firstOf(query, options) {
  for await (const batch of searchRegexp(source, query, options)) return batch.hits[0]
  return undefined
}

async function stopped(begin) {
  const started = performance.now()
  const error = await begin().then(
    () => undefined,
    (reason) => reason,
  )
  return { ms: performance.now() - started, code: error?.code ?? error?.name }
}

const query = { pattern: `(?:${pattern}|c|(a+)+\\W)` }
const aborts = []
const spends = []
const waits = []
for (let round = 0; round < 6; round++) {
  const controller = new AbortController()
  const delay = 150
  let abortedAt = 0
  setTimeout(() => {
    abortedAt = performance.now()
    controller.abort()
  }, delay)
  const { code } = await stopped(() => firstOf(query, { signal: controller.signal }))
  aborts.push({ ms: performance.now() - abortedAt, code })
  const asked = performance.now()
  const hit = await firstOf({ pattern: 'a{3}' }, { limit: 1 })
  waits.push({ ms: performance.now() - asked, offset: hit?.offset })
  const spent = await stopped(() => firstOf({ ...query, timeBudgetMs: 120 }))
  spends.push({ ms: spent.ms - 120, code: spent.code })
}
// Searches that are caught do not keep others waiting.
const caught = [1, 2, 3].map(() => stopped(() => firstOf({ ...query, timeBudgetMs: 600 })))
const asked = performance.now()
const beside = await firstOf({ pattern: 'aa' }, { limit: 1 })
const besideMs = performance.now() - asked
const codes = (await Promise.all(caught)).map(({ code }) => code)
await source.close()
const threads = () => Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0)
console.log(JSON.stringify({ aborts, waits, spends, beside: beside?.offset, besideMs, codes, threads: threads() }))
