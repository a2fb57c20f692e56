import { execFile } from 'node:child_process'
import { Child } from './child.ts'

export interface Ended {
  readonly status: number | NodeJS.Signals
  readonly output: string
  readonly errors: string
}

/** Runs the built command to its end. */
export async function mapscope(...args: readonly string[]): Promise<Ended> {
  const child = Child.run(args)
  const status = await child.exited
  return { status, output: child.output, errors: child.errors }
}

/** Lines of standard output, without the last line's end. */
export function linesOf({ output }: Ended): string[] {
  return output === '' ? [] : output.replace(/\n$/, '').split('\n')
}

/** What another program prints, whatever its exit status. */
export function outputOf(program: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 2 ** 30, encoding: 'latin1', env: { ...process.env, LC_ALL: 'C' } } as const
    execFile(program, args, options, (error, stdout) => {
      if (error !== null && typeof error.code !== 'number') reject(error)
      else resolve(stdout)
    })
  })
}

/** An answer that must be an error of this code: one line, no stack. */
export function isError({ status, output, errors }: Ended, code: string): boolean {
  const first = errors.split('\n')[0] ?? ''
  return status === 2 && output === '' && first.startsWith(`mapscope: ${code}: `) && !errors.includes('    at ')
}
