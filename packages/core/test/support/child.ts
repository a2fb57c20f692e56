import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** No child takes as long, unless it spins; and each test has a limit of its own. */
const LIMIT_MS = 120_000

export interface ChildResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface ChildOptions {
  readonly node?: string
  readonly execArgv?: readonly string[]
  /** A command that the child runs under. */
  readonly under?: readonly string[]
}

/**
 * Runs a program of test/children in a process of its own: what it may die of must not end the run. It uses the build in dist/. One that hangs is
 * ended with SIGKILL, which shows as its signal.
 */
export function runChild(name: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  const script = fileURLToPath(new URL(`../children/${name}`, import.meta.url))
  const node = [options.node ?? process.execPath, ...(options.execArgv ?? []), script, ...args]
  const [command = '', ...rest] = [...(options.under ?? []), ...node]
  return run(command, rest, '')
}

/** What a child that ends well printed, as JSON. @throws everything it said when it did not end well. */
export async function childAnswer(name: string, args: readonly string[], options: ChildOptions = {}): Promise<unknown> {
  const result = await runChild(name, args, options)
  if (result.exitCode !== 0) throw new Error(`${name} ${args.join(' ')} ended badly: ${JSON.stringify(result)}`)
  return JSON.parse(result.stdout)
}

export async function run(command: string, args: readonly string[], input: string): Promise<ChildResult> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS)
  child.once('close', () => clearTimeout(timer))
  child.stdin.end(input)
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  return { exitCode, signal, stdout, stderr }
}
