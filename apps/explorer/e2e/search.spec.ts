// Finding: the last mark of 15 TiB in seconds because holes are skipped; a long search can be stopped at once.
import path from 'node:path'
import { dump, GiB, HUGE_BYTE_LENGTH, HUGE_MARKS, writeDenseFile, writeSparseFile } from './files.ts'
import { expect, test } from './fixtures.ts'

test('the last mark of a 15 TiB file, forward, backward and as hex', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'huge.img')
  writeSparseFile(file, HUGE_BYTE_LENGTH, HUGE_MARKS)
  const server = await serve([file])
  await explorer.open(server.link)

  await explorer.find('text', 'MARK-AT-THE-END!')
  await explorer.expectRow(HUGE_BYTE_LENGTH - 16, dump(file, HUGE_BYTE_LENGTH - 16, 16))

  await explorer.find('text', 'MARK-AT-')
  await explorer.page.getByTestId('find-previous').click()
  await expect(explorer.status('offset')).toContainText(new RegExp((4 * 1024 ** 4).toString(16), 'i'))

  await explorer.find('hex', [...Buffer.from('5-GIB-01')].map((byte) => byte.toString(16)).join(' '))
  await expect(explorer.status('offset')).toContainText(new RegExp((5 * GiB + 8).toString(16), 'i'))
})

test('a hit at the caret is left for the next one, and the search goes round', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'three.bin')
  writeSparseFile(file, 4096, [
    { offset: 0x10, text: 'needle' },
    { offset: 0x200, text: 'needle' },
    { offset: 0xf00, text: 'needle' },
  ])
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.find('text', 'needle')
  for (const offset of ['10', '200', 'F00', '10']) {
    await expect(explorer.status('selection')).toContainText(new RegExp(`0x0*${offset}\\b`, 'i'))
    await explorer.page.getByTestId('find-next').click()
  }
})

test('what is not there is said to be not there', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  await explorer.find('hex', 'DE AD BE EF CA FE BA BE 01 23 45 67 89')
  await expect(explorer.page.getByTestId('find-status')).toContainText(/not found/i)
  await explorer.find('hex', '4D 5')
  await expect(explorer.page.getByTestId('find-status')).toContainText(/digit/i)
})

test('a long search shows how far it is and ends at once when cancelled', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'dense.img')
  writeDenseFile(file, 3 * GiB)
  const server = await serve([file])
  await explorer.open(server.link)
  await explorer.find('hex', '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01')
  const cancel = explorer.page.getByTestId('find-cancel')
  await expect(cancel).toBeVisible()
  const clicked = Date.now()
  await cancel.click()
  await expect(explorer.page.getByTestId('find-status')).toContainText(/cancelled/i)
  // Not a measurement (bench/ has those): a cancel that waited for the scan would take many times this.
  expect(Date.now() - clicked).toBeLessThan(3000)
  await explorer.goTo('0x100000')
  await explorer.expectRow(0x100000, Array(16).fill('00'))
})
