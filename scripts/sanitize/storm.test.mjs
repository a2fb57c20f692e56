// The addon under the sanitizers, in storms of random calls whose every answer is compared with a plain array's.
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { buildSanitized } from '../lib/sanitized_addon.mjs'
import { runSanitized } from '../lib/sanitized_run.mjs'

const main = fileURLToPath(new URL('../../packages/native/test/storm/main.mjs', import.meta.url))
const FIRST_SEED = Number(process.env.MAPSCOPE_SEED ?? Math.floor(Math.random() * 2 ** 31))
const STEPS = 2500
let stage

beforeAll(() => {
  stage = buildSanitized()
}, 600_000)

test.each([0, 1, 2])(
  `a storm from seed ${FIRST_SEED} + %i, without an error, a leak or anything left behind`,
  async (more) => {
    const seed = String(FIRST_SEED + more)
    const program = ['--expose-gc', main, '--package', stage, '--seed', seed, '--steps', String(STEPS)]
    const { output, errors, reports, signal } = await runSanitized(program, { modules: ['mapscope.node'] })
    expect(reports.join('\n\n')).toBe('')
    expect(signal, errors).toBeNull()
    // It prints this only when all its steps agreed; the addon it names is the sanitized one.
    const summary = JSON.parse(output || `{"errors": ${JSON.stringify(errors.slice(-4000))}}`)
    expect(summary).toMatchObject({ seed: Number(seed), steps: STEPS })
    expect(path.relative(stage, summary.addon)).not.toMatch(/^\.\./)
    expect(Object.values(summary.counts).filter((count) => count > 0).length).toBeGreaterThan(20)
  },
)
