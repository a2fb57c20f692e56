// Editing through a shared mapping: what one tab types is on disk, in the other tab, and comes back on undo.
import { copyFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { dump, GiB, HUGE_MARKS, writeSparseFile } from './files.ts'
import { expect, test } from './fixtures.ts'
import { Explorer } from './pages/explorer.ts'

test('two browsers: a byte typed in one appears in the other and on disk, and undo brings it back', async ({
  browser,
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'node-copy')
  copyFileSync(process.execPath, file)
  const original = readFileSync(file)
  const server = await serve([file], '--writable')
  const other = new Explorer(await (await browser.newContext({ viewport: null })).newPage())
  await explorer.open(server.link)
  await other.open(server.link)
  await explorer.expectRow(0, dump(file, 0, 16))
  await other.expectRow(0, dump(file, 0, 16))

  await explorer.page.keyboard.type('AB')
  await expect.poll(() => dump(file, 0, 1)).toEqual(['AB'])
  await explorer.expectRow(0, dump(file, 0, 16))
  await other.expectRow(0, dump(file, 0, 16))
  await expect(explorer.status('revision')).toHaveText(/[2-9]/)

  await explorer.page.keyboard.press('Control+z')
  await expect.poll(() => dump(file, 0, 16)).toEqual(hexOf(original.subarray(0, 16)))
  await other.expectRow(0, hexOf(original.subarray(0, 16)))
  await explorer.expectRow(0, hexOf(original.subarray(0, 16)))
  await expect.poll(() => readFileSync(file).equals(original)).toBe(true)
  await other.page.context().close()
})

test('text typed past 4 GiB lands where the caret is, and nowhere else', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'sparse.img')
  writeSparseFile(file, 6 * GiB, HUGE_MARKS.slice(0, 2))
  const server = await serve([file], '--writable')
  await explorer.open(server.link)
  await explorer.goTo(String(5 * GiB))
  await explorer.row(5 * GiB)
  await explorer.page.keyboard.press('Tab')
  await explorer.page.keyboard.type('Typed')
  await expect.poll(() => dump(file, 5 * GiB, 16)).toEqual(hexOf(Buffer.from('TypedAT-5-GIB-01')))
  expect(dump(file, 0, 16)).toEqual(hexOf(Buffer.from('MARK-AT-START-00')))
  expect(dump(file, GiB, 16)).toEqual(Array(16).fill('00'))
})

test('without --writable nothing typed reaches the file, and the mapping itself is read-only', async ({
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'evidence.bin')
  copyFileSync(process.execPath, file)
  const before = readFileSync(file)
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.row(0)
  await expect(explorer.status('mode')).toContainText(/read-only/i)
  await explorer.page.keyboard.type('FF')
  await expect(explorer.page.getByText(/--writable/).first()).toBeVisible()
  expect(readFileSync(file).equals(before)).toBe(true)

  const maps = readFileSync(`/proc/${server.pid}/maps`, 'latin1').split('\n')
  const ours = maps.filter((line) => line.endsWith(file))
  expect(ours.length).toBeGreaterThan(0)
  for (const line of ours) expect(line).toMatch(/ r--s /)
})

function hexOf(bytes: Uint8Array): string[] {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase())
}
