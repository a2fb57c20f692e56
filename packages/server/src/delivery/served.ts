import type { ByteSource } from '@mapscope/core/shared'

/** Bytes about to be answered with: one state of one file, valid as long as `isCurrent` says so. */
export interface Served {
  readonly byteLength: number
  readonly name: string
  /** Strong, with its quotes. */
  readonly etag: string
  /** Absent where a date would say less than the tag. */
  readonly modifiedMs?: number | undefined
  /** Headers of this route: caching, and the revision. */
  readonly headers: Readonly<Record<string, string>>
  /** The file's size now; what lies beyond is gone. */
  readonly presentByteLength: number
  /** The bytes, `byteLength` of them; asked for only when some are to be sent. `undefined` when the file is another length by now. */
  map(): ByteSource | undefined
  /** False once what is read may belong to another state than the tag. */
  isCurrent(): boolean
  /** Called once the first read is done (or never): whatever was held up for it goes on. */
  endTurn(): void
  /** Lets go of what was opened for this answer. Called once. */
  release(): void
}
