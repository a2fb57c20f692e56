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
}

export async function startServer(paths: readonly string[], options: readonly string[] = []): Promise<RunningServer> {
  const child = spawn(process.execPath, [CLI, 'serve', ...paths, '--port', '0', '--state', 'none', ...options])
  let output = ''
  child.stdout.on('data', (data) => (output += String(data)))
  child.stderr.on('data', (data) => (output += String(data)))
  const link = await linkOf(child, () => output)
  const url = new URL(link)
  return {
    link,
    origin: url.origin,
    token: url.searchParams.get('token') ?? '',
    pid: child.pid ?? 0,
    output: () => output,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
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
