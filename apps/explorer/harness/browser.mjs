import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'

const BUILT = fileURLToPath(new URL('../node_modules/.cache/harness/', import.meta.url))
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves the built harness (`pnpm harness:build`) on a free port; answers its address and how to stop it. */
export async function serveHarness() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://harness').pathname)
    const file = join(BUILT, path === '/' ? 'index.html' : path)
    const stream = createReadStream(file)
    stream.on('error', () => response.writeHead(404).end())
    stream.on('open', () => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }))
    stream.pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

/**
 * A real browser at a real device pixel ratio: Playwright's emulated one hides the height limits of native scrolling. Open pages
 * with `viewport: null`, or Playwright emulates ratio 1 on top.
 */
export function launchChromium(devicePixelRatio) {
  return chromium.launch({
    executablePath: process.env.MAPSCOPE_BROWSER ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--window-size=1500,1260',
      `--force-device-scale-factor=${devicePixelRatio}`,
    ],
  })
}
