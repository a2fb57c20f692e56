import type { CompareResult, NativeJob, NativeMapping, RunsResult, SweepResult } from '@mapscope/native'
import { translated } from '../native_errors.ts'
import {
  type ByteRange,
  type DifferencesWindow,
  mergeRanges,
  type RunsWindow,
  type ScanOptions,
  type StringEncoding,
  type WindowRuns,
  type WindowScanner,
  type WindowStats,
} from '../shared/index.ts'
import { nativeLanes } from './lanes.ts'
import { JOB_BYTE_LENGTH, type JobsInFlight, pairsToRanges, settle } from './native_jobs.ts'
import { pastViewFaults } from './past_view_faults.ts'

/** What a scanner has of the source it belongs to. */
export interface ScannedSource {
  readonly native: NativeMapping
  readonly jobs: JobsInFlight
  /** @throws `ERR_CLOSED`, `ERR_RANGE`. */
  assertUsable(range: ByteRange): void
  /** What the file no longer has. */
  lostTail(): ByteRange
  /** Called around each look at a range, when somebody wants to know. */
  around?: (<T>(range: ByteRange, look: () => Promise<T>) => Promise<T>) | undefined
}

/** Short enough for one answer to hold all strings of most text: what does not fit waits for its turn. */
const STRINGS_BYTE_LENGTH = 4 * 1024 ** 2

/** The scans of a mapped file: each a native job, which takes its turn in the lanes that all of them share. */
export class MappedScanner implements WindowScanner {
  readonly windowByteLength: number = JOB_BYTE_LENGTH
  readonly ahead: number = nativeLanes.limit
  readonly stringsByteLength: number = STRINGS_BYTE_LENGTH
  readonly #source: ScannedSource

  constructor(source: ScannedSource) {
    this.#source = source
  }

  async byteStats(range: ByteRange, blockByteLength: number, options: ScanOptions): Promise<WindowStats> {
    const start = (native: NativeMapping): ReturnType<NativeMapping['byteStatsAsync']> =>
      native.byteStatsAsync(range.start, range.end - range.start, blockByteLength)
    const result = await this.#run(range, start, options)
    return { ...result, unreadable: this.#unreadable(range, result) }
  }

  async strings(
    { range, ...wanted }: RunsWindow & { readonly encoding: StringEncoding; readonly minLength: number },
    options: ScanOptions,
  ): Promise<WindowRuns> {
    const start = (native: NativeMapping): NativeJob<RunsResult> =>
      native.stringsAsync(range.start, range.end - range.start, wanted)
    return this.#runsOf(range, await this.#run(range, start, options))
  }

  async equalRuns(
    { range, ...wanted }: RunsWindow & { readonly minByteLength: number },
    options: ScanOptions,
  ): Promise<WindowRuns> {
    const start = (native: NativeMapping): NativeJob<RunsResult> =>
      native.equalRunsAsync(range.start, range.end - range.start, wanted)
    return this.#runsOf(range, await this.#run(range, start, options))
  }

  differences({ other, range, limit }: DifferencesWindow, options: ScanOptions): Promise<WindowRuns> | undefined {
    const { scanner } = other
    return scanner instanceof MappedScanner ? this.#differences(scanner, { range, limit }, options) : undefined
  }

  async #differences(
    other: MappedScanner,
    { range, limit }: { readonly range: ByteRange; readonly limit: number },
    options: ScanOptions,
  ): Promise<WindowRuns> {
    other.#source.assertUsable(range)
    const { native } = other.#source
    const byteLength = range.end - range.start
    const start = (own: NativeMapping): ReturnType<NativeMapping['compareAsync']> =>
      own.compareAsync(native, range.start, range.start, byteLength, limit)
    const run = (): Promise<CompareResult> => this.#run(range, start, options)
    const result = await other.#source.jobs.track(other.#source.around?.(range, run) ?? run())
    const { runs, scannedTo } = result
    const others = other.#unreadable(range, { ...result, unreadable: result.otherUnreadable })
    const unreadable = mergeRanges([...this.#unreadable(range, result), ...others])
    return { runs, scannedTo, unreadable, values: new Uint8Array(0), resume: [] }
  }

  /** A closed source does not take its turn; and one that is closed meanwhile waits for what is in flight. */
  #run<T>(range: ByteRange, start: (native: NativeMapping) => NativeJob<T>, { signal }: ScanOptions): Promise<T> {
    const { native, jobs, around } = this.#source
    this.#source.assertUsable(range)
    const look = (): Promise<T> =>
      nativeLanes.run(signal, () =>
        settle(
          translated(() => pastViewFaults(() => start(native))),
          { jobs, signal },
        ),
      )
    return jobs.track(around?.(range, look) ?? look())
  }

  #runsOf(range: ByteRange, result: RunsResult): WindowRuns {
    const { runs, lastBytes, scannedTo, resume, head } = result
    return { runs, values: lastBytes, scannedTo, resume, head, unreadable: this.#unreadable(range, result) }
  }

  /** With all of the lost tail when the window met it, so that nobody has to ask for it window by window. */
  #unreadable(range: ByteRange, { unreadable }: SweepResult): readonly ByteRange[] {
    if (unreadable.length === 0) return []
    const ranges = pairsToRanges(unreadable)
    const lost = this.#source.lostTail()
    if (lost.start >= range.end || range.end >= lost.end) return ranges
    // Behind the window only: what of it was looked at before the cut was there.
    return mergeRanges([...ranges, { start: range.end, end: lost.end }])
  }
}
