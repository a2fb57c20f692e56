import { readdirSync } from 'node:fs'
import path from 'node:path'
import { environment } from './pnpm.mjs'
import { root } from './root.mjs'
import { capture } from './run.mjs'

/** Every C++ source of the addon. */
export function nativeSources() {
  const directory = path.join(root, 'packages/native/src')
  const names = readdirSync(directory, { recursive: true }).map(String)
  return names.filter((name) => /\.(cc|h)$/.test(name)).map((name) => path.join(directory, name))
}

/** Formats the sources, or tells what is not formatted: clang-format's complaints, empty when there are none. */
export async function formatNative({ isWriting }) {
  const mode = isWriting ? ['-i'] : ['--dry-run', '-Werror']
  const { code, output } = await capture('clang-format', [...mode, ...nativeSources()], { env: environment })
  return code === 0 ? '' : output
}
