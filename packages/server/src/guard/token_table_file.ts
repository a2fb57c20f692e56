import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs'
import { because } from '../errno.ts'
import type { NamedToken } from './credentials.ts'
import { parseTokenTable, TokenTableError } from './token_table.ts'

const LOOK_INTERVAL_MS = 1_000
const MAX_BYTE_LENGTH = 1024 ** 2

/** A table of tokens in a file that only its owner may read. */
export class TokenTableFile {
  readonly #path: string
  #stamp: string | undefined
  #looking: NodeJS.Timeout | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** @throws TokenTableError when it cannot be read, is open to others, or holds something else. */
  read(): NamedToken[] {
    const fd = this.#open()
    try {
      const stats = fstatSync(fd)
      this.#stamp = stampOf(stats)
      assertPrivate(stats, this.#path)
      return parseTokenTable(readFileSync(fd, 'utf8'))
    } catch (error) {
      if (error instanceof TokenTableError) throw new TokenTableError(`${this.#path}: ${error.message}`)
      throw new TokenTableError(`${this.#path} cannot be read${because(error)}`, { cause: error })
    } finally {
      closeSync(fd)
    }
  }

  /**
   * Reads it again whenever it has changed, until `close`. A table that is gone lets nobody in; of one that is wrong the one
   * before stays in force, and `onError` says so.
   */
  watch(onTokens: (tokens: readonly NamedToken[]) => void, onError: (error: unknown) => void): void {
    this.#looking = setInterval(() => {
      const stamp = this.#look()
      if (stamp === this.#stamp) return
      this.#stamp = stamp
      try {
        onTokens(stamp === undefined ? [] : this.read())
      } catch (error) {
        onError(error)
      }
    }, LOOK_INTERVAL_MS).unref()
  }

  close(): void {
    clearInterval(this.#looking)
  }

  #open(): number {
    try {
      return openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK)
    } catch (error) {
      throw new TokenTableError(`${this.#path} cannot be read${because(error)}`, { cause: error })
    }
  }

  /** Polled: notifications of a file that editors replace are lost on most systems, and one stat a second costs nothing. */
  #look(): string | undefined {
    const stats = statSync(this.#path, { throwIfNoEntry: false })
    return stats === undefined ? undefined : stampOf(stats)
  }
}

function stampOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(':')
}

/** As ssh does with keys: a secret that others may read is none, and saying so late is saying so too late. */
function assertPrivate(stats: Stats, path: string): void {
  if (!stats.isFile()) throw new TokenTableError('it is not a file')
  if (stats.size > MAX_BYTE_LENGTH) throw new TokenTableError('it is too large for a table of tokens')
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
    throw new TokenTableError(`others than its owner may read or write it; run: chmod 600 ${JSON.stringify(path)}`)
  }
}
