import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { run } from '../../support/child.ts'
import type { Answer, Task } from './task.ts'

const SCRIPT = fileURLToPath(new URL('python_mmap.py', import.meta.url))
/** Another Python can be asked, as a newer one. */
export const PYTHON: string = process.env['MAPSCOPE_PYTHON'] ?? 'python3'

/** The first answer of each task is what making the map gave: its length or a code. */
export async function pythonAnswers(tasks: readonly Task[]): Promise<Answer[][]> {
  const { stdout, stderr, signal } = await run(PYTHON, ['-B', SCRIPT], JSON.stringify(tasks))
  expect([stderr, signal]).toEqual(['', null])
  return JSON.parse(stdout)
}
