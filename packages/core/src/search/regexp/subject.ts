import type { ByteRange, ByteSource } from '../../shared/index.ts'
import type { RegexpLimits } from './limits.ts'
import type { WindowJobs } from './window_jobs.ts'

/** What a search runs over, and how. */
export interface SearchSubject {
  readonly source: ByteSource
  readonly jobs: WindowJobs
  /** All the bytes that are searched: to the expression they are one text. */
  readonly range: ByteRange
  /** How far the expression is shown text before a start, and from it on. */
  readonly behind: number
  readonly ahead: number
  /** No match that is promised to be whole is longer. */
  readonly longest: number
  readonly limits: RegexpLimits
}

/** The text that the expression must see to decide these starts. */
export function textAround({ range, behind, ahead }: SearchSubject, starts: ByteRange): ByteRange {
  return { start: Math.max(range.start, starts.start - behind), end: Math.min(range.end, starts.end + ahead) }
}
