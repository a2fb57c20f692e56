import { type ByteRange, mergeRanges } from '@mapscope/core/shared'
import { CELL_KNOWN, CELL_UNREAD, type CellBuffer } from '../hexview/grid_bytes.ts'

type Read = (offset: number, length: number, into: CellBuffer) => void

/** What stood on screen in a state that was given up whole, so that it can be said which of it is another byte in the new one. */
export class ShownBefore {
  readonly #range: ByteRange
  readonly #cells: CellBuffer

  constructor(range: ByteRange, read: Read) {
    const length = range.end - range.start
    this.#range = range
    this.#cells = { values: new Uint8Array(length), states: new Uint8Array(length) }
    read(range.start, length, this.#cells)
  }

  /** Where bytes that are known by now differ from then. Each is compared once: what comes later is a change of its own. */
  takeDiffering(read: Read): ByteRange[] {
    const { start, end } = this.#range
    const { values, states } = this.#cells
    const now = { values: new Uint8Array(end - start), states: new Uint8Array(end - start) }
    read(start, end - start, now)
    const differing: ByteRange[] = []
    for (const [at, state] of now.states.entries()) {
      if (state !== CELL_KNOWN) continue
      const isOther = states[at] === CELL_KNOWN && values[at] !== now.values[at]
      if (isOther) differing.push({ start: start + at, end: start + at + 1 })
      states[at] = CELL_UNREAD
    }
    return mergeRanges(differing)
  }
}
