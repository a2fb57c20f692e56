import { expect, test } from 'vitest'
import { childAnswer } from '../support/child.ts'
import { SEED } from '../support/random.ts'
import { TempFolder } from '../support/temp.ts'

const folder = new TempFolder()

test(`a file cut short under searches: each ends, with the hits there were and their number (seed ${SEED})`, async () => {
  const answer = await childAnswer('search_racing.mjs', [folder.fresh('racing'), String(SEED)])
  expect(answer).toEqual({ rounds: 20, unexpected: [], hasFaults: true })
}, 120_000)

test('a search through 256 MiB, with as many hits as it has words, keeps the process small', async () => {
  const report = (await childAnswer('rss_search.mjs', [folder.fresh('dense')])) as Record<string, number>
  expect(report['hits']).toBe(32 * 1024 ** 2)
  expect(report['growthMib'], JSON.stringify(report)).toBeLessThan(64)
}, 120_000)
