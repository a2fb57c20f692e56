// @mapscope/core's search engine and scans, as a program that uses them would call them.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { count, hash, histogram, openFile, strings, sweep } from '@mapscope/core'
import { histogramSum } from '../lib/histogram_sum.mjs'
import { measure } from '../lib/measure.mjs'

async function over(file, pass, more) {
  const source = await openFile(file)
  return { pass: () => pass(source), end: () => source.close(), more }
}

const countAll = ({ file, query }) => over(file, (source) => count(source, query))

/** Several searches at once, again and again for two seconds, and how late timers are meanwhile. */
function beside({ file, queries }) {
  let figures
  const pass = async (source) => {
    await count(source, queries[0])
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const started = performance.now()
    while (performance.now() - started < 2_000) await Promise.all(queries.map((query) => count(source, query)))
    const seconds = (performance.now() - started) / 1000
    delay.disable()
    figures = { seconds, delayMaxMs: delay.max / 1e6, delayP99Ms: delay.percentile(99) / 1e6 }
    return true
  }
  return over(file, pass, () => figures)
}

/** A search is begun and given up soon after; the 95th of a hundred times from the one to the other. */
function abort({ file, query, times }) {
  let figures
  const pass = async (source) => {
    const taken = []
    for (let n = 0; n < times; n += 1) taken.push(await timeToEnd(source, query))
    taken.sort((a, b) => a - b)
    figures = { seconds: taken[Math.floor(taken.length * 0.95)] / 1000 }
    return true
  }
  return over(file, pass, () => figures)
}

async function timeToEnd(source, query) {
  const controller = new AbortController()
  const search = count(source, query, { signal: controller.signal }).then(
    () => undefined,
    () => performance.now(),
  )
  await sleep(10 + Math.random() * 10)
  const started = performance.now()
  controller.abort()
  const ended = await search
  if (ended === undefined) throw new Error('the search was over before it could be aborted')
  return ended - started
}

await measure({
  count: countAll,
  findAll: countAll,
  beside,
  abort,

  strings: ({ file, minLength }) =>
    over(file, async (source) => {
      let total = 0
      for await (const page of strings(source, { minLength })) total += page.length
      return total
    }),

  histogram: ({ file }) =>
    over(file, async (source) => {
      const { counts } = await histogram(source)
      return histogramSum(counts)
    }),

  sweep: ({ file }) =>
    over(file, async (source) => {
      let programs = 0
      for await (const { name } of sweep(source)) if (name === 'elf') programs += 1
      return programs
    }),

  hash: ({ file, algorithm }) =>
    over(file, async (source) => (await hash(source, { algorithms: [algorithm] }))[algorithm]),
})
