import path from 'node:path'
import { launch } from '../lib/browser.mjs'
import { inFolder, MiB, TiB, writeSparse } from '../lib/files.mjs'
import { startServer } from '../lib/server.mjs'
import { spread } from '../lib/statistics.mjs'

const SAMPLES = 20
const SIZES = [
  { name: '1 MiB', byteLength: MiB },
  { name: '15 TiB', byteLength: 15 * TiB },
]

/** From the click on a file to its first true bytes on the canvas; small and huge alternate, each in a browser of its own. */
export function openTrial() {
  return inFolder(async (folder) => {
    for (const { name, byteLength } of SIZES) writeSparse(path.join(folder, `${name}.bin`), byteLength, [0])
    const samples = Object.fromEntries(SIZES.map(({ name }) => [name, []]))
    for (let round = 0; round < SAMPLES; round += 1) {
      for (const { name } of SIZES) samples[name].push(await openOnce(folder, `${name}.bin`))
    }
    const results = Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, spread(values)]))
    const ratio = results['15 TiB'].median / results['1 MiB'].median
    return {
      unit: 'ms from click to first bytes',
      results,
      ratio,
      samples,
      summary: [
        ...SIZES.map(
          ({ name }) =>
            `${name}: median ${results[name].median} ms (p25 ${results[name].p25}, p75 ${results[name].p75})`,
        ),
        `15 TiB / 1 MiB: ${ratio.toFixed(2)}`,
      ],
    }
  })
}

async function openOnce(folder, fileName) {
  const server = await startServer(SIZES.map(({ name }) => path.join(folder, `${name}.bin`)))
  const browser = await launch()
  try {
    const page = await (await browser.newContext({ viewport: null })).newPage()
    await page.goto(server.link)
    await page.getByTestId('file-row').filter({ hasText: fileName }).first().click()
    await page.waitForFunction(() => performance.getEntriesByName('mapscope:first-bytes').length > 0)
    // The expected answer: a fast wrong picture is no result.
    const values = await page
      .locator('[data-offset="0"] [data-state]')
      .evaluateAll((cells) => cells.map((cell) => cell.dataset.value))
    const shown = Buffer.from(values.join(''), 'hex').toString('latin1')
    if (shown !== 'MAPSCOPE-MARK-16') throw new Error(`the first row shows '${shown}'`)
    return await page.evaluate(() => {
      const [from] = performance.getEntriesByName('mapscope:open-click')
      const [to] = performance.getEntriesByName('mapscope:first-bytes')
      return to.startTime - from.startTime
    })
  } finally {
    await browser.close()
    await server.stop()
  }
}
