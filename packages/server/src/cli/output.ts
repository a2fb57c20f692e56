import type { Writable } from 'node:stream'
import { UsageError } from './usage_error.ts'

/** Lines are handed on in pieces of this size: one write for each would take longer than finding what they say. */
const PIECE_LENGTH = 65_536

/**
 * What a pipe takes whole or not at all (PIPE_BUF): whole lines in writes no longer than this leave no half line behind, whenever the command is ended
 * and however slow its reader. A line that is longer can still be cut.
 */
const ATOMIC_BYTE_LENGTH = 4096
const LINE_END = 0x0a

/** Whoever read the output has gone, as `head` does when it has seen enough. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed'
}

/** Standard output, buffered, and never more of it than a piece ahead of its reader: a hundred million lines take no memory. */
export class Output {
  readonly #stream: Writable
  readonly #beforeWrite: () => void
  #lines: string[] = []
  #length = 0
  #error: Error | undefined
  #wake: () => void = () => undefined

  constructor(stream: Writable, beforeWrite: () => void) {
    this.#stream = stream
    this.#beforeWrite = beforeWrite
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.#error = error.code === 'EPIPE' || error.code === 'EOF' ? new OutputClosed() : unwritable(error)
      this.#wake()
    })
    stream.on('drain', () => this.#wake())
  }

  /** A promise only when the reader must be waited for: awaiting nothing a hundred million times would take ten seconds. */
  line(text: string): Promise<void> | undefined {
    this.#lines.push(text)
    this.#length += text.length + 1
    return this.#length < PIECE_LENGTH ? undefined : this.flush()
  }

  /** Hands on what there is; resolves when there is room for more. @throws OutputClosed, or `ERR_OUTPUT` as for a full disk. */
  async flush(): Promise<void> {
    if (this.#error !== undefined) throw this.#error
    if (this.#lines.length === 0) return
    const piece = Buffer.from(`${this.#lines.join('\n')}\n`)
    this.#lines = []
    this.#length = 0
    this.#beforeWrite()
    if (!this.#write(piece)) await this.#room()
    if (this.#error !== undefined) throw this.#error
  }

  /** Resolves when all has reached the system. */
  async end(): Promise<void> {
    await this.flush()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#stream.write('', () => resolve())
    })
    if (this.#error !== undefined) throw this.#error
  }

  /** Whether there is room for more. */
  #write(piece: Buffer): boolean {
    let hasRoom = true
    for (let start = 0; start < piece.length; ) {
      const lastEnd = piece.lastIndexOf(LINE_END, start + ATOMIC_BYTE_LENGTH - 1)
      const end = 1 + (lastEnd < start ? piece.indexOf(LINE_END, start) : lastEnd)
      hasRoom = this.#stream.write(piece.subarray(start, end))
      start = end
    }
    return hasRoom
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
      if (this.#error !== undefined) resolve()
    })
  }
}

function unwritable(error: NodeJS.ErrnoException): UsageError {
  const message = `the output cannot be written (${error.code ?? error.message}); see to where it goes`
  return new UsageError('ERR_OUTPUT', message, error)
}
