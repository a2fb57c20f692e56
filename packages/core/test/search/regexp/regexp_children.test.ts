import { describe, expect, test } from 'vitest'
import { childAnswer } from '../../support/child.ts'
import { NODES } from '../../support/nodes.ts'
import { TempFolder } from '../../support/temp.ts'

const folder = new TempFolder()

interface Stopped {
  readonly aborts: readonly { readonly code: unknown }[]
  readonly waits: readonly { readonly offset: number }[]
  readonly spends: readonly { readonly code: unknown }[]
  readonly beside: number
  readonly codes: readonly string[]
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
})
