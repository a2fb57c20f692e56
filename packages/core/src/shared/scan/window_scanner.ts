import type { ByteRange } from '../range.ts'
import type { ByteSource, ScanOptions } from '../source.ts'

/** Encodings whose strings can be looked for. */
export type StringEncoding = 'ascii' | 'utf8' | 'utf16le' | 'utf16be'

/** Classes of bytes, in the order of every list of five numbers. Each byte value belongs to exactly one. */
export const BYTE_CLASSES = ['zero', 'text', 'control', 'high', 'full'] as const

/**
 * `zero`: 0x00. `text`: 0x20 to 0x7E, TAB, LF, CR. `control`: the rest of ASCII. `high`: 0x80 to 0xFE. `full`: 0xFF.
 */
export type ByteClass = (typeof BYTE_CLASSES)[number]

/** What is told of blocks that follow each other without gaps; the last may be shorter. Bytes that could not be read count nowhere. */
export interface BlockSeries {
  /** Bits per byte, 0 to 8; NaN where none of the block could be read. */
  readonly entropy: Float32Array
  /** Five numbers of bytes for each block, in the order of `BYTE_CLASSES`. */
  readonly classes: Uint32Array
  /** The least and the greatest byte; 255 and 0 where none could be read. */
  readonly least: Uint8Array
  readonly most: Uint8Array
}

export interface WindowStats extends BlockSeries {
  /** How often each byte value occurs in the window. */
  readonly counts: Float64Array
  readonly unreadable: readonly ByteRange[]
}

/** A part of a search for runs. */
export interface RunsWindow {
  readonly range: ByteRange
  /** Nothing that follows goes on with what is open at the end. */
  readonly isEnd: boolean
  /** What the window before gave back, when this one begins where that one stopped. */
  readonly resume: readonly number[] | undefined
  /** The search stops soon after so many. */
  readonly limit: number
}

export interface WindowRuns {
  /** Pairs: offset, byteLength. */
  readonly runs: Float64Array
  /** One for each run; of equal bytes: which. */
  readonly values: Uint8Array
  /** Go on from here: before the end when there were too many, or when the last bytes cannot be told without the next. */
  readonly scannedTo: number
  readonly resume: readonly number[]
  /** Of a search without a `resume`, where the scanner tells it: see `joinedRuns`. */
  readonly head?: readonly number[] | undefined
  /** May reach beyond the window, as with `ScanResult`. */
  readonly unreadable: readonly ByteRange[]
}

/** A window of a comparison: the same offsets in both sources. */
export interface DifferencesWindow {
  readonly other: ByteSource
  readonly range: ByteRange
  readonly limit: number
}

/** Scans of one window, which is not longer than some MiB: by native kernels, or in TypeScript over `read`. */
export interface WindowScanner {
  /** How long windows are best. */
  readonly windowByteLength: number
  /** How many windows are worth having under way at once. */
  readonly ahead: number
  /**
   * How long windows of strings are best when they are searched side by side: a multiple of 4096. Such a window's range ends three
   * bytes behind it, the answer's `scannedTo` at its end, and the answer has a `head`. Undefined: one after the other.
   */
  readonly stringsByteLength?: number | undefined
  byteStats(range: ByteRange, blockByteLength: number, options: ScanOptions): Promise<WindowStats>
  strings(
    window: RunsWindow & { readonly encoding: StringEncoding; readonly minLength: number },
    options: ScanOptions,
  ): Promise<WindowRuns>
  equalRuns(window: RunsWindow & { readonly minByteLength: number }, options: ScanOptions): Promise<WindowRuns>
  /** Runs that differ; two that touch may be one. Undefined when this scanner cannot compare with that source. */
  differences(window: DifferencesWindow, options: ScanOptions): Promise<WindowRuns> | undefined
}
