import type { ByteRange } from '@mapscope/core/shared'
import type { Mark } from '../hexview/grid_bytes.ts'

/** Long enough to catch the eye, short enough not to be taken for a state. */
export const FLASH_MS = 1_200
/** A change larger than this is not a byte to point at; flashing a whole screen says nothing. */
const MAX_FLASH_BYTE_LENGTH = 1024 * 1024

interface Flash extends ByteRange {
  readonly sinceMs: number
}

/** What is emphasised beyond the bytes themselves: the search's hit, and what others just changed. */
export class Marks {
  readonly #onExpired: () => void
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #flashes: readonly Flash[] = []
  #hit: ByteRange | undefined

  constructor(onExpired: () => void) {
    this.#onExpired = onExpired
  }

  setHit(range: ByteRange | undefined): void {
    this.#hit = range
  }

  flash(ranges: readonly ByteRange[]): void {
    const byteLength = ranges.reduce((sum, range) => sum + range.end - range.start, 0)
    if (byteLength === 0 || byteLength > MAX_FLASH_BYTE_LENGTH) return
    const sinceMs = performance.now()
    this.#flashes = [...this.#flashes, ...ranges.map((range) => ({ ...range, sinceMs }))]
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#flashes = this.#flashes.filter((flash) => flash.sinceMs > sinceMs)
      this.#onExpired()
    }, FLASH_MS)
    this.#timers.add(timer)
  }

  in(start: number, end: number): Mark[] {
    const marks: Mark[] = []
    const touches = (range: ByteRange) => range.start < end && range.end > start
    for (const flash of this.#flashes) if (touches(flash)) marks.push({ kind: 'changed', ...flash })
    if (this.#hit !== undefined && touches(this.#hit)) marks.push({ kind: 'hit', ...this.#hit })
    return marks
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
