import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export interface ChildResult {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program of test/children in a process of its own: what it may die of must not end the run. It uses the build in dist/. */
export function runChild(name: string, ...args: string[]): Promise<ChildResult> {
  const script = fileURLToPath(new URL(`../children/${name}`, import.meta.url))
  return run(process.execPath, [script, ...args], '')
}

export async function run(command: string, args: readonly string[], input: string): Promise<ChildResult> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ])
  return { exitCode, signal, stdout, stderr }
}
