import { type ByteRange, isMapscopeError, MapscopeError } from '../shared/index.ts'
import type { SearchOptions } from './options.ts'
import { Unreadable } from './unreadable.ts'

/** Whether a search saw everything: counts the hits given, and says at the end what could not be looked at. */
export class Completeness {
  hitCount = 0
  readonly #unreadable: Unreadable
  readonly #isTold: boolean

  constructor(range: ByteRange, onUnreadable: SearchOptions['onUnreadable']) {
    this.#unreadable = new Unreadable(range, onUnreadable)
    this.#isTold = onUnreadable !== undefined
  }

  get unreadable(): readonly ByteRange[] {
    return this.#unreadable.ranges
  }

  readonly stepOver = (ranges: readonly ByteRange[]): void => this.#unreadable.add(ranges)

  /** @throws `ERR_FAULT` when something was stepped over that nobody was told of. */
  assertWhole(): void {
    const [first] = this.unreadable
    if (first === undefined || this.#isTold) return
    const byteLength = this.unreadable.reduce((sum, { start, end }) => sum + end - start, 0)
    throw new MapscopeError(
      'ERR_FAULT',
      `${byteLength} bytes from offset ${first.start} on could not be searched, as the file was cut short or the disk is failing; the ${this.hitCount} hits in the rest were given. Open the file again, or pass onUnreadable to do without those bytes.`,
      { offset: first.start, hitCount: this.hitCount },
    )
  }

  /** What ended a search midway, with the number of hits given until then. */
  withCount(error: unknown): unknown {
    if (!isMapscopeError(error) || error.hitCount !== undefined) return error
    const { code, message, errno, syscall, path, offset, fileByteLength } = error
    const details = { errno, syscall, path, offset, fileByteLength, hitCount: this.hitCount, cause: error }
    return new MapscopeError(code, message, details)
  }
}
