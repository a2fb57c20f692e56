import { getPriority } from 'node:os'
import { describe, expect, test } from 'vitest'
import { childAnswer } from '../../support/child.ts'
import { NODES } from '../../support/nodes.ts'
import { SEED } from '../../support/random.ts'
import { TempFolder } from '../../support/temp.ts'

const folder = new TempFolder()

interface Stopped {
  readonly aborts: readonly { readonly code: unknown }[]
  readonly waits: readonly { readonly offset: number }[]
  readonly spends: readonly { readonly code: unknown }[]
  readonly beside: number
  readonly codes: readonly string[]
}

interface Left {
  readonly threads: number
  /** What they are open on. */
  readonly descriptors: readonly string[]
  readonly mappings: number
}

interface LeftReport {
  readonly before: Left
  readonly after: Left
  readonly unexpected: readonly unknown[]
  readonly workers: number
}

describe.each(NODES)('%s', (node) => {
  test('a catastrophic expression is stopped, and the next search runs', async () => {
    const answer = (await childAnswer('regexp_stop.mjs', [folder.fresh()], { node })) as Stopped
    expect(new Set(answer.aborts.map(({ code }) => code))).toEqual(new Set([20]))
    expect(new Set(answer.spends.map(({ code }) => code))).toEqual(new Set(['ERR_TIMEOUT']))
    expect(answer.waits.every(({ offset }) => offset === 0)).toBe(true)
    expect(answer.beside).toBe(0)
    expect(answer.codes).toEqual(['ERR_TIMEOUT', 'ERR_TIMEOUT', 'ERR_TIMEOUT'])
  }, 60_000)

  test('a file that is cut under it gives the hits before the cut, then the error', async () => {
    expect(await childAnswer('regexp_cut.mjs', [folder.fresh()], { node })).toEqual({ unexpected: [], faults: 14 })
  }, 60_000)

  test.each([
    ['returned', 262_144],
    ['limit', 1],
    ['aborted', 23],
    ['spent', 'ERR_TIMEOUT'],
    ['killed', 'Error'],
    ['left open', null],
  ])(
    'the process ends by itself after a search that was %s',
    async (way, told) => {
      expect(await childAnswer('regexp_exit.mjs', [folder.fresh(), way], { node })).toEqual({ way, told })
    },
    60_000,
  )

  test.runIf(process.platform === 'linux')(
    'its threads are nicer than the process, which stays as it was',
    async () => {
      const answer = await childAnswer('regexp_priority.mjs', [folder.fresh()], { node, under: ['nice', '-n', '3'] })
      const own = Math.min(19, getPriority() + 3)
      const others = [...new Set([own, Math.min(19, own + 10)])]
      expect(answer).toEqual({ hits: 1, before: own, after: own, others })
    },
    60_000,
  )

  test('a GiB is searched without a copy of it', async () => {
    const report = (await childAnswer('rss_regexp.mjs', [folder.fresh()], { node })) as Record<string, number>
    expect(report['hits']).toBe(report['expected'])
    expect(report['hits']).toBeGreaterThan(0)
    expect(report['growthMib']).toBeLessThan(16)
  }, 120_000)
})

// On all of them at once: most of it is waiting for the threads' idle time of 30 s.
test.concurrent.each(NODES)(
  `searches that ended early, 200 of them aborted in a row, leave no thread, no mapping and no descriptor, seed ${SEED} (%s)`,
  async (node) => {
    const left = (await childAnswer('regexp_left.mjs', [folder.fresh(), String(SEED), '200'], { node })) as LeftReport
    expect(left.unexpected).toEqual([])
    expect(left.workers).toBeGreaterThan(0)
    expect(left.after).toEqual(left.before)
  },
  240_000,
)
