import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { atEnd } from './at_end.ts'
import { temporaryFolder } from './temporary.ts'

export const CLI: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface ChildOptions {
  readonly uid?: number
  /** The Node it runs on. Default: this one. */
  readonly node?: string
  /** In a session of its own, with no terminal: as a service. */
  readonly isDetached?: boolean
}

/** The built command in a process of its own: what can die, dies there. Killed, by its own id, when the tests are done. */
export class Child {
  readonly process: ChildProcess
  readonly exited: Promise<number | NodeJS.Signals>
  output = ''
  errors = ''
  #wake: () => void = () => undefined

  private constructor(process: ChildProcess) {
    this.process = process
    process.stdout?.on('data', (data) => {
      this.output += String(data)
      this.#wake()
    })
    process.stderr?.on('data', (data) => {
      this.errors += String(data)
    })
    this.exited = new Promise((resolve) => process.once('close', (code, signal) => resolve(code ?? signal ?? -1)))
  }

  static run(args: readonly string[], { uid, isDetached = false, node = process.execPath }: ChildOptions = {}): Child {
    if (!existsSync(CLI)) throw new Error(`${CLI} is not built: run pnpm build in packages/server`)
    const identity = uid === undefined ? {} : { uid, gid: uid }
    // Not in the home of whoever runs the tests.
    const env = { ...process.env, XDG_STATE_HOME: temporaryFolder() }
    const child = new Child(
      spawn(node, [CLI, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env,
        detached: isDetached,
        ...identity,
      }),
    )
    atEnd(() => child.process.kill('SIGKILL'))
    return child
  }

  /** Port and token of the link, once it is printed. */
  async link(): Promise<{ port: number; token: string; host: string }> {
    for (const deadlineMs = Date.now() + 60_000; ; ) {
      const match = /https?:\/\/(\S+):(\d+)\/\?(?:token|code)=(\S+)/.exec(this.output)
      if (match !== null) return { host: match[1] ?? '', port: Number(match[2]), token: match[3] ?? '' }
      if (Date.now() > deadlineMs || this.process.exitCode !== null)
        throw new Error(`no link: ${this.output}${this.errors}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  get isAlive(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  /** Linux only: a number of `/proc/<pid>/status`, in bytes. */
  status(name: 'VmRSS' | 'RssAnon'): number {
    const text = readFileSync(`/proc/${this.process.pid}/status`, 'utf8')
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024
  }

  /** Linux only: the mappings of one file, as `r--s 00000000`. */
  mappings(path: string): string[] {
    const lines = readFileSync(`/proc/${this.process.pid}/maps`, 'utf8').split('\n')
    return lines.filter((line) => line.endsWith(` ${path}`)).map((line) => line.split(/\s+/)[1] ?? '')
  }

  /** Linux only: the open flags of every descriptor of one file. */
  descriptorFlags(path: string): number[] {
    const folder = `/proc/${this.process.pid}`
    const fds = readdirSync(`${folder}/fd`).filter((fd) => readlinkSync(`${folder}/fd/${fd}`) === path)
    return fds.map((fd) =>
      Number.parseInt(/^flags:\s+(\d+)$/m.exec(readFileSync(`${folder}/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8),
    )
  }
}
