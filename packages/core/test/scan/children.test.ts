import { expect, test } from 'vitest'
import { childAnswer } from '../support/child.ts'
import { SEED } from '../support/random.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()

test(`a file cut short under every scan harms none, 12 times over, seed ${SEED}`, async () => {
  const report = await childAnswer('truncate_scans.mjs', [folder.fresh('cut'), String(SEED)])
  expect(report).toEqual({ rounds: 12, unexpected: [] })
})
