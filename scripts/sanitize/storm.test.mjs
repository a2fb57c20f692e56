// The addon under AddressSanitizer and UndefinedBehaviorSanitizer, in random weather: other storms every time. A test's name says its
// seed; to see that storm again, MAPSCOPE_SEED=<seed>, or to look closer, `node scripts/storm.mjs --seed <seed>`.
import path from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { buildSanitized } from '../lib/sanitized_addon.mjs'
import { storm } from '../lib/storm.mjs'

const STEPS = 3000
const FIRST_SEED = Number(process.env.MAPSCOPE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const [node = process.execPath, ...others] = (process.env.MAPSCOPE_NODES ?? '').split(path.delimiter).filter(Boolean)

// One addon serves every Node, but not every Node can do the same: transfer() came with 22, some calls of Node-API later.
const runs = [node, node, node, ...others].map((itsNode, i) => [FIRST_SEED + i, itsNode])

// Two minutes of compiling on a quiet machine.
beforeAll(buildSanitized, 1_200_000)

test.each(runs)(`seed %i: ${STEPS} steps without a wrong answer, a report or a leak (%s)`, async (seed, itsNode) => {
  const { code, signal, output, errors, reports, addon } = await storm({ seed, steps: STEPS, node: itsNode })
  expect(reports).toEqual([])
  const last = output.trim().split('\n').at(-1)
  if (last === '') throw new Error(`the storm ended with ${signal ?? code}: ${errors}`)
  const summary = JSON.parse(last)
  expect(summary).toMatchObject({ seed, steps: STEPS, addon })
  expect(Object.entries(summary.counts).filter(([, count]) => count === 0)).toEqual([])
})
