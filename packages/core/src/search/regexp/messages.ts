import type { LostBytes } from '../../source/shared_bytes.ts'
import type { Needle } from './needles.ts'
import type { Release } from './warm_pages.ts'

/** Where a thread finds the bytes: in the mapping that it opens by a number, or in the message, transferred. */
export type Subject =
  | { readonly kind: 'mapping'; readonly mapping: number; readonly release: Release }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }

/** What a thread needs of an expression. */
export interface Program {
  readonly source: string
  /** Of `i`, `m` and `s`. */
  readonly flags: string
  /** Every match has this length; 0: they vary. */
  readonly fixedByteLength: number
  readonly needles: readonly Needle[] | undefined
  readonly isWholeNeedle: boolean
}

/** One window: the matches that begin from `from` to before `ownEnd`, in a text from `textStart` to `textEnd`. All are offsets of the source. */
export interface ScanJob {
  readonly program: Program
  readonly subject: Subject
  readonly textStart: number
  readonly textEnd: number
  readonly from: number
  readonly ownEnd: number
  /** The text ends where the bytes to be searched do: a match may reach its end. */
  readonly isLast: boolean
  /** Most hits to give back. */
  readonly limit: number
}

export interface ScanReport {
  /** For each hit its start, from `textStart`, and its length. */
  readonly hits: Uint32Array
  /**
   * - `done`: every start before `ownEnd` is decided.
   * - `more`: the limit was reached.
   * - `open`: the match at `next` reaches the end of the text, and may go on.
   */
  readonly state: 'done' | 'more' | 'open'
  /** The next start to be decided; past `ownEnd` when the last hit ends there. */
  readonly next: number
  /** Bytes of the text are gone. The hits are those that end before them, and nothing behind is decided. */
  readonly lost?: LostBytes | undefined
}

/** What a thread is told. */
export type Request =
  | { readonly kind: 'scan'; readonly id: number; readonly job: ScanJob }
  /** No more of that mapping is wanted. */
  | { readonly kind: 'forget'; readonly mapping: number }

/** An error is told by its parts, for errors lose their class on the way. */
export interface Failure {
  readonly code: string | undefined
  readonly message: string
  readonly offset: number | undefined
  readonly fileByteLength: number | undefined
}

export type Answer =
  | { readonly id: number; readonly report: ScanReport }
  | { readonly id: number; readonly failure: Failure }

/** A thread's first message: its program is loaded. */
export interface Ready {
  readonly isReady: true
}

/** What a thread begins with: a word that holds the number of the job that is no longer wanted. */
export interface ThreadData {
  readonly cancelled: SharedArrayBuffer
}
