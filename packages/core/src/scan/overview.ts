import { assertGiven, assertOptions } from '../shared/arguments.ts'
import { Breather } from '../shared/event_loop.ts'
import {
  type ByteRange,
  type ByteSource,
  type CacheOptions,
  type CancelSignal,
  mergeRanges,
  type WindowStats,
} from '../shared/index.ts'
import { passingAll } from '../shared/releasing_cache.ts'
import { CLASS_COUNT } from './byte_counts.ts'
import { checkedInteger, checkedRange } from './options.ts'
import { decodeCells, encodeCells } from './overview_bytes.ts'
import { type CellFinding, CellStore, COMPLETE, type OverviewCells, SAMPLED, UNKNOWN } from './overview_cells.ts'
import { scannerOf } from './plain_scanner.ts'
import { inOrder, KnownGaps } from './windows.ts'
import { zonesIn } from './zones.ts'

/** Most cells of the finest level: more than any screen has columns, and 2 MiB of numbers. */
const MAX_CELLS = 65_536
const BLOCK_BYTE_LENGTH = 4096

/**
 * One sample is taken of each so many bytes. A look costs 90 µs however little it reads, which is what 256 KiB take in a window with others: one
 * look for each cell took 2 s of a file of 94 MiB that is looked at whole in 0.05 s.
 */
const SAMPLED_BYTE_LENGTH = 262_144

/** How much is known after a step: cells of the finest level. */
export interface OverviewProgress {
  /** Of which at least a sample was looked at. */
  readonly known: number
  readonly complete: number
  readonly total: number
}

export interface RefineOptions extends CacheOptions {
  /** What to refine; what a person looks at, for example. Default: all. */
  readonly range?: ByteRange | undefined
  /** Default 'complete'. With 'sampled' it ends when every cell has been sampled. */
  readonly until?: 'sampled' | 'complete' | undefined
  readonly signal?: CancelSignal | undefined
}

/**
 * A picture of a whole source, of any size: classes of bytes and entropy of up to 65,536 cells, and of coarser ones made of those. It knows
 * nothing at first; `refine` makes it better for as long as it is let, first by samples all over the source, then by looking at all of it.
 */
export class Overview {
  /** Bytes of a cell of level 0: a power of two, 4 KiB or more. */
  readonly cellByteLength: number
  /** Level 0 is the finest; each further one has half as many cells; the last has one. */
  readonly levelCount: number
  readonly #source: ByteSource
  #cells: CellStore
  /** What cannot be read, as far as is known since the last change. */
  #gaps: KnownGaps = new KnownGaps()

  constructor(source: ByteSource) {
    assertGiven({ source })
    this.#source = source
    this.#cells = new CellStore(source.byteLength, cellByteLengthFor(source.byteLength))
    this.cellByteLength = this.#cells.cellByteLength
    this.levelCount = 1 + Math.ceil(Math.log2(Math.max(1, this.#cells.count)))
  }

  /**
   * What `toBytes` gave, or undefined when that is of another version, damaged, or not of this source. `identity` says whose content it was:
   * a device, inode and time of change, for example.
   */
  static fromBytes(bytes: Uint8Array, source: ByteSource, identity: string): Overview | undefined {
    assertGiven({ bytes, source, identity })
    const overview = new Overview(source)
    const cells = decodeCells(bytes, identity, overview.#cells)
    if (cells === undefined) return undefined
    overview.#cells = cells
    return overview
  }

  /** All that is known, to be kept beside the source; refining goes on from there. */
  toBytes(identity: string): Uint8Array {
    assertGiven({ identity })
    return encodeCells(this.#cells, identity)
  }

  get progress(): OverviewProgress {
    const { state, count } = this.#cells
    let [known, complete] = [0, 0]
    for (const each of state) {
      if (each !== UNKNOWN) known++
      if (each === COMPLETE) complete++
    }
    return { known, complete, total: count }
  }

  /**
   * The cells of a level that hold some of the range, as far as they are known.
   *
   * @throws `ERR_ARGUMENT` for a level that is not there, `ERR_RANGE` for a range outside the source.
   */
  read(level: number, range?: ByteRange): OverviewCells {
    assertGiven({ level, ...(range === undefined ? {} : { range }) })
    checkedInteger('level', level, { least: 0, most: this.levelCount - 1 })
    return this.#cells.read(level, checkedRange(this.#source, range))
  }

  /**
   * The bytes changed: what is known of cells that hold some of them is forgotten, also what is being looked at now. A `refine` that is under way
   * may leave them for the next one.
   */
  invalidate(range: ByteRange): void {
    assertGiven({ range })
    this.#gaps = new KnownGaps()
    this.#cells.forget(this.#cells.cellsIn(checkedRange(this.#source, range)))
  }

  /**
   * Looks at more and yields after each step, until all is known or nobody asks for more: leaving the loop is how to stop, and another call
   * goes on. Holes are known at once and never read.
   *
   * @throws `ERR_RANGE` for a range outside the source, the signal's reason when aborted, and whatever the source rejects with.
   */
  async *refine(options: RefineOptions = {}): AsyncGenerator<OverviewProgress> {
    assertOptions(options)
    const { signal, until = 'complete' } = options
    const cells = this.#cells.cellsIn(checkedRange(this.#source, options.range))
    signal?.throwIfAborted()
    if (cells.start === cells.end) return
    yield* passingAll(this.#source, options, (source) => this.#refine(source, cells, { signal, until }))
  }

  async *#refine(
    source: ByteSource,
    cells: ByteRange,
    { signal, until }: RefineOptions,
  ): AsyncGenerator<OverviewProgress> {
    this.#gaps = new KnownGaps()
    await this.#settleHoles(cells, signal)
    yield this.progress
    const work = { source, signal }
    yield* this.#steps(this.#samples(cells), work)
    const isSampled = this.cellByteLength >= SAMPLED_BYTE_LENGTH
    if (until === 'complete' || !isSampled) yield* this.#steps(this.#wholes(cells), work)
  }

  /** Cells that lie in holes are zeros, unless they changed since the holes were asked for. */
  async #settleHoles(cells: ByteRange, signal: CancelSignal | undefined): Promise<void> {
    const range = { start: this.#cells.rangeOf(cells.start).start, end: this.#cells.rangeOf(cells.end - 1).end }
    const breather = new Breather()
    const generations = this.#cells.generation.slice(cells.start, cells.end)
    for await (const zone of zonesIn(this.#source, range, { unit: this.cellByteLength })) {
      signal?.throwIfAborted()
      if (zone.kind === 'data') continue
      const { start, end } = this.#cells.cellsIn(zone)
      for (let cell = start; cell < end; cell++)
        if (this.#cells.generation[cell] === generations[cell - cells.start])
          this.#cells.set(cell, COMPLETE, { entropy: 0, classes: [1, 0, 0, 0, 0] })
      await breather.pause()
    }
  }

  async *#steps(looks: AsyncIterable<Look>, work: Work): AsyncGenerator<OverviewProgress> {
    const { signal } = work
    const breather = new Breather()
    const { ahead } = scannerOf(work.source)
    let toldAtMs = 0
    for await (const _ of inOrder(looks, ahead, (look) => this.#look(look, work))) {
      signal?.throwIfAborted()
      // Counting the cells takes as long as some looks do.
      if (Date.now() - toldAtMs >= TELL_EACH_MS) {
        yield this.progress
        toldAtMs = Date.now()
      }
      await breather.pause()
    }
    yield this.progress
  }

  /**
   * A block of each unknown cell, or of one cell among several that are short, coarse first: every place is visited in the order of its reversed
   * bits.
   */
  async *#samples({ start, end }: ByteRange): AsyncGenerator<Look> {
    const step = Math.max(1, SAMPLED_BYTE_LENGTH / this.cellByteLength)
    const bits = Math.ceil(Math.log2(Math.ceil((end - start) / step)))
    for (let turn = 0; turn < 2 ** bits; turn++) {
      const first = start + reversed(turn, bits) * step
      const cell = first + (scattered(first) % step)
      if (cell >= end || this.#cells.state[cell] !== UNKNOWN) continue
      const whole = this.#cells.rangeOf(cell)
      const blocks = Math.ceil((whole.end - whole.start) / BLOCK_BYTE_LENGTH)
      // Not always the first, which in many formats is not like the rest; the same at every run.
      const at = whole.start + (scattered(cell) % blocks) * BLOCK_BYTE_LENGTH
      const range = { start: at, end: Math.min(whole.end, at + BLOCK_BYTE_LENGTH) }
      yield { cells: { start: cell, end: cell + 1 }, range, state: blocks === 1 ? COMPLETE : SAMPLED }
    }
  }

  /** Everything of the cells that are not complete, as many in one window as fit. */
  async *#wholes({ start, end }: ByteRange): AsyncGenerator<Look> {
    const { windowByteLength } = scannerOf(this.#source)
    const most = Math.max(1, Math.floor(windowByteLength / this.cellByteLength))
    for (let cell = start; cell < end; ) {
      if (this.#cells.state[cell] === COMPLETE) {
        cell++
        continue
      }
      let last = cell + 1
      while (last < end && last - cell < most && this.#cells.state[last] !== COMPLETE) last++
      const range = { start: this.#cells.rangeOf(cell).start, end: this.#cells.rangeOf(last - 1).end }
      yield { cells: { start: cell, end: last }, range, state: COMPLETE }
      cell = last
    }
  }

  /** What changed meanwhile is not taken, and neither is a sample of what another call has looked at whole. */
  async #look({ cells, range, state }: Look, work: Work): Promise<void> {
    const generations = this.#cells.generation.slice(cells.start, cells.end)
    const findings = await this.#findings(cells, range, work)
    for (const [index, finding] of findings.entries()) {
      const cell = cells.start + index
      const isCurrent = this.#cells.generation[cell] === generations[index]
      if (isCurrent && state >= (this.#cells.state[cell] as number)) this.#cells.set(cell, state, finding)
    }
  }

  /** One for each cell; a cell that is longer than a window is looked at in several. */
  async #findings(cells: ByteRange, range: ByteRange, { source, signal }: Work): Promise<Sums[]> {
    const gaps = this.#gaps
    const scanner = scannerOf(source)
    const sums = Array.from({ length: cells.end - cells.start }, () => new Sums())
    for (let at = range.start; at < range.end; ) {
      signal?.throwIfAborted()
      const end = Math.min(range.end, at + scanner.windowByteLength)
      if (gaps.endOf(at) >= end) {
        at = Math.min(range.end, gaps.endOf(at))
        continue
      }
      const stats = await scanner.byteStats({ start: at, end }, BLOCK_BYTE_LENGTH, { signal })
      gaps.add(mergeRanges(stats.unreadable))
      for (let block = 0; block < stats.entropy.length; block++) {
        const cell = Math.floor((at + block * BLOCK_BYTE_LENGTH) / this.cellByteLength)
        sums[cell - cells.start]?.add(stats, block)
      }
      at = end
    }
    return sums
  }
}

const TELL_EACH_MS = 50

/** What all looks of one call share. */
interface Work {
  readonly source: ByteSource
  readonly signal: CancelSignal | undefined
}

interface Look {
  readonly cells: ByteRange
  readonly range: ByteRange
  readonly state: number
}

/** Blocks added up to a cell. */
class Sums implements CellFinding {
  readonly classes: Float64Array = new Float64Array(CLASS_COUNT)
  #byteLength = 0
  #entropies = 0

  get entropy(): number {
    return this.#byteLength === 0 ? Number.NaN : this.#entropies / this.#byteLength
  }

  add({ entropy, classes }: WindowStats, block: number): void {
    let byteLength = 0
    for (let index = 0; index < CLASS_COUNT; index++) {
      const count = classes[block * CLASS_COUNT + index] as number
      byteLength += count
      this.classes[index] = (this.classes[index] as number) + count
    }
    if (byteLength === 0) return
    this.#byteLength += byteLength
    this.#entropies += byteLength * (entropy[block] as number)
  }
}

function cellByteLengthFor(byteLength: number): number {
  return Math.max(BLOCK_BYTE_LENGTH, 2 ** Math.ceil(Math.log2(Math.max(1, byteLength) / MAX_CELLS)))
}

/** A number that looks random, and is the same at every run. */
function scattered(number: number): number {
  return Math.imul(number, 0x9e37_79b1) >>> 8
}

function reversed(number: number, bits: number): number {
  let [from, to] = [number, 0]
  for (let bit = 0; bit < bits; bit++) {
    to = to * 2 + (from & 1)
    from >>= 1
  }
  return to
}
