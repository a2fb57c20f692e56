import { existsSync } from 'node:fs'
import path from 'node:path'
import { capture } from './run.mjs'
import { say } from './say.mjs'

/** The programs that `packages/server/test/clients.test.ts` asks the server with, and Debian's packages of them. */
const PACKAGE_OF = {
  curl: 'curl',
  wget: 'wget',
  aria2c: 'aria2',
  lftp: 'lftp',
  nbdkit: 'nbdkit',
  nbdinfo: 'libnbd-bin',
  nbdfuse: 'libnbd-bin',
  fusermount3: 'fuse3',
  'qemu-img': 'qemu-utils',
  ffmpeg: 'ffmpeg',
  ffprobe: 'ffmpeg',
  fls: 'sleuthkit',
  icat: 'sleuthkit',
  'mkfs.ext4': 'e2fsprogs',
  python3: 'python3',
}

/** Installs by apt those that are missing, where that can be done; says which stay missing: their cases are left out. */
export async function ensureClients() {
  const missing = absent()
  if (missing.length > 0 && existsSync('/usr/bin/apt-get')) await install(missing)
  const left = absent()
  if (left.length > 0) say(`the server is not tested with ${left.join(', ')}: not here, and apt could not install them`)
}

function absent() {
  const directories = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/sbin']
  const isHere = (program) => directories.some((directory) => existsSync(path.join(directory, program)))
  return Object.keys(PACKAGE_OF).filter((program) => !isHere(program))
}

async function install(programs) {
  const packages = [...new Set(programs.map((program) => PACKAGE_OF[program]))]
  say(`installing ${packages.join(', ')} with apt-get`)
  const apt = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) =>
    capture(apt[0], [...apt.slice(1), ...args], { env, timeout: 300_000 }).catch(() => ({ code: 1 }))
  await run('update')
  // One by one when not all can be had: a missing package would otherwise cost the others.
  const all = await run('install', '-y', '--no-install-recommends', ...packages)
  if (all.code === 0) return
  for (const name of packages) await run('install', '-y', '--no-install-recommends', name)
}
