import { expect, test } from '@playwright/test'
import { Random } from '../test/hexview/random.ts'
import { serveHarness } from './browser.mjs'
import { HarnessPage } from './page.ts'

const TIB_15 = 15 * 2 ** 40

let server: { url: string; close: () => void }
test.beforeAll(async () => {
  server = await serveHarness()
})
test.afterAll(() => server.close())

async function open(page: import('@playwright/test').Page, query: string): Promise<HarnessPage> {
  const harness = new HarnessPage(page)
  await harness.open(server.url, query)
  return harness
}

/** A row as it ought to be painted. */
function lineOf(offset: number, digits: number, bytes: readonly number[]): string {
  const hex = bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
  const panes = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')].join('  ').trimEnd().padEnd(51)
  const text = bytes.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')
  return `${offset.toString(16).toUpperCase().padStart(digits, '0')}  ${panes}${text}`.trimEnd()
}

test('paints the bytes it is given, from the first to the last of 15 TiB', async ({ page }) => {
  const length = TIB_15 - 5
  const harness = await open(page, `rows=20&columns=16&length=${length}`)
  expect(await harness.painted(0)).toBe(lineOf(0, 12, await harness.bytes(0, 16)))
  await harness.show({ topRow: Number.MAX_SAFE_INTEGER })
  const { topRow } = await harness.view()
  expect(topRow).toBe(TIB_15 / 16 - 20)
  for (let row = topRow; row < topRow + 20; row++) {
    const bytes = await harness.bytes(row * 16, Math.min(16, length - row * 16))
    expect(await harness.painted(row)).toBe(lineOf(row * 16, 12, bytes))
  }
  expect(await page.evaluate(() => globalThis.mapscope.grid.visibleRange().end)).toBe(length)
})

test('looks the same after any scrolling and selecting as when painted afresh', async ({ page }, info) => {
  const random = new Random(Number(process.env['MAPSCOPE_SEED'] ?? Date.now() % 2 ** 31))
  const query = `rows=20&columns=16&content=mixed&editable&length=${64 * 1024}`
  const harness = await open(page, query)
  let state = { topRow: 0, subRowPx: 0 }
  let selection = { anchor: 0, focus: 0 }
  for (let round = 0; round < 4; round++) {
    for (let step = 0; step < 10; step++) {
      // Small steps, and there and back over more rows than the strips hold: what was painted has then been painted over.
      const topRow = random.pick([Math.max(0, state.topRow + random.integer(-9, 9)), random.integer(0, 30), 300])
      state = { topRow, subRowPx: random.integer(0, 18) }
      // Mostly the selection stays, so that rows on their way back look as they did and are not painted for its sake.
      if (random.next() < 0.3) {
        const anchor = topRow * 16 + random.integer(0, 400)
        selection = { anchor, focus: random.next() < 0.5 ? anchor : topRow * 16 + random.integer(0, 400) }
      }
      await harness.show(state, selection)
    }
    const moved = await harness.picture()
    const fresh = await page.context().newPage()
    const again = await open(fresh, query)
    await again.show(state, selection)
    const afresh = await again.picture()
    if (!moved.equals(afresh)) {
      await info.attach('moved', { body: moved, contentType: 'image/png' })
      await info.attach('afresh', { body: afresh, contentType: 'image/png' })
      throw new Error(
        `Pictures differ: MAPSCOPE_SEED=${random.seed}, round ${round}, ${JSON.stringify([state, selection])}`,
      )
    }
    await fresh.close()
  }
})

test('repaints only what changed', async ({ page }) => {
  const harness = await open(page, 'rows=40&columns=16')
  const rows = (): Promise<number> => page.evaluate(() => globalThis.mapscope.grid.lastFrameRows)
  await harness.show({ topRow: 3 })
  expect(await rows()).toBe(3)
  await harness.show({}, { anchor: 0x80, focus: 0x80 })
  await harness.show({}, { anchor: 0x90, focus: 0x90 })
  expect(await rows()).toBe(2)
  const frames = await page.evaluate(() => globalThis.mapscope.grid.frames)
  await harness.settle()
  expect(await page.evaluate(() => globalThis.mapscope.grid.frames)).toBe(frames)
})

test('selects by click, drag, Shift+click and in the text pane', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  const at = async (offset: number, pane: 'hex' | 'text' = 'hex'): Promise<[number, number]> => {
    const { x, y } = await harness.centre(offset, pane)
    return [x, y]
  }
  await page.mouse.click(...(await at(0x23)))
  expect(await harness.selection()).toMatchObject({ anchor: 0x23, focus: 0x23, pane: 'hex' })
  await page.keyboard.down('Shift')
  await page.mouse.click(...(await at(0x51)))
  await page.keyboard.up('Shift')
  expect(await harness.selection()).toMatchObject({ anchor: 0x23, focus: 0x51 })
  await page.mouse.move(...(await at(0x67, 'text')))
  await page.mouse.down()
  await page.mouse.move(...(await at(0x39, 'text')))
  await page.mouse.up()
  expect(await harness.selection()).toMatchObject({ anchor: 0x67, focus: 0x39, pane: 'text' })
  await page.mouse.click(...(await at(0x90)), { button: 'right' })
  expect(await harness.selection()).toMatchObject({ anchor: 0x90, focus: 0x90 })
})

test('scrolls on while a drag is held below', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  const { x, y } = await harness.centre(0x20)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x, y + 450)
  await expect.poll(async () => (await harness.view()).topRow).toBeGreaterThan(200)
  await page.mouse.up()
  const { topRow } = await harness.view()
  const { anchor, focus } = await harness.selection()
  expect(anchor).toBe(0x20)
  expect(focus).toBeGreaterThan(topRow * 16)
  await harness.settle()
  expect((await harness.view()).topRow).toBe(topRow)
})

test('turns with the wheel, by pages with Shift', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  const { x, y } = await harness.centre(0x20)
  await page.mouse.move(x, y)
  await page.mouse.wheel(0, 100)
  await expect.poll(() => harness.view()).toMatchObject({ topRow: 5 })
  await page.keyboard.down('Shift')
  await page.mouse.wheel(0, 100)
  await page.keyboard.up('Shift')
  await expect.poll(async () => (await harness.view()).topRow).toBe(24)
})

test('reaches both ends with the scrollbar, pages with its track, and is fine aside', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  const bar = page.getByTestId('scrollbar')
  const box = await bar.boundingBox()
  if (!box) throw new Error('The scrollbar has no box.')
  const x = box.x + box.width / 2
  await page.mouse.move(x, box.y + 5)
  await page.mouse.down()
  await page.mouse.move(x, box.y + box.height)
  expect((await harness.view()).topRow).toBe(TIB_15 / 16 - 20)
  await expect(bar).toHaveAttribute('aria-valuenow', '1000')
  await expect(bar).toHaveAttribute('aria-valuetext', /^0xEFFFFFFFEC0 of 0xF0000000000, 99 %$/)
  await page.mouse.move(x, box.y + 5)
  expect((await harness.view()).topRow).toBe(0)
  await page.mouse.move(x - 400, box.y + 5)
  await page.mouse.move(x - 400, box.y + 25)
  const fine = (await harness.view()).topRow
  expect(fine).toBeGreaterThan(0)
  expect(fine).toBeLessThan((TIB_15 / 16 / box.height) * 20 * 0.001)
  await page.mouse.up()
  await harness.show({ topRow: 0, subRowPx: 0 })
  await page.mouse.click(x, box.y + box.height - 3)
  expect((await harness.view()).topRow).toBe(19)
})

test('hands on what is typed, and nothing that is a command', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16&editable')
  await page.getByTestId('hexgrid').focus()
  await page.keyboard.type('aF ?')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Alt+e')
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate(() => globalThis.harness.typed)).toEqual(['a', 'F', ' ', '?'])
  await harness.settle()
})

test('says which byte is under the pointer, also when the bytes move under it', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  const { x, y } = await harness.centre(0x25)
  await page.mouse.move(x, y)
  await harness.settle()
  await harness.show({ topRow: 10 })
  await page.mouse.move(x, 2)
  expect(await page.evaluate(() => globalThis.harness.hovered)).toEqual([0x25, 0xc5, undefined])
})

test('is one tab stop with a mirror that says what the canvas shows', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16&content=mixed')
  const grid = page.getByTestId('hexgrid')
  await page.keyboard.press('Tab')
  await expect(grid).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(grid).not.toBeFocused()
  await harness.show({}, { anchor: 0x9b, focus: 0x9b })
  const row = grid.locator('[data-offset="144"] [data-state]')
  await expect(row).toHaveCount(16)
  await expect(row.nth(11)).toHaveAttribute('data-state', 'unreadable')
  const values = await row.evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset['value']))
  const bytes = await harness.bytes(0x9c, 4)
  expect(values.slice(12)).toEqual(bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')))
  expect(await harness.painted(9)).toContain('?? ?? ?? ??')
  const active = await grid.getAttribute('aria-activedescendant')
  await expect(page.locator(`[id="${active}"]`)).toHaveAttribute('aria-label', '0x9B, unreadable')
  await expect(grid).toHaveAttribute('aria-rowcount', '-1')
  expect(await grid.locator('*').count()).toBeLessThan(400)
})

test('shows fewer columns where they do not fit, and keeps its place', async ({ page }) => {
  const harness = await open(page, 'rows=20&columns=16')
  await harness.show({ topRow: 1000, subRowPx: 0 })
  await page.evaluate(() => {
    const root = document.getElementById('root') as HTMLElement
    root.style.width = '520px'
    root.style.height = '300px'
  })
  await expect.poll(() => harness.view()).toMatchObject({ topRow: 2000, columns: 8, visibleRows: 14 })
  expect(await harness.painted(2000)).toContain('000000003E80')
})
