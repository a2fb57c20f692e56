import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Compiles with the compiler that built the addon; paths are relative to `test/`. Throws with the compiler's own words. */
export function compile(output: string, sources: readonly string[], flags: readonly string[]): string {
  const files = sources.map((source) => fileURLToPath(new URL(`../${source}`, import.meta.url)))
  const [compiler = 'g++', ...own] = (process.env['CXX'] ?? 'g++').split(' ')
  execFileSync(compiler, [...own, '-O1', ...flags, '-o', output, ...files], { stdio: 'pipe' })
  return output
}
