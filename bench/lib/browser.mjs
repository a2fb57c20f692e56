import { chromium } from '@playwright/test'
import { ensureBrowser } from '../../scripts/lib/browser.mjs'

let executablePath

/** Headless Chromium on software raster, with the real device pixel ratio: the worst machine we promise anything for. */
export async function launch({ ratio = 1, width = 1280, height = 800 } = {}) {
  executablePath ??= await ensureBrowser()
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  const browser = await chromium.launch({
    executablePath,
    args: [...args, `--force-device-scale-factor=${ratio}`, `--window-size=${width},${height}`],
  })
  return browser
}
