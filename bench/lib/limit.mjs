import { existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { root, toolsDirectory } from '../../scripts/lib/root.mjs'
import { capture } from '../../scripts/lib/run.mjs'

const source = path.join(root, 'bench/subjects/mmap_limit.c')
export const limitProgram = path.join(toolsDirectory, 'rivals', 'mmap_limit')

/** Compiles the C subject for this very processor. Returns why it cannot be had, or undefined. */
export async function prepareLimit() {
  if (existsSync(limitProgram) && statSync(limitProgram).mtimeMs >= statSync(source).mtimeMs) return undefined
  mkdirSync(path.dirname(limitProgram), { recursive: true })
  const args = ['-O3', '-march=native', '-o', limitProgram, source]
  const { code, output } = await capture(process.env.CC ?? 'cc', args).catch((error) => ({
    code: 1,
    output: `${error}`,
  }))
  return code === 0 ? undefined : `the C subject does not compile: ${output.trim().split('\n').at(0)}`
}
