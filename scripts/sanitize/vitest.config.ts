import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.mjs'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each test keeps both cores busy, and is about what happens when threads meet: not two at once.
    fileParallelism: false,
    reporters: ['default', ['json', { outputFile: '../../reports/sanitize.json' }]],
  },
})
