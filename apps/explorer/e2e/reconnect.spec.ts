// A server that dies and is started again on the same port: the tab takes up where it was, and loses no edit in silence.
import { closeSync, openSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Page } from '@playwright/test'
import { dump, GiB, HUGE_MARKS, writeSparseFile } from './files.ts'
import { expect, test } from './fixtures.ts'

const PLACE = 5 * GiB

/** Another program, with a descriptor of its own. */
function writeElsewhere(file: string, offset: number, text: string): void {
  const fd = openSync(file, 'r+')
  writeSync(fd, text, offset, 'latin1')
  closeSync(fd)
}

const hexOf = (text: string): string[] =>
  [...Buffer.from(text, 'latin1')].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())

/** A page that is loaded anew has forgotten it. */
const leaveTrace = (page: Page): Promise<void> => page.evaluate(() => void Object.assign(window, { trace: 'left' }))
const traceOf = (page: Page): Promise<unknown> => page.evaluate(() => (window as { trace?: unknown }).trace)

test('the server dies and comes back: changed bytes past 4 GiB show, waiting edits are sent, refused ones are told', async ({
  explorer,
  serve,
  folder,
}, testInfo) => {
  const { page } = explorer
  const file = path.join(folder, 'sparse.img')
  writeSparseFile(file, 6 * GiB, HUGE_MARKS.slice(0, 2))
  const options = ['--writable', '--token-file', path.join(folder, 'token'), '--state', path.join(folder, 'state')]
  const audit = ['--audit', path.join(folder, 'trail.jsonl')]
  const first = await serve([file], ...options, ...audit)
  await explorer.open(first.link)
  await leaveTrace(page)
  await explorer.goTo(String(PLACE))
  await explorer.expectRow(PLACE, hexOf('MARK-AT-5-GIB-01'))
  await page.keyboard.type('AB')
  await expect.poll(() => dump(file, PLACE, 1)).toEqual(['AB'])
  await expect(page.getByTestId('banner')).toHaveCount(0)

  await first.kill()
  await expect(page.locator('[data-kind="disconnected"]')).toBeVisible()
  // What is shown stays, and what is typed waits.
  await explorer.expectRow(PLACE, ['AB', ...hexOf('ARK-AT-5-GIB-01')])
  for (const [offset, digits] of [
    [PLACE + 16, 'CD'],
    [PLACE + 32, 'E1'],
    [PLACE + 48, 'E2'],
  ] as const) {
    await explorer.goTo(String(offset))
    await page.keyboard.type(digits)
  }
  await expect(page.locator('[data-kind="edits-waiting"]')).toContainText('3 edits wait')
  await explorer.goTo(String(PLACE + 5))
  writeElsewhere(file, PLACE + 8, 'zz')
  writeElsewhere(file, PLACE + 32, 'other')
  writeElsewhere(file, PLACE + 48, 'other')
  await page.screenshot({ path: testInfo.outputPath('lost.png') })

  await serve([file], ...options, ...audit, '--port', new URL(first.origin).port)
  await expect(page.getByTestId('banner')).toHaveCount(0)
  await explorer.expectRow(PLACE, ['AB', ...hexOf('ARK-AT-zzGIB-01')])
  await explorer.goTo(String(PLACE + 16))
  await explorer.expectRow(PLACE + 16, ['CD', ...Array(15).fill('00')])
  await expect.poll(() => dump(file, PLACE + 16, 2)).toEqual(['CD', '00'])
  for (const offset of [PLACE + 32, PLACE + 48]) {
    await explorer.goTo(String(offset))
    await explorer.expectRow(offset, [...hexOf('other'), ...Array(11).fill('00')])
    expect(dump(file, offset, 5)).toEqual(hexOf('other'))
  }
  // Both, with what was typed, for whoever was away when it happened.
  const told = page.getByTestId('notice').filter({ hasText: /not written/i })
  for (const text of ['0x140000020', 'E1', '0x140000030', 'E2']) await expect(told).toContainText(text)
  await page.screenshot({ path: testInfo.outputPath('reconnected.png') })
  expect(await traceOf(page)).toBe('left')
  await expect(explorer.status('mode')).not.toContainText(/read-only/i)

  // It is a whole tab still: what others do shows, and undo undoes.
  writeElsewhere(file, PLACE + 64, 'later')
  await explorer.goTo(String(PLACE + 64))
  await explorer.expectRow(PLACE + 64, [...hexOf('later'), ...Array(11).fill('00')])
})

for (const isStored of [true, false]) {
  test(`an edit whose answer the crash cut (${isStored ? 'stored' : 'not stored'}) is there once, and without a word`, async ({
    explorer,
    serve,
    folder,
  }) => {
    const { page } = explorer
    const file = path.join(folder, 'sparse.img')
    writeSparseFile(file, 6 * GiB, HUGE_MARKS.slice(0, 2))
    const options = ['--writable', '--token-file', path.join(folder, 'token')]
    const first = await serve([file], ...options)
    await explorer.open(first.link)
    await explorer.goTo(String(PLACE))
    await explorer.expectRow(PLACE, hexOf('MARK-AT-5-GIB-01'))
    let isCut = false
    await page.route('**/edits', async (route) => {
      if (isCut) return route.continue()
      isCut = true
      if (isStored) await route.fetch()
      await first.kill()
      await route.abort('connectionreset')
    })
    await page.keyboard.press('Tab')
    await page.keyboard.type('Z')
    await expect(page.locator('[data-kind="edits-waiting"]')).toContainText('1 edit waits')
    expect(dump(file, PLACE, 1)).toEqual([isStored ? '5A' : '4D'])
    await explorer.expectRow(PLACE, hexOf('ZARK-AT-5-GIB-01'))

    await serve([file], ...options, '--port', new URL(first.origin).port)
    await expect(page.getByTestId('banner')).toHaveCount(0)
    await expect.poll(() => dump(file, PLACE, 1)).toEqual(['5A'])
    await explorer.expectRow(PLACE, hexOf('ZARK-AT-5-GIB-01'))
    await expect(page.getByTestId('notice')).toHaveCount(0)
    // And it can be taken back, as any other.
    await page.keyboard.press('Control+z')
    await expect.poll(() => dump(file, PLACE, 1)).toEqual(['4D'])
  })
}
