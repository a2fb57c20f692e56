// A file cut while people look at it: every peer dies of this. The server lives, and each tab sees which bytes are gone.
import { copyFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { dump } from './files.ts'
import { expect, test } from './fixtures.ts'
import { Explorer } from './pages/explorer.ts'

test('three readers, one cut to a page: the server lives and every tab shows what is gone', async ({
  browser,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'cut.bin')
  copyFileSync(process.execPath, file)
  const server = await serve([file])
  const readers = await Promise.all(
    [1, 2, 3].map(async () => new Explorer(await (await browser.newContext({ viewport: null })).newPage())),
  )
  for (const reader of readers) {
    await reader.open(server.link)
    await reader.expectRow(0, dump(file, 0, 16))
  }
  const scrolling = readers.map((reader) => scrollAround(reader))
  truncateSync(file, 4096)
  await Promise.all(scrolling)

  for (const reader of readers) {
    await expect(reader.page.getByTestId('banner')).toContainText(/4,?096/)
    await reader.goTo('0x2000')
    await expect.poll(async () => (await reader.row(0x2000)).states).toEqual(Array(16).fill('unreadable'))
    await reader.goTo('0xFF0')
    await reader.expectRow(0xff0, dump(file, 0xff0, 16))
  }
  expect(server.isAlive()).toBe(true)

  for (const reader of readers.slice(0, 1)) {
    await reader.page
      .getByTestId('banner')
      .getByRole('button', { name: /reload/i })
      .click()
    await expect(reader.status('size')).toContainText(/4,?096|4\.0+ KiB/)
  }
  await Promise.all(readers.map((reader) => reader.page.context().close()))
})

test('a file deleted while open is said to be deleted, and its bytes are still there', async ({
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'gone.bin')
  copyFileSync(process.execPath, file)
  const server = await serve([folder])
  await explorer.page.goto(server.link)
  await explorer.page.goto(`${server.origin}/#path=${encodeURIComponent(`${path.basename(folder)}/gone.bin`)}`)
  await explorer.page.reload()
  await explorer.grid.focus()
  const expected = dump(file, 0, 16)
  await explorer.expectRow(0, expected)
  rmSync(file)
  await expect(explorer.page.getByTestId('banner')).toContainText(/deleted/i)
  await explorer.expectRow(0, expected)
})

test('a change made by another program appears without a reload', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'live.bin')
  writeFileSync(file, Buffer.alloc(8192, 0x41))
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.expectRow(0, Array(16).fill('41'))
  writeFileSync(file, Buffer.from('changed outside!'), { flag: 'r+' })
  await explorer.expectRow(0, dump(file, 0, 16))
})

/** Jumps about for a second, so that reads are under way at the moment of the cut. */
async function scrollAround(reader: Explorer): Promise<void> {
  for (let jump = 0; jump < 8; jump += 1) {
    await reader.page.keyboard.press(jump % 2 === 0 ? 'Control+End' : 'Control+Home')
    await reader.page.keyboard.press('PageDown')
    await reader.page.waitForTimeout(100)
  }
}
