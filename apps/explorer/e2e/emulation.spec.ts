// The device toolbar of the developer tools makes a ratio up: the page says 2 while the screen has 1. The grid fills its place all
// the same, in its sixteen columns.
import { dump } from './files.ts'
import { expect, test } from './fixtures.ts'
import { Explorer } from './pages/explorer.ts'

test('under an emulated ratio the grid fills its place', async ({ browser, serve }) => {
  const server = await serve([process.execPath])
  const context = await browser.newContext({ viewport: { width: 1080, height: 640 }, deviceScaleFactor: 2 })
  const explorer = new Explorer(await context.newPage())
  await explorer.open(server.link)
  await explorer.expectRow(0, dump(process.execPath, 0, 16))

  const grid = await explorer.grid.boundingBox()
  const lowest = await explorer.page.evaluate(() => {
    const inspection = window.mapscope?.grid
    const rects = Array.from({ length: 100 }, (_, row) => inspection?.cellRect(row * 16 + 15, 'hex'))
    return rects.filter((rect) => rect !== undefined).at(-1)
  })
  if (grid === null || lowest === undefined) throw new Error('nothing is painted')
  expect(grid.y + grid.height - (lowest.y + lowest.height)).toBeLessThan(lowest.height)
  await context.close()
})
