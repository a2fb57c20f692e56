/**
 * The whole C++ surface, on one screen. Offsets and lengths are exact integers up to 2^53 - 1; TypeScript has checked
 * them before they arrive here, C++ only asserts. Nothing in here is policy: no CPython semantics, no path rules.
 */

/** What a mapping may do to the file: nothing, store to it, or store to private pages of its own. */
export type MappingAccess = 'read' | 'write' | 'copy'

export interface MappingOptions {
  /** Where in the file the mapping begins; a multiple of `pageSize`. */
  readonly offset: number
  /** Bytes to map, at least 1. */
  readonly byteLength: number
  readonly access: MappingAccess
}

/** What `fstat` says of the mapped file now. `byteLength` is not the mapping's length: the file may have been cut or grown. */
export interface FileStatus {
  readonly byteLength: number
  readonly device: bigint
  readonly inode: bigint
  readonly links: number
  readonly modifiedNs: bigint
  readonly changedNs: bigint
  readonly kind: 'file' | 'directory' | 'pipe' | 'socket' | 'block-device' | 'character-device' | 'other'
}

/** Bytes copied out; `unreadable` holds half-open mapping ranges `[start0, end0, start1, end1, …]` whose bytes are not true. */
export interface ReadResult {
  readonly bytes: Uint8Array
  readonly unreadable: readonly number[]
}

/** `offset` is -1 when there is no match. `scannedTo` is how far the scan came in its direction (also when cancelled). */
export interface FindResult {
  readonly offset: number
  readonly scannedTo: number
  readonly cancelled: boolean
  readonly unreadable: readonly number[]
}

/**
 * Work on libuv's pool. `cancel()` is polled every MiB, may come at any time and any number of times. A cancelled find resolves with
 * `cancelled`; a cancelled read rejects with `OS` and `ECANCELED`, as do a write and a flush that had not begun (one that has, goes on).
 */
export interface NativeJob<T> {
  readonly result: Promise<T>
  cancel(): void
}

/** One mmap. Owns its pages and a close-on-exec duplicate of the descriptor. */
export interface NativeMapping {
  readonly byteLength: number
  readonly closed: boolean

  /**
   * Guarded copy out on this thread: fills `target` from `offset`. Throws `FAULT` on the first unreadable byte, which includes those past
   * the file's end in its last page, where the kernel shows zeros. (`getByte` does not ask for the file's size, and shows them.)
   */
  copyOut(offset: number, target: Uint8Array): void
  /** Guarded copy in on this thread. Throws `FAULT`; bytes before the fault have then been stored. */
  copyIn(offset: number, source: Uint8Array): void
  /** One byte, guarded: the fast path of `at`. */
  getByte(offset: number): number
  setByte(offset: number, value: number): void
  /** First (or, in reverse, last) match wholly inside `[start, end)`, or -1. Linear time, guarded: throws `FAULT`. */
  find(needle: Uint8Array, start: number, end: number, isReverse: boolean): number
  /** msync(MS_SYNC); `offset` is a multiple of `pageSize`. */
  flush(offset: number, byteLength: number): void

  /** Off-thread guarded read (populate, then copy), of 64 MiB at most. Never rejects with `FAULT`: what cannot be read is in `unreadable`. */
  readAsync(offset: number, byteLength: number): NativeJob<ReadResult>
  /**
   * Off-thread store and msync of the pages touched. Rejects with `FAULT` when a page cannot be had (truncated, disk full). Resolves with
   * the file's status right after the store and before the msync: what others write while the disk works is not in it.
   */
  writeAsync(offset: number, source: Uint8Array): NativeJob<FileStatus>
  /** Searches past what it cannot read, in slices of 50 ms at most, and lets go of the pages behind it (see `releasePages`). */
  findAsync(needle: Uint8Array, start: number, end: number, isReverse: boolean): NativeJob<FindResult>
  flushAsync(offset: number, byteLength: number): NativeJob<void>

  /** Lets go of the pages' page-table entries (the page cache keeps them), so that they no longer count as this process' RSS. */
  releasePages(offset: number, byteLength: number): void
  status(): FileStatus
  /** Start of the next data / hole at or after a FILE offset; -1 when there is none before the end of the file. */
  seekData(fileOffset: number): number
  seekHole(fileOffset: number): number

  /** Idempotent. Unmaps when the last job in flight is done; from now on every call throws `CLOSED`. */
  close(): void
}

export interface OpenBeneathOptions {
  readonly isWritable: boolean
  /** Default true. False refuses every symbolic link on the way and at its end, with `ELOOP`, also those that stay beneath. */
  readonly followsLinks?: boolean | undefined
}

export interface Binding {
  readonly pageSize: number
  /** Maps an open descriptor, which the caller keeps and may close at once. */
  readonly Mapping: new (
    fd: number,
    options: MappingOptions,
  ) => NativeMapping
  /**
   * Opens `path` below the directory `rootFd` without ever leaving it, symbolic links included (openat2 RESOLVE_BENEATH where
   * the kernel has it, else component by component refusing links). Empty path: the root itself. Never opens a pipe, socket or
   * device for real (so it cannot block or have side effects): those answer their `kind` with `fd: -1`.
   */
  openBeneath(
    rootFd: number,
    path: string,
    options: OpenBeneathOptions,
  ): { readonly fd: number; readonly status: FileStatus }
  fileStatus(fd: number): FileStatus
}

/** What native code throws or rejects with: an `Error` carrying these. TypeScript above turns it into a `MapscopeError`. */
export interface NativeError extends Error {
  readonly code: 'OS' | 'FAULT' | 'CLOSED'
  /** `OS`: errno's name, as `EACCES`, its number, and the call that failed. */
  readonly errnoName?: string
  readonly errno?: number
  readonly syscall?: string
  /** `FAULT`: mapping offset of the first byte that could not be touched, and the file's size at that moment. */
  readonly offset?: number
  readonly fileByteLength?: number
}
