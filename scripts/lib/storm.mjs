import path from 'node:path'
import { root } from './root.mjs'
import { buildSanitized } from './sanitized_addon.mjs'
import { runSanitized } from './sanitized_run.mjs'

const main = path.join(root, 'packages/native/test/storm/main.mjs')

/** One run of packages/native/test/storm against the sanitized addon, which is built first when it is not there. */
export async function storm({ seed, steps, node = process.execPath, without = '' }) {
  const { folder, addon } = await buildSanitized()
  const options = ['--package', folder, '--seed', String(seed), '--steps', String(steps), '--without', without]
  const ended = await runSanitized(['--expose-gc', main, ...options], { node, modules: [path.basename(addon)] })
  return { ...ended, addon }
}
