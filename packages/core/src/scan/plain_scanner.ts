import {
  type ByteRange,
  type ByteSource,
  type Chunk,
  type DifferencesWindow,
  intersect,
  mergeRanges,
  type RunsWindow,
  type ScanOptions,
  type StringEncoding,
  type WindowRuns,
  type WindowScanner,
  type WindowStats,
} from '../shared/index.ts'
import { emptySeries, setBlock } from './block_series.ts'
import { addCounts } from './byte_counts.ts'
import { CHARACTERS, type CharacterAt } from './characters.ts'

/** The scans of any source: windows are read and looked at byte by byte. Slow, obvious, and what the native ones are held against. */
export class PlainScanner implements WindowScanner {
  /** 10 ms of work, between which timers run. */
  readonly windowByteLength: number = 1024 ** 2
  readonly ahead: number = 1
  readonly #source: ByteSource

  constructor(source: ByteSource) {
    this.#source = source
  }

  async byteStats(range: ByteRange, blockByteLength: number, options: ScanOptions): Promise<WindowStats> {
    const chunk = await this.#read(range, options)
    const counts = new Float64Array(256)
    const blockCount = Math.ceil((range.end - range.start) / blockByteLength)
    const series = emptySeries(blockCount)
    for (let index = 0; index < blockCount; index++) {
      const start = range.start + index * blockByteLength
      const block = new Float64Array(256)
      for (const stretch of stretchesOf(chunk, { start, end: Math.min(range.end, start + blockByteLength) }))
        addCounts(stretch.bytes, block)
      setBlock(series, index, block)
      for (let value = 0; value < 256; value++) counts[value] = (counts[value] as number) + (block[value] as number)
    }
    return { ...series, counts, unreadable: chunk.unreadable }
  }

  async strings(
    { encoding, minLength, ...window }: RunsWindow & { readonly encoding: StringEncoding; readonly minLength: number },
    options: ScanOptions,
  ): Promise<WindowRuns> {
    const chunk = await this.#read(window.range, options)
    const search = new RunSearch(window, minLength)
    for (const stretch of stretchesOf(chunk, window.range)) {
      const isLast = window.isEnd || stretch.end < window.range.end
      search.lookForText(stretch, isLast, CHARACTERS[encoding])
    }
    return search.result(chunk.unreadable)
  }

  async equalRuns(
    { minByteLength, ...window }: RunsWindow & { readonly minByteLength: number },
    options: ScanOptions,
  ): Promise<WindowRuns> {
    const chunk = await this.#read(window.range, options)
    const search = new RunSearch(window, minByteLength)
    for (const stretch of stretchesOf(chunk, window.range)) search.lookForEqual(stretch)
    return search.result(chunk.unreadable)
  }

  async differences({ other, range }: DifferencesWindow, options: ScanOptions): Promise<WindowRuns> {
    const [mine, theirs] = await Promise.all([this.#read(range, options), this.#readOf(other, range, options)])
    const unreadable = mergeRanges([...mine.unreadable, ...theirs.unreadable])
    const runs: number[] = []
    for (const { start, end } of stretchesOf({ ...mine, unreadable }, range)) {
      let from = -1
      for (let at = start; at <= end; at++) {
        const isDifferent = at < end && mine.bytes[at - range.start] !== theirs.bytes[at - range.start]
        if (isDifferent && from < 0) from = at
        if (!isDifferent && from >= 0) {
          runs.push(from, at - from)
          from = -1
        }
      }
    }
    return {
      runs: Float64Array.from(runs),
      values: new Uint8Array(0),
      scannedTo: range.end,
      resume: [],
      unreadable,
    }
  }

  #read(range: ByteRange, options: ScanOptions): Promise<Chunk> {
    return this.#readOf(this.#source, range, options)
  }

  #readOf(source: ByteSource, { start, end }: ByteRange, options: ScanOptions): Promise<Chunk> {
    return source.read(start, end - start, options)
  }
}

interface Stretch extends ByteRange {
  readonly bytes: Uint8Array
}

/** The parts of `range` that could be read. */
function stretchesOf(chunk: Chunk, range: ByteRange): Stretch[] {
  const stretches: Stretch[] = []
  const add = (start: number, end: number): void => {
    if (start < end)
      stretches.push({ start, end, bytes: chunk.bytes.subarray(start - chunk.offset, end - chunk.offset) })
  }
  let at = range.start
  for (const gap of chunk.unreadable) {
    const inside = intersect(gap, range)
    if (inside === undefined) continue
    add(at, inside.start)
    at = inside.end
  }
  add(at, range.end)
  return stretches
}

/** A search for runs in one window; what is open at its end goes into `resume`: where it starts, how many characters, of which byte. */
class RunSearch {
  readonly #window: RunsWindow
  readonly #least: number
  readonly #runs: number[] = []
  readonly #values: number[] = []
  #start = -1
  #count = 0
  #value = 0
  /** Where the next character is looked for. */
  #at: number

  constructor(window: RunsWindow, least: number) {
    this.#window = window
    this.#least = least
    this.#at = window.range.start
    if (window.resume !== undefined) [this.#start = -1, this.#count = 0, this.#value = 0] = window.resume
  }

  lookForText({ bytes, start, end }: Stretch, isLast: boolean, characterAt: CharacterAt): void {
    this.#endAtGap(start)
    for (this.#at = start; this.#at < end; ) {
      const length = characterAt(bytes, this.#at - start)
      if (length < 0 && !isLast) return
      if (length <= 0) {
        this.#end(this.#at)
        this.#at++
        continue
      }
      if (this.#start < 0) this.#start = this.#at
      this.#count++
      this.#at += length
    }
  }

  lookForEqual({ bytes, start, end }: Stretch): void {
    this.#endAtGap(start)
    for (this.#at = start; this.#at < end; this.#at++) {
      const value = bytes[this.#at - start] as number
      if (this.#start >= 0 && value !== this.#value) this.#end(this.#at)
      if (this.#start < 0) {
        this.#start = this.#at
        this.#value = value
      }
      this.#count++
    }
  }

  result(unreadable: readonly ByteRange[]): WindowRuns {
    const { range, isEnd } = this.#window
    this.#endAtGap(unreadable.some((gap) => gap.start < range.end && gap.end >= range.end) ? range.end : this.#at)
    if (isEnd) this.#end(this.#at)
    return {
      runs: Float64Array.from(this.#runs),
      values: Uint8Array.from(this.#values),
      scannedTo: isEnd ? range.end : this.#at,
      resume: [this.#start, this.#count, this.#value],
      unreadable,
    }
  }

  /** What was open ends where the bytes before a gap did. */
  #endAtGap(next: number): void {
    if (next > this.#at) this.#end(this.#at)
    this.#at = next
  }

  #end(end: number): void {
    if (this.#start >= 0 && this.#count >= this.#least) {
      this.#runs.push(this.#start, end - this.#start)
      this.#values.push(this.#value)
    }
    this.#start = -1
    this.#count = 0
  }
}

/** The source's own scanner when it has one. */
export function scannerOf(source: ByteSource): WindowScanner {
  return source.scanner ?? new PlainScanner(source)
}
