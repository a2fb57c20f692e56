// Frame times of the 60 × 32 grid: `node harness/measure.mjs [DPR…]` after `pnpm harness:build`. One JSON line per cell.
import { launchChromium, serveHarness } from './browser.mjs'

const DURATION_MS = 3000
const ratios = process.argv.length > 2 ? process.argv.slice(2) : ['1', '2', '3']
const server = await serveHarness()
try {
  for (const ratio of ratios) {
    for (const motion of ['jump', 'rows', 'pixels']) console.log(JSON.stringify(await measure(ratio, motion)))
  }
} finally {
  server.close()
}

async function measure(ratio, motion) {
  const browser = await launchChromium(ratio)
  try {
    const page = await browser.newPage({ viewport: null })
    await page.goto(`${server.url}?rows=60&columns=32&theme=dark`)
    await page.waitForFunction(() => (globalThis.mapscope?.grid?.frames ?? 0) > 0)
    await page.evaluate(() => globalThis.harness.measure(globalThis.harness.view, 'rows', 300))
    const report = await page.evaluate(
      ([kind, ms]) => globalThis.harness.measure(globalThis.harness.view, kind, ms),
      [motion, DURATION_MS],
    )
    return { dpr: await page.evaluate(() => devicePixelRatio), motion, ...report }
  } finally {
    await browser.close()
  }
}
