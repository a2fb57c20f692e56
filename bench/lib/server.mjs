import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/lib/root.mjs'

/** The real `mapscope serve` in a process of its own, with what a program needs to talk to it. */
export async function startServer(paths, options = []) {
  const cli = path.join(root, 'packages/server/dist/cli.js')
  const child = spawn(process.execPath, [cli, 'serve', ...paths, '--port', '0', '--state', 'none', ...options])
  let output = ''
  child.stdout.on('data', (data) => (output += data))
  while (!/\?token=\S+/.test(output)) await once(child.stdout, 'data')
  const link = new URL(/http:\/\/\S+\?token=\S+/.exec(output)[0])
  const headers = { authorization: `Bearer ${link.searchParams.get('token')}` }
  return {
    link: link.href,
    origin: link.origin,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    headers,
    pid: child.pid,
    rssMiB: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))[1]) / 1024,
    open: async (wirePath) => {
      const response = await fetch(`${link.origin}/api/v1/documents`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ path: wirePath }),
      })
      if (!response.ok) throw new Error(`could not open ${wirePath}: ${await response.text()}`)
      return response.json()
    },
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
