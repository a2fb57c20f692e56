import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const DIRECTORIES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']

export function pathOf(program: string): string | undefined {
  return DIRECTORIES.map((directory) => join(directory, program)).find(existsSync)
}

export interface Outcome {
  readonly code: number
  readonly output: Buffer
  readonly errors: string
}

/** Runs another's program to its end, or ends it after a minute. */
export function runProgram(program: string, args: readonly string[], cwd: string): Promise<Outcome> {
  const options = { cwd, encoding: 'buffer', maxBuffer: 256 * 1024 ** 2, timeout: 60_000 } as const
  return new Promise((resolve) => {
    execFile(pathOf(program) ?? program, args, options, (error, output, errors) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ code, output, errors: String(errors) })
    })
  })
}
