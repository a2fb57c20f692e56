import { launchChromium, serveHarness } from '../../apps/explorer/harness/browser.mjs'
import { environment } from '../../scripts/lib/pnpm.mjs'
import { capture } from '../../scripts/lib/run.mjs'

const DURATION_MS = 3000
const ROUNDS = 3
/** `jump`: every frame elsewhere, the worst case; `rows`: a wheel or held key; `pixels`: a trackpad. */
const MOTIONS = ['jump', 'rows', 'pixels']
const RATIOS = [1, 2, 3]

/** The real grid over seeded bytes without a network, 60 rows of 32, on software raster, at each real device pixel ratio. */
export async function scrollTrial() {
  const { code, output } = await capture('pnpm', ['--filter', '@mapscope/explorer', 'run', 'harness:build'], {
    env: environment,
  })
  if (code !== 0) throw new Error(`the harness could not be built:\n${output}`)
  const server = await serveHarness()
  const runs = []
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const ratio of RATIOS) {
        for (const motion of MOTIONS) runs.push(await scrollOnce(server.url, ratio, motion))
      }
    }
  } finally {
    server.close()
  }
  const results = RATIOS.flatMap((ratio) => MOTIONS.map((motion) => medianRun(runs, ratio, motion)))
  return {
    unit: 'frames a second; ms of JavaScript and between frames',
    results,
    runs,
    summary: results.map(
      (run) =>
        `ratio ${run.dpr}, ${run.motion.padEnd(6)}: ${run.fps} fps; a frame's JavaScript ${run.jsMedianMs} ms (p95 ${run.jsP95Ms}); ` +
        `between frames p95 ${run.frameP95Ms} ms, longest ${run.frameMaxMs} ms`,
    ),
  }
}

async function scrollOnce(url, ratio, motion) {
  const browser = await launchChromium(ratio)
  try {
    const page = await browser.newPage({ viewport: null })
    await page.goto(`${url}?rows=60&columns=32&theme=dark`)
    await page.waitForFunction(() => (globalThis.mapscope?.grid?.frames ?? 0) > 0)
    await page.evaluate(() => globalThis.harness.measure(globalThis.harness.view, 'rows', 300))
    const report = await page.evaluate(
      ([kind, ms]) => globalThis.harness.measure(globalThis.harness.view, kind, ms),
      [motion, DURATION_MS],
    )
    await expectTruth(page)
    return { dpr: await page.evaluate(() => devicePixelRatio), motion, ...report }
  } finally {
    await browser.close()
  }
}

/** The expected answer: where the scrolling stopped, the rows on screen hold the bytes of their offsets. */
async function expectTruth(page) {
  const wrong = await page.evaluate(() => {
    const { start } = globalThis.mapscope.grid.visibleRange()
    const row = Math.ceil(start / 32) + 5
    const painted = globalThis.mapscope.grid.paintedRow(row) ?? ''
    const pairs = painted.split(/\s+/).slice(1, 33).join(' ')
    const bytes = Array.from({ length: 32 }, (_, index) => globalThis.harness.bytes.byteAt(row * 32 + index))
    const expected = bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ')
    return pairs === expected ? undefined : `row ${row}: '${pairs}' instead of '${expected}'`
  })
  if (wrong !== undefined) throw new Error(wrong)
}

function medianRun(runs, ratio, motion) {
  const own = runs.filter((run) => run.dpr === ratio && run.motion === motion).sort((a, b) => a.fps - b.fps)
  return own[Math.floor(own.length / 2)]
}
