import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Builds the harness once for a run, so that what is tested is what the sources say now. */
export default async function buildHarness(): Promise<void> {
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'warn' })
}
