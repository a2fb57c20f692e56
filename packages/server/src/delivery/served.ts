import type { MappedSource } from '@mapscope/core'

/** Bytes about to be answered with: one state of one file, valid as long as `isCurrent` says so. */
export interface Served {
  readonly via: 'raw' | 'document'
  /** The wire's: `<root>/<path below it>`. */
  readonly path: string
  readonly byteLength: number
  readonly name: string
  /** Strong, with its quotes. */
  readonly etag: string
  /** Absent where a date would say less than the tag. */
  readonly modifiedMs?: number | undefined
  /** When anything about the file last changed. */
  readonly changedMs: number
  /** Headers of this route: caching, and the revision. */
  readonly headers: Readonly<Record<string, string>>
  /** The file's size now; what lies beyond is gone. */
  readonly presentByteLength: number
  /** The bytes, `byteLength` of them; asked for only when some are to be sent. `undefined` when the file is another length by now. */
  map(): MappedSource | undefined
  /** False once what is read may belong to another state than the tag. */
  isCurrent(): boolean
  /** Called once the first read is done (or never): whatever was held up for it goes on. */
  endTurn(): void
  /** Lets go of what was opened for this answer. Called once. */
  release(): void
}
