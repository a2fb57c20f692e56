import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test as base } from '@playwright/test'
import { Explorer } from './pages/explorer.ts'
import { type RunningServer, startServer } from './server.ts'

interface Fixtures {
  /** A folder of this test's own, gone after it. */
  readonly folder: string
  /** Starts `mapscope serve`; every server started is stopped after the test. */
  readonly serve: (paths: readonly string[], ...options: string[]) => Promise<RunningServer>
  readonly explorer: Explorer
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's destructuring to learn what a fixture needs.
  folder: async ({}, use) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'mapscope-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  // biome-ignore lint/correctness/noEmptyPattern: as above.
  serve: async ({}, use) => {
    const running: RunningServer[] = []
    await use(async (paths, ...options) => {
      const server = await startServer(paths, options)
      running.push(server)
      return server
    })
    await Promise.all(running.map((server) => server.stop()))
  },
  explorer: async ({ page }, use) => {
    await use(new Explorer(page))
  },
})

export { expect } from '@playwright/test'
