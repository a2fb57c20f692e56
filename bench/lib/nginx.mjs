import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { capture } from '../../scripts/lib/run.mjs'

const PROGRAM = '/usr/sbin/nginx'

/** nginx as it serves files best: sendfile, one worker, no log; on the files of one folder. Undefined where it cannot be had. */
export async function startNginx(folder, workFolder) {
  if (!existsSync(PROGRAM)) await install()
  if (!existsSync(PROGRAM)) return undefined
  // Its worker is another user.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const inWork = (name) => path.join(workFolder, name)
  writeFileSync(inWork('nginx.conf'), configuration({ folder, port, inWork }))
  const child = spawn(PROGRAM, ['-e', 'stderr', '-p', workFolder, '-c', inWork('nginx.conf')], { stdio: 'ignore' })
  await listening(port)
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'latin1').trim().split(' ')
  return {
    port,
    /** The worker's: the master does nothing. */
    pid: Number(children[0]),
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGQUIT')
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2_000))])
      child.kill('SIGKILL')
    },
  }
}

function configuration({ folder, port, inWork }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${inWork(name)};`)
    .join(' ')
  return `daemon off; worker_processes 1; pid ${inWork('nginx.pid')};
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/octet-stream; ${temporary}
  server { listen 127.0.0.1:${port}; root ${folder}; } }
`
}

async function install() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) => capture('apt-get', args, { env }).catch(() => undefined)
  await run('update')
  await run('install', '-y', '--no-install-recommends', 'nginx-light')
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function listening(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
    if (answer !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nginx does not listen')
}
