import type { NativeMapping } from '@mapscope/native'
import {
  type BytePattern,
  type ByteRange,
  type MatchInOptions,
  type MatchInResult,
  mergeRanges,
} from '../shared/index.ts'
import type { PageUse } from './kept_pages.ts'
import { nativeLanes } from './lanes.ts'
import { type JobsInFlight, pairsToRanges, settle } from './native_jobs.ts'
import { nativePattern } from './native_patterns.ts'
import { pastViewFaults } from './past_view_faults.ts'

export interface MappedMatch {
  readonly native: NativeMapping
  readonly jobs: JobsInFlight
  readonly pattern: BytePattern
  readonly range: ByteRange
  readonly options: MatchInOptions
  /** The part of the source that the file no longer has, now. */
  readonly lostTail: () => ByteRange
  readonly pages: PageUse
  readonly onTouched: (range: ByteRange) => void
}

/**
 * One window of a search, in a job on the pool, when a lane is free. The last page of a file cut short reads as zeros past its end: only what
 * the file has before and after the job is matched.
 */
export async function matchMapped(match: MappedMatch): Promise<MatchInResult> {
  const { native, jobs, range, lostTail, pages } = match
  const { signal, ...given } = match.options
  const options = { ...given, ...pages }
  const pattern = nativePattern(match.pattern)
  for (let end = Math.min(range.end, lostTail().start); ; ) {
    const isPossible = end - range.start >= pattern.minByteLength
    const result = isPossible
      ? await nativeLanes.run(signal, () =>
          settle(
            pastViewFaults(() => native.matchAsync(pattern, range.start, end, options)),
            { jobs, signal },
          ),
        )
      : undefined
    if (isPossible) match.onTouched({ start: range.start, end })
    const lost = lostTail()
    if (lost.start < end) {
      end = lost.start
      continue
    }
    const unreadable = pairsToRanges(result?.unreadable ?? [])
    return {
      count: result?.count ?? 0,
      offsets: result?.offsets ?? new Float64Array(0),
      byteLengths: result?.byteLengths,
      which: result?.which,
      // What was lost behind the end is done, too: there is nothing to go on with.
      scannedTo: result === undefined || result.scannedTo >= end ? range.end : result.scannedTo,
      unreadable: range.end > lost.start ? mergeRanges([...unreadable, lost]) : unreadable,
    }
  }
}
