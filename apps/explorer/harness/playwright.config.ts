import { defineConfig } from '@playwright/test'
import explorer from '../playwright.config.ts'

const at = (name: string) => ({
  ...explorer.projects?.find((project) => project.name === name),
  testMatch: '*.spec.ts',
})

/** The grid alone in a real browser: `pnpm harness:test`. Same browser and switches as the explorer's end-to-end tests. */
export default defineConfig({
  ...explorer,
  testDir: '.',
  outputDir: '../test-results/harness',
  reporter: [['list'], ['json', { outputFile: '../reports/playwright-harness.json' }]],
  globalSetup: './build.ts',
  projects: [at('ratio 1'), at('ratio 2')],
})
