// Makes the README's pictures: the explorer on this machine's own node binary, light and dark, as a person sees it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromium } from '@playwright/test'
import { ensureBrowser } from './lib/browser.mjs'
import { build, ensureInstalled } from './lib/pnpm.mjs'
import { root } from './lib/root.mjs'

await ensureInstalled()
await build('@mapscope/server', '@mapscope/explorer')
const executablePath = await ensureBrowser()
const pictures = path.join(root, 'docs/pictures')
mkdirSync(pictures, { recursive: true })

const cli = path.join(root, 'packages/server/dist/cli.js')
const server = spawn(process.execPath, [cli, 'serve', process.execPath, '--port', '0'])
let output = ''
server.stdout.on('data', (data) => (output += data))
while (!/\?token=\S+/.test(output)) await once(server.stdout, 'data')
const link = /http:\/\/\S+\?token=\S+/.exec(output)[0]

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
for (const colorScheme of ['light', 'dark']) {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width: 1080, height: 640 },
    deviceScaleFactor: 2,
  })
  const page = await context.newPage()
  await page.goto(link)
  const grid = page.getByTestId('hexgrid')
  await grid.focus()
  // The first string table of an ELF file shows what the text column is for; a selection shows the status bar.
  await page.keyboard.press('Control+f')
  await page.getByRole('radio', { name: /^text/i }).check({ force: true })
  await page.getByTestId('find-input').fill('GLIBC_2')
  await page.getByTestId('find-input').press('Enter')
  await page.waitForTimeout(1500)
  await page.screenshot({ path: path.join(pictures, `explorer-${colorScheme}.png`) })
  await context.close()
}
await browser.close()
server.kill('SIGTERM')
