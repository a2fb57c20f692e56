import type { ByteRange } from '../shared/index.ts'
import { CLASS_COUNT } from './byte_counts.ts'

/** What is known of a cell. `sampled`: of 4 KiB of it. */
export const CELL_STATES = ['unknown', 'sampled', 'complete'] as const
export type CellState = (typeof CELL_STATES)[number]

export const UNKNOWN = 0
export const SAMPLED = 1
export const COMPLETE = 2

/** Cells of one level that follow each other, from `offset` on; the last may reach past the source's end. */
export interface OverviewCells {
  readonly offset: number
  readonly cellByteLength: number
  /** Indices in `CELL_STATES`. A cell of which a part is known counts as sampled. */
  readonly state: Uint8Array
  /** Mean of the entropies of blocks of 4 KiB, in bits per byte; NaN where nothing is known or could be read. */
  readonly entropy: Float32Array
  /** Five shares for each cell, in the order of `BYTE_CLASSES`: together 1, or 0 where nothing is known or could be read. */
  readonly shares: Float32Array
}

/** What a look at (some of) a cell found. */
export interface CellFinding {
  readonly entropy: number
  /** Numbers of bytes. */
  readonly classes: ArrayLike<number>
}

/**
 * The cells of the finest level. The levels above are made of these when they are asked for: merging 65,536 takes a millisecond, and so
 * none can be stale.
 */
export class CellStore {
  readonly byteLength: number
  readonly cellByteLength: number
  readonly state: Uint8Array
  readonly entropy: Float32Array
  readonly shares: Float32Array
  /** Raised when a cell is forgotten, so that what was found of its bytes of before is not taken. */
  readonly generation: Uint32Array

  constructor(byteLength: number, cellByteLength: number) {
    const count = Math.ceil(byteLength / cellByteLength)
    this.byteLength = byteLength
    this.cellByteLength = cellByteLength
    this.state = new Uint8Array(count)
    this.entropy = new Float32Array(count).fill(Number.NaN)
    this.shares = new Float32Array(count * CLASS_COUNT)
    this.generation = new Uint32Array(count)
  }

  get count(): number {
    return this.state.length
  }

  rangeOf(cell: number): ByteRange {
    const start = cell * this.cellByteLength
    return { start, end: Math.min(this.byteLength, start + this.cellByteLength) }
  }

  /** The cells that hold some of the range: half-open. */
  cellsIn({ start, end }: ByteRange): ByteRange {
    return start < end
      ? { start: Math.floor(start / this.cellByteLength), end: Math.ceil(end / this.cellByteLength) }
      : { start: 0, end: 0 }
  }

  set(cell: number, state: number, { entropy, classes }: CellFinding): void {
    let total = 0
    for (let index = 0; index < CLASS_COUNT; index++) total += classes[index] as number
    this.state[cell] = state
    this.entropy[cell] = entropy
    for (let index = 0; index < CLASS_COUNT; index++)
      this.shares[cell * CLASS_COUNT + index] = total === 0 ? 0 : (classes[index] as number) / total
  }

  forget(cells: ByteRange): void {
    for (let cell = cells.start; cell < cells.end; cell++) {
      this.state[cell] = UNKNOWN
      this.entropy[cell] = Number.NaN
      this.shares.fill(0, cell * CLASS_COUNT, (cell + 1) * CLASS_COUNT)
      this.generation[cell] = (this.generation[cell] as number) + 1
    }
  }

  /** The cells of a level (2^level of the finest in each) that hold some of the range. */
  read(level: number, range: ByteRange): OverviewCells {
    const width = 2 ** level
    const base = this.cellsIn(range)
    const first = Math.floor(base.start / width)
    const count = base.end > base.start ? Math.ceil(base.end / width) - first : 0
    const cellByteLength = this.cellByteLength * width
    const cells: OverviewCells = {
      offset: first * cellByteLength,
      cellByteLength,
      state: new Uint8Array(count),
      entropy: new Float32Array(count),
      shares: new Float32Array(count * CLASS_COUNT),
    }
    for (let index = 0; index < count; index++) this.#merge(cells, index, (first + index) * width)
    return cells
  }

  /** Means over the bytes of those cells of which something could be read. */
  #merge({ state, entropy, shares, cellByteLength }: OverviewCells, index: number, firstCell: number): void {
    const end = Math.min(this.count, firstCell + cellByteLength / this.cellByteLength)
    const sums = new Float64Array(CLASS_COUNT)
    let [weights, entropies, least, most] = [0, 0, COMPLETE, UNKNOWN]
    for (let cell = firstCell; cell < end; cell++) {
      const known = this.state[cell] as number
      least = Math.min(least, known)
      most = Math.max(most, known)
      if (Number.isNaN(this.entropy[cell])) continue
      const { start, end: cellEnd } = this.rangeOf(cell)
      const weight = cellEnd - start
      weights += weight
      entropies += weight * (this.entropy[cell] as number)
      for (let at = 0; at < CLASS_COUNT; at++)
        sums[at] = (sums[at] as number) + weight * (this.shares[cell * CLASS_COUNT + at] as number)
    }
    state[index] = least === COMPLETE ? COMPLETE : most === UNKNOWN ? UNKNOWN : SAMPLED
    entropy[index] = entropies / weights
    for (let at = 0; at < CLASS_COUNT && weights > 0; at++)
      shares[index * CLASS_COUNT + at] = (sums[at] as number) / weights
  }
}
