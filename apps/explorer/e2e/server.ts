import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../packages/server/dist/cli.js', import.meta.url))

/** The real command, in a process of its own. */
export interface RunningServer {
  /** The link it printed, token included. */
  readonly link: string
  readonly origin: string
  readonly token: string
  readonly pid: number
  /** All it has written so far. */
  output(): string
  isAlive(): boolean
  stop(): Promise<void>
  /** As a crash ends it: nothing is finished, nobody is told. */
  kill(): Promise<void>
}

export async function startServer(paths: readonly string[], options: readonly string[] = []): Promise<RunningServer> {
  // Unless a test wants a certain port, and its state kept.
  const port = options.includes('--port') ? [] : ['--port', '0']
  const state = options.includes('--state') ? [] : ['--state', 'none']
  const child = spawn(process.execPath, [CLI, 'serve', ...paths, ...port, ...state, ...options])
  let output = ''
  child.stdout.on('data', (data) => (output += String(data)))
  child.stderr.on('data', (data) => (output += String(data)))
  const link = await linkOf(child, () => output)
  const url = new URL(link)
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  return {
    link,
    origin: url.origin,
    token: url.searchParams.get('token') ?? '',
    pid: child.pid ?? 0,
    output: () => output,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function linkOf(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const link = /http:\/\/\S+\?token=\S+/.exec(output())?.[0]
    if (link !== undefined) return link
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`the server printed no link:\n${output()}`)
}
