import { defineConfig } from '@playwright/test'

const executablePath = process.env['MAPSCOPE_BROWSER'] ?? '/usr/bin/chromium'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * The device pixel ratio is the real one, a switch of the browser: Playwright's `deviceScaleFactor` only emulates it and would hide
 * the limits that shrink with it. `viewport: null` is what turns the emulation off.
 */
const atRatio = (ratio: number) => ({
  viewport: null,
  launchOptions: {
    executablePath,
    args: [...quiet, `--force-device-scale-factor=${ratio}`, '--window-size=1280,800'],
  },
})

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  // Every test has a server and a browser of its own, and one of them alone leaves half of CI's two cores idle.
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: 'reports/playwright.json' }]],
  use: { trace: 'retain-on-failure', screenshot: 'only-on-failure', ...atRatio(1) },
  projects: [
    { name: 'chromium', testIgnore: 'reach.spec.ts' },
    { name: 'ratio 1', testMatch: 'reach.spec.ts', use: atRatio(1) },
    { name: 'ratio 2', testMatch: 'reach.spec.ts', use: atRatio(2) },
    { name: 'ratio 3', testMatch: 'reach.spec.ts', use: atRatio(3) },
  ],
})
