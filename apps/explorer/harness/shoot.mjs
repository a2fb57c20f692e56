// Pictures of the grid for the eye: `node harness/shoot.mjs OUTPUT_FOLDER [DPR…]` after `pnpm harness:build`.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchChromium, serveHarness } from './browser.mjs'

const END = 15 * 2 ** 40
const SCENES = {
  top: { query: 'rows=24&columns=16&content=binary&length=1000003' },
  end: { query: `rows=24&columns=16&content=binary&length=${END - 5}`, at: END - 8 },
  selection: { query: 'rows=24&columns=16&content=binary&editable', select: [0x4b, 0xd2] },
  'selection-text': { query: 'rows=24&columns=16&content=random', select: [0x9c, 0x35], pane: 'text' },
  unread: { query: 'rows=24&columns=16&content=unread' },
  mixed: { query: 'rows=30&columns=16&content=mixed&marks&editable', select: [0x84, 0x84] },
  current: { query: 'rows=24&columns=16&content=binary&marks', select: [0x44, 0x4b] },
  empty: { query: 'rows=6&columns=16&length=0' },
  wide: { query: 'rows=60&columns=32&content=binary' },
}

const [folder = 'shots', ...ratios] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const server = await serveHarness()
try {
  for (const ratio of ratios.length > 0 ? ratios : ['1', '2', '3']) await shootAll(ratio)
} finally {
  server.close()
}

async function shootAll(ratio) {
  const browser = await launchChromium(ratio)
  try {
    const page = await browser.newPage({ viewport: null })
    page.on('pageerror', (error) => console.error('page error:', error.message))
    for (const theme of ['light', 'dark']) {
      for (const [name, scene] of Object.entries(SCENES)) {
        await page.goto(`${server.url}?${scene.query}&theme=${theme}`)
        await page.waitForFunction(() => (globalThis.mapscope?.grid?.frames ?? 0) > 0)
        await page.evaluate(arrange, { at: scene.at, select: scene.select, pane: scene.pane ?? 'hex' })
        await page
          .locator('#root')
          .screenshot({ path: join(folder, `${name}-${theme}-${ratio}x.png`), scale: 'device' })
      }
    }
  } finally {
    await browser.close()
  }
}

async function arrange({ at, select, pane }) {
  const { view, selection } = globalThis.harness
  document.querySelector('[data-testid=hexgrid]').focus({ focusVisible: false })
  if (at !== undefined) {
    view.setState({ topRow: Number.MAX_SAFE_INTEGER, subRowPx: 0 })
    selection.setState({ anchor: at, focus: at, pane })
  }
  if (select) selection.setState({ anchor: select[0], focus: select[1], pane, nibble: 'low' })
  const frames = globalThis.mapscope.grid.frames
  await new Promise((resolve) => setTimeout(resolve, 80))
  if (globalThis.mapscope.grid.frames === frames) throw new Error('Nothing was painted after the scene was arranged.')
}
