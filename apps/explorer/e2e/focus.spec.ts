// After everything that closes, vanishes or fails, the keyboard is somewhere: most of all in the grid. And links that lead nowhere.
import { truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { writeSparseFile } from './files.ts'
import { expect, test } from './fixtures.ts'
import type { Explorer } from './pages/explorer.ts'

function writeCounting(folder: string, name: string, byteLength: number): string {
  const file = path.join(folder, name)
  writeFileSync(file, Buffer.from(Uint8Array.from({ length: byteLength }, (_, i) => i)))
  return file
}

const linkTo = (explorer: Explorer, hash: string) =>
  explorer.page.evaluate((wanted) => {
    location.hash = wanted
  }, hash)

const inFolder = (folder: string, name: string) => `#path=${encodeURIComponent(`${path.basename(folder)}/${name}`)}`

async function openFirst(explorer: Explorer, link: string, folder: string): Promise<void> {
  await explorer.page.goto(`${link}${inFolder(folder, 'one.bin')}`)
  await expect(explorer.page.getByTestId('document-name')).toContainText('one.bin')
}

for (const way of ['the key', 'the button'] as const) {
  test(`a file opened from the picker by ${way} has the keyboard`, async ({ explorer, serve, folder }) => {
    writeCounting(folder, 'one.bin', 512)
    writeCounting(folder, 'two.bin', 512)
    const server = await serve([folder])
    await openFirst(explorer, server.link, folder)
    const { page } = explorer
    await expect(explorer.grid).toBeFocused()
    if (way === 'the key') await page.keyboard.press('Control+o')
    else await page.getByRole('button', { name: 'Open', exact: true }).click()
    await page.getByTestId('picker-filter').fill('two')
    await expect(page.getByTestId('file-row')).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('document-name')).toContainText('two.bin')
    await expect(explorer.grid).toBeFocused()
    await page.keyboard.press('ArrowDown')
    await expect(explorer.status('offset')).toContainText('0x00000010')
  })
}

test('a dialog that is closed gives the keyboard back, and the key sheet hands it to the bar it opens', async ({
  explorer,
  serve,
}) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  const { page } = explorer
  for (const key of ['Control+o', 'F1']) {
    await page.keyboard.press(key)
    await expect(page.getByRole('dialog')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    await expect(explorer.grid).toBeFocused()
  }
  await page.keyboard.press('F1')
  await page.getByTestId('key-sheet').getByRole('button', { name: 'Go to offset' }).click()
  await expect(page.getByTestId('goto-input')).toBeFocused()
})

test('the banner goes with its button, and the grid has the keyboard', async ({ explorer, serve, folder }) => {
  const file = writeCounting(folder, 'one.bin', 8192)
  const server = await serve([file])
  await explorer.open(server.link)
  truncateSync(file, 4096)
  await explorer.page
    .getByTestId('banner')
    .getByRole('button', { name: /reload/i })
    .click()
  await expect(explorer.page.getByTestId('banner')).toHaveCount(0)
  await expect(explorer.grid).toBeFocused()
})

test('a cancelled search leaves the keyboard in the find bar', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'bad.img')
  writeSparseFile(file, 8192, [{ offset: 0, text: `${'a'.repeat(5000)}b` }])
  const server = await serve([file])
  await explorer.open(server.link)
  // One that never ends by itself: a scan of gigabytes may be over before anybody clicks.
  await explorer.find('regex', '(?:a+)+c')
  await explorer.page.getByTestId('find-cancel').click()
  await expect(explorer.page.getByTestId('find-status')).toContainText(/cancelled/i)
  await expect(explorer.page.getByTestId('find-input')).toBeFocused()
})

test('Home and Up from the place after the last byte of a full row', async ({ explorer, serve, folder }) => {
  const file = writeCounting(folder, 'one.bin', 64)
  for (const [key, offset] of [
    ['Home', '0x00000030'],
    ['ArrowUp', '0x0000002F'],
  ] as const) {
    const server = await serve([file], '--writable')
    await explorer.page.goto('about:blank')
    await explorer.open(server.link)
    await explorer.page.keyboard.press('Control+End')
    await explorer.page.keyboard.type('00')
    await expect(explorer.status('offset')).toContainText('0x00000040')
    await explorer.page.keyboard.press(key)
    await expect(explorer.status('offset')).toContainText(offset)
  }
})

test('a link that leads nowhere is said to, and the address goes back', async ({ explorer, serve, folder }) => {
  writeCounting(folder, 'one.bin', 512)
  const server = await serve([folder])
  await openFirst(explorer, server.link, folder)
  const { page } = explorer
  await linkTo(explorer, inFolder(folder, 'absent.bin'))
  await expect(page.getByTestId('notice')).toContainText('absent.bin cannot be opened')
  await expect.poll(() => new URL(page.url()).hash).toContain('one.bin')
  await page.keyboard.press('Control+o')
  await expect(page.getByTestId('picker-filter')).toBeVisible()
  await expect(page.getByTestId('open-failure')).toHaveCount(0)

  await page.keyboard.press('Escape')
  await linkTo(explorer, `${inFolder(folder, 'one.bin')}&offset=0x1000`)
  await expect(page.getByTestId('notice').last()).toContainText('0x1000, past the end of one.bin')
  await expect(explorer.status('offset')).toContainText('0x000001FF')
})

test('a link is followed when the address of the caret was about to be written', async ({
  explorer,
  serve,
  folder,
}) => {
  writeCounting(folder, 'one.bin', 512)
  writeCounting(folder, 'two.bin', 512)
  const server = await serve([folder])
  await openFirst(explorer, server.link, folder)
  await expect(explorer.grid).toBeFocused()
  await explorer.page.keyboard.press('ArrowRight')
  await expect.poll(() => new URL(explorer.page.url()).hash).toContain('offset=0x1')
  // The browser tells of a new address in a task of its own, behind the timers that are due by then: the one here, then the writer's.
  await explorer.page.evaluate(
    (hash) => {
      setTimeout(() => {
        location.hash = hash
      }, 200)
      const grid = document.querySelector('[role="grid"]')
      grid?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', code: 'ArrowRight', bubbles: true }))
      for (const end = performance.now() + 600; performance.now() < end; );
    },
    inFolder(folder, 'two.bin'),
  )
  await expect(explorer.page.getByTestId('document-name')).toContainText('two.bin')
})

test('a link back to the open file ends the opening of another', async ({ explorer, serve, folder }) => {
  writeCounting(folder, 'one.bin', 512)
  writeSparseFile(path.join(folder, 'slow.bin'), 4096, [])
  const server = await serve([folder])
  await openFirst(explorer, server.link, folder)
  const { page } = explorer
  let release = () => {}
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/api/v1/documents', async (route) => {
    if (route.request().postData()?.includes('slow.bin')) await held
    await route.continue().catch(() => {})
  })
  await linkTo(explorer, inFolder(folder, 'slow.bin'))
  await expect(page.getByText('Opening', { exact: false }).first()).toBeVisible()
  await linkTo(explorer, `${inFolder(folder, 'one.bin')}&offset=0x20`)
  await expect(page.getByText('Opening', { exact: false })).toHaveCount(0)
  release()
  await expect(page.getByTestId('document-name')).toContainText('one.bin')
  await expect(explorer.status('offset')).toContainText('0x00000020')
  await explorer.expectRow(
    0x20,
    Array.from({ length: 16 }, (_, i) => (0x20 + i).toString(16).toUpperCase()),
  )
  await expect.poll(() => new URL(page.url()).hash).toContain('one.bin')
  await expect(page.getByTestId('document-name')).toContainText('one.bin')
})

test('the wheel scrolls over the scrollbar too', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  await explorer.page.getByTestId('scrollbar').hover()
  await explorer.page.mouse.wheel(0, 300)
  const start = () => explorer.page.evaluate(() => window.mapscope?.grid?.visibleRange().start ?? 0)
  await expect.poll(start).toBeGreaterThan(0)
})

test('the go-to bar closes with the last byte', async ({ explorer, serve, folder }) => {
  const file = writeCounting(folder, 'one.bin', 512)
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.page.keyboard.press('Control+g')
  await expect(explorer.page.getByTestId('goto-input')).toBeFocused()
  truncateSync(file, 0)
  await explorer.page
    .getByTestId('banner')
    .getByRole('button', { name: /reload/i })
    .click()
  await expect(explorer.page.getByTestId('empty-file')).toBeVisible()
  await expect(explorer.page.getByTestId('goto-input')).toHaveCount(0)
})
