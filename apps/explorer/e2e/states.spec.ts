// What is no plain file, or cannot be read, is answered in words; the rest of the folder stays usable.
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from './fixtures.ts'

test('a folder with an empty file, a pipe, a link out and a sub-folder', async ({ explorer, serve, folder }) => {
  writeFileSync(path.join(folder, 'empty.bin'), '')
  writeFileSync(path.join(folder, 'plain.bin'), 'plain bytes')
  mkdirSync(path.join(folder, 'deeper'))
  writeFileSync(path.join(folder, 'deeper', 'inside.bin'), 'inside')
  execFileSync('mkfifo', [path.join(folder, 'pipe')])
  symlinkSync('/etc/passwd', path.join(folder, 'escape'))
  const server = await serve([folder])
  const { page } = explorer
  await page.goto(server.link)
  const row = (name: string) => page.getByTestId('file-row').filter({ hasText: name })
  if ((await row('plain.bin').count()) === 0) await row(path.basename(folder)).first().click()

  for (const name of ['empty.bin', 'plain.bin', 'deeper', 'pipe', 'escape']) await expect(row(name)).toBeVisible()
  await row('pipe').click()
  await expect(page.getByText(/pipe/i).last()).toBeVisible()
  await expect(page.getByTestId('document-name')).toHaveCount(0)

  await row('deeper').click()
  await expect(row('inside.bin')).toBeVisible()
  await row('inside.bin').click()
  await expect(page.getByTestId('document-name')).toContainText('inside.bin')
  await explorer.expectRow(
    0,
    [...Buffer.from('inside')].map((byte) => byte.toString(16).toUpperCase()),
  )
})

test('an empty file opens, and says that it is empty', async ({ explorer, serve, folder }) => {
  const file = path.join(folder, 'empty.bin')
  writeFileSync(file, '')
  const server = await serve([file])
  await explorer.page.goto(server.link)
  await expect(explorer.page.getByTestId('document-name')).toContainText('empty.bin')
  await expect(explorer.page.getByText(/empty/i).last()).toBeVisible()
})

test('without the token there is a page that says what to do, and no byte', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.page.goto(server.origin)
  await expect(explorer.page.getByText(/link/i).first()).toBeVisible()
  const answer = await explorer.page.request.get(`${server.origin}/api/v1/files`)
  expect(answer.status()).toBe(401)
})

test('the token leaves the address, and a reload keeps the session', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  expect(explorer.page.url()).not.toContain('token')
  await explorer.page.reload()
  await expect(explorer.page.getByTestId('document-name')).toBeVisible()
})

test('when the server goes, the tab says so', async ({ explorer, serve }) => {
  const server = await serve([process.execPath])
  await explorer.open(server.link)
  await explorer.row(0)
  await server.stop()
  await expect(explorer.page.getByTestId('banner')).toContainText(/connection|server/i)
})
