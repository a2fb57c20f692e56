import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['test/**/*.test.mjs'],
    globalSetup: ['lib/consumer_setup.mjs'],
    // Vitest's own number is one on CI's two cores, and most of these wait for programs that use one.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: '../reports/scripts.json' }]],
  },
})
