import type { ByteRange } from '@mapscope/protocol'
import type { Document } from '../../documents/document.ts'

export interface ReadRequest {
  readonly id: number
  readonly stream: number
  readonly isViewport: boolean
  readonly document: Document
  readonly ranges: readonly ByteRange[]
}

/** A read under way: how far it has come, and what of it has gone out. */
export class ReadTask {
  readonly id: number
  readonly stream: number
  readonly isViewport: boolean
  readonly document: Document
  /** Off-thread work is under way; nothing else may be done for it meanwhile. */
  isWaiting = false
  isEnded = false
  readonly sent: { start: number; end: number }[] = []
  readonly #release: () => void
  readonly #ranges: ByteRange[]
  #offset: number

  constructor({ id, stream, isViewport, document, ranges }: ReadRequest) {
    this.id = id
    this.stream = stream
    this.isViewport = isViewport
    this.document = document
    this.#ranges = ranges.filter(({ start, end }) => start < end)
    this.#offset = this.#ranges[0]?.start ?? 0
    this.#release = document.hold()
  }

  /** What is to be read next; undefined when all is done. */
  next(): ByteRange | undefined {
    const [range] = this.#ranges
    return range === undefined ? undefined : { start: this.#offset, end: range.end }
  }

  /** Whether `end` is where the last range ends. */
  isLastAt(end: number): boolean {
    return this.#ranges.length === 1 && this.#ranges[0]?.end === end
  }

  /** Goes on behind `end`, which is not behind the range's own. */
  advance(end: number): void {
    this.#offset = end
    if (this.#ranges[0]?.end !== end) return
    this.#ranges.shift()
    this.#offset = this.#ranges[0]?.start ?? 0
  }

  noteSent({ start, end }: ByteRange): void {
    const last = this.sent.at(-1)
    if (last?.end === start) last.end = end
    else this.sent.push({ start, end })
  }

  end(): void {
    this.isEnded = true
    this.#release()
  }
}
