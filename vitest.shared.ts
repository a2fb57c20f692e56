import { fileURLToPath } from 'node:url'
import { LongestFirst } from './vitest.longest_first.ts'

// Read by every package's vitest.config.ts: workspace imports run from source, so a test never sees a stale build.
// Children that a test spawns run the build in dist/, which is why turbo builds before it tests.
const name: string = process.env['npm_package_name'] ?? 'unnamed'

/** TypeBox as it is built and shipped: from its own 683 modules, each test file's process took 0.4 s of processor time to load it. */
const typebox = {
  find: /^(?:\.{1,2}\/typebox\.ts|@mapscope\/protocol\/typebox)$/,
  replacement: fileURLToPath(new URL('packages/protocol/dist/typebox.js', import.meta.url)),
}

export const shared = {
  resolve: { conditions: ['@mapscope/source'], alias: [typebox] },
  ssr: { resolve: { conditions: ['@mapscope/source'], externalConditions: ['@mapscope/source'] } },
  test: {
    // Forks, not threads: a fault in the addon must end one file's process, not the run.
    pool: 'forks' as const,
    // Loaded by Node, not transformed.
    server: { deps: { external: [/\/protocol\/dist\/typebox\.js$/] } },
    // Many tests wait for children, sockets and disks: two files at a time take two thirds of the time on CI's two cores. (`npm test` gives a suite
    // one that has another beside it.)
    maxWorkers: Number(process.env['MAPSCOPE_TEST_WORKERS'] ?? 2),
    sequence: { sequencer: LongestFirst },
    include: ['test/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]] as [
      'default',
      ['json', { outputFile: string }],
    ],
    name,
  },
}
