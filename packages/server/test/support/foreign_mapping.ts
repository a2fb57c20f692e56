import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { atEnd } from './at_end.ts'

const PROGRAM = fileURLToPath(new URL('./store.py', import.meta.url))

/** Another process that stores into a file through its own mapping. */
export class ForeignMapping {
  readonly #process: ChildProcess
  readonly #lines: Interface
  readonly #waiting: (() => void)[] = []

  constructor(path: string) {
    this.#process = spawn('python3', [PROGRAM, path], { stdio: ['pipe', 'pipe', 'inherit'] })
    atEnd(() => this.#process.kill('SIGKILL'))
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })
    this.#lines.on('line', () => this.#waiting.shift()?.())
  }

  /** Resolves when the bytes are in memory, for everybody. */
  store(offset: number, bytes: Uint8Array): Promise<void> {
    this.#process.stdin?.write(`${offset} ${Buffer.from(bytes).toString('hex')}\n`)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }
}
