import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'
import { capture } from '../../scripts/lib/run.mjs'

/** Builds `bench/subjects/<name>.c` into a folder; resolves to the program. */
export async function compileSubject(name, folder) {
  const program = path.join(folder, name)
  const { code, output } = await capture('cc', ['-O2', '-o', program, path.join(root, `bench/subjects/${name}.c`)])
  if (code !== 0) throw new Error(`cc could not build ${name}: ${output}`)
  return program
}
