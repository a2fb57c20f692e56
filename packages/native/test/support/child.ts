import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ChildOptions {
  readonly node?: string
  readonly execArgv?: readonly string[]
  readonly uid?: number
  /** A command that the child runs under, as `['unshare', '-m']`. */
  readonly under?: readonly string[]
  readonly timeoutMs?: number
}

export interface ChildResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `test/children/<name>`, which uses the build in `dist/`. One that hangs is ended with SIGKILL, which shows as its signal. */
export function runChild(name: string, args: readonly string[], options: ChildOptions = {}): Promise<ChildResult> {
  const script = fileURLToPath(new URL(`../children/${name}`, import.meta.url))
  const node = [options.node ?? process.execPath, ...(options.execArgv ?? []), script, ...args]
  const [command = '', ...rest] = [...(options.under ?? []), ...node]
  const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...identity })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 20_000)
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece
  })
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}

/** What a child that ends well printed last, as JSON. Throws with everything it said when it did not end well. */
export async function childAnswer(name: string, args: readonly string[], options: ChildOptions = {}): Promise<unknown> {
  const result = await runChild(name, args, options)
  if (result.code !== 0) throw new Error(`${name} ${args.join(' ')} ended badly: ${JSON.stringify(result)}`)
  const last = result.stdout.trim().split('\n').at(-1) ?? ''
  return JSON.parse(last)
}
