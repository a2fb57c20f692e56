// Finding: the last mark of 15 TiB in seconds because holes are skipped; a long search can be stopped at once.
import path from 'node:path'
import { dump, GiB, HUGE_BYTE_LENGTH, HUGE_MARKS, writeSparseFile } from './files.ts'
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

test('past 4 GiB: bytes with wildcards and gaps, text by encoding and case, a range of numbers, an expression', async ({
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'kinds.img')
  const place = 5 * GiB
  // Key-0042; f64 1234.5, “Größe” in UTF-16.
  const bytes = Buffer.alloc(32)
  bytes.write('Key-0042;', 0, 'latin1')
  bytes.writeDoubleBE(1234.5, 9)
  bytes.write('Größe', 17, 'utf16le')
  writeSparseFile(file, 6 * GiB, [{ offset: place, text: bytes.toString('latin1') }])
  const server = await serve([file])
  await explorer.open(server.link)
  const selected = (start: number, end: number): Promise<void> =>
    expect(explorer.status('selection')).toContainText(
      new RegExp(`0x0*${start.toString(16)} – 0x0*${(end - 1).toString(16)}`, 'i'),
    )

  await explorer.find('hex', '4B ?? 7? [2-6] 3B')
  await selected(place, place + 9)

  await explorer.find('text', 'gRÖSS', false)
  await explorer.page.getByTestId('find-encoding').selectOption('utf-16le')
  await explorer.find('text', 'gRÖße')
  await expect(explorer.page.getByTestId('find-status')).toContainText(/not found/i)
  await explorer.page.getByTestId('find-case').click()
  await explorer.page.getByTestId('find-next').click()
  await selected(place + 17, place + 27)

  await explorer.find('number', '1234.4..1234.6', false)
  await explorer.page.getByTestId('find-number-type').selectOption('f64')
  await explorer.page.getByTestId('find-byte-order').selectOption('big')
  await explorer.page.getByTestId('find-previous').click()
  await selected(place + 9, place + 17)

  await explorer.find('regex', '(?<=\\0)key-\\d+(?=;)')
  await selected(place, place + 8)
  await expect(explorer.page.getByTestId('find-status')).toContainText(/from the start of the file|^Found$/)
})

test('what is no query is said as it is typed, and nothing is asked', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  const status = explorer.page.getByTestId('find-status')
  await explorer.find('regex', '(open', false)
  await expect(status).toContainText(/unterminated group/i)
  await explorer.find('number', '300', false)
  await explorer.page.getByTestId('find-number-type').selectOption('u8')
  await expect(status).toContainText(/300 is no u8, which goes from 0 to 255/)
  await expect(explorer.page.getByTestId('find-byte-order')).toBeDisabled()
  await explorer.find('hex', '4D ?? [2-', false)
  await expect(status).toHaveAttribute('data-outcome', 'problem')
  await explorer.find('text', 'ELF', false)
  await expect(status).toHaveAttribute('data-outcome', 'idle')
})

test('what is not there is said to be not there', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  await explorer.find('hex', 'DE AD BE EF CA FE BA BE 01 23 45 67 89')
  await expect(explorer.page.getByTestId('find-status')).toContainText(/not found/i)
  await explorer.find('hex', '4D 5')
  await expect(explorer.page.getByTestId('find-status')).toContainText(/digit/i)
})

test('a search that never ends by itself shows that it runs, ends at once when cancelled, and the next one is found', async ({
  explorer,
  serve,
  folder,
}) => {
  const file = path.join(folder, 'bad.img')
  writeSparseFile(file, 5 * GiB, [{ offset: 0, text: `${'a'.repeat(5000)}b` }])
  const server = await serve([file])
  await explorer.open(server.link)
  // A scan of gigabytes may be over before anybody clicks.
  await explorer.find('regex', '(?:a+)+c')
  const cancel = explorer.page.getByTestId('find-cancel')
  await expect(cancel).toBeVisible()
  await expect(explorer.page.getByTestId('find-status')).toContainText(/of 5 GiB searched/)
  await cancel.click()
  await expect(explorer.page.getByTestId('find-status')).toContainText(/cancelled/i)
  await explorer.goTo('0x100000')
  await explorer.expectRow(0x100000, Array(16).fill('00'))
  await explorer.find('regex', 'a{3}b')
  await expect(explorer.status('selection')).toContainText(/0x0*1385 – 0x0*1388/i)
})
