import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOurs, makeRuntimeFolder, runtimeFolder } from './runtime_folder.ts'

/** What a server says of itself to its own user's other programs. */
export interface RunningServer {
  readonly url: string
  readonly token: string
  /** PEM, where it is believed for no other reason than that it stands here. */
  readonly certificate?: string | undefined
  readonly pid: number
  /** When that process began, as the system counts it: process numbers are used again. Absent where it does not tell. */
  readonly startedAt?: string
}

/** Says that a server runs here, until the returned function is called. Nothing depends on it: where it cannot be written, it is not. */
export function announce(
  server: Pick<RunningServer, 'url' | 'token' | 'certificate'>,
  environment: NodeJS.ProcessEnv,
): () => void {
  const folder = runtimeFolder(environment)
  if (!makeRuntimeFolder(folder)) return () => undefined
  const file = join(folder, `${new URL(server.url).port || '80'}.json`)
  const startedAt = startOf(process.pid)
  const content = { ...server, pid: process.pid, ...(startedAt === undefined ? {} : { startedAt }) }
  try {
    // Anew, not over what is there: that may be a link, or readable to others.
    rmSync(file, { force: true })
    writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' })
  } catch {
    return () => undefined
  }
  return () => rmSync(file, { force: true })
}

/** This user's servers, the one that was started last first; what a crash left behind is removed. */
export function runningServers(environment: NodeJS.ProcessEnv): RunningServer[] {
  const folder = runtimeFolder(environment)
  if (!isOurs(folder)) return []
  const files = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name))
  const servers = files.flatMap((name) => readServer(join(folder, name)) ?? [])
  return servers.sort((a, b) => Number(b.startedAt ?? 0) - Number(a.startedAt ?? 0) || b.pid - a.pid)
}

function readServer(file: string): RunningServer | undefined {
  if (!isOurs(file)) return undefined
  try {
    const server = JSON.parse(readFileSync(file, 'utf8')) as RunningServer
    if (typeof server.url === 'string' && typeof server.token === 'string' && isRunning(server)) return server
  } catch {
    // Half written, or not ours: as good as none.
  }
  rmSync(file, { force: true })
  return undefined
}

function isRunning({ pid, startedAt }: RunningServer): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  return startedAt === undefined || startOf(pid) === startedAt
}

/** Field 22 of /proc/<pid>/stat, in ticks since the system began; the name before it may hold anything, blanks and brackets too. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
