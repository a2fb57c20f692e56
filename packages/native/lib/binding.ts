/**
 * The whole C++ surface, but for what is searched for (patterns.ts). Offsets and lengths are exact integers up to 2^53 - 1; TypeScript has checked
 * them before they arrive here, C++ only asserts. Nothing in here is policy: no CPython semantics, no path rules.
 */

import type { MatchOptions, MatchResult, NativePattern, PatternSpec } from './patterns.ts'

/** What a mapping may do to the file: nothing, store to it, or store to private pages of its own. */
export type MappingAccess = 'read' | 'write' | 'copy'

export interface MappingOptions {
  /** Where in the file the mapping begins; a multiple of `pageSize`. */
  readonly offset: number
  /** Bytes to map, at least 1. */
  readonly byteLength: number
  readonly access: MappingAccess
  /** Raw `PROT_…` and `MAP_…` bits in the place of those that `access` stands for. What may be stored to is `PROT_WRITE`'s to say then. */
  readonly protection?: number | undefined
  readonly flags?: number | undefined
  /**
   * Default true: a close-on-exec duplicate of the descriptor is kept. Without it nothing is known of the file any more: `status`,
   * `resize`, `remap` and seeking answer `OS` with `EBADF`, and zeros past the file's end pass for bytes.
   */
  readonly keepsFile?: boolean | undefined
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

/** How far a scan came, and what of that could not be read: pairs of mapping offsets, in order. */
export interface SweepResult {
  readonly scannedTo: number
  readonly cancelled: boolean
  readonly unreadable: readonly number[]
}

export interface ByteStatsResult extends SweepResult {
  /** How often each of the 256 values occurs in the range. */
  readonly counts: Float64Array
  /** Of each block, bits per byte: 0 to 8, and NaN when none of it could be read. */
  readonly entropy: Float32Array
  /** Of each block five numbers of bytes: zero, text (0x20 to 0x7E, TAB, LF, CR), control (the other ASCII), high (0x80 to 0xFE), 0xFF. */
  readonly classes: Uint32Array
  /** Of each block its least and its greatest byte; 255 and 0 when none of it could be read. */
  readonly least: Uint8Array
  readonly most: Uint8Array
}

interface RunsOptions {
  /** The scan stops soon after so many runs: a MiB may have more. */
  readonly limit: number
  /**
   * Whether bytes that follow the range are none of the scan's. If not, the scan stops before bytes that it cannot tell without them (4 KiB
   * at most): go on from `scannedTo` with `resume`.
   */
  readonly isEnd: boolean
  readonly resume?: readonly number[] | undefined
}

export interface StringsOptions extends RunsOptions {
  readonly encoding: 'ascii' | 'utf8' | 'utf16le' | 'utf16be'
  /** The fewest characters. */
  readonly minLength: number
}

export interface EqualRunsOptions extends RunsOptions {
  readonly minByteLength: number
}

export interface RunsResult extends SweepResult {
  /** Pairs: offset, byteLength. */
  readonly runs: Float64Array
  /** One for each run of equal bytes: which. */
  readonly lastBytes: Uint8Array
  /** For the next job: whether a run is open at the end, where it began, its characters, and which bytes of the next a character takes (bits). */
  readonly resume: readonly number[]
  /**
   * Without a `resume`: start, end and characters of the run that begins in the first four bytes and ends before `scannedTo`, however short.
   * It goes on with what is open at the end of the bytes before. Among `runs` as well when it is long enough; empty where there is none.
   */
  readonly head: readonly number[]
}

export interface CompareResult extends SweepResult {
  /** Pairs: offset in this mapping, byteLength. */
  readonly runs: Float64Array
  /** What of the other could not be read, in its own offsets. */
  readonly otherUnreadable: readonly number[]
}

/**
 * One mmap. Owns its pages and a close-on-exec duplicate of the descriptor.
 *
 * A fault in raw memory (an export, a window, a string) cannot be thrown where it happens: zeros are put there, and the next call of any
 * method but `byteLength`, `closed`, `exports` and `close` maps the file there again and throws `FAULT` with `isInView`, once for each object.
 */
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
   * As `readAsync`, into memory that is there already, of any length; resolves with what is unreadable of it (as pairs). `target` must not be
   * transferred or detached until the result is there, cancelled or not: so never an array that a caller holds.
   */
  readIntoAsync(offset: number, target: Uint8Array): NativeJob<readonly number[]>
  /**
   * Off-thread store and msync of the pages touched. Rejects with `FAULT` when a page cannot be had (truncated, disk full). Resolves with
   * the file's status right after the store and before the msync: what others write while the disk works is not in it.
   */
  writeAsync(offset: number, source: Uint8Array): NativeJob<FileStatus>
  /** Searches past what it cannot read, in slices of 50 ms at most, and lets go of the pages behind it (see `releasePages`). */
  findAsync(needle: Uint8Array, start: number, end: number, isReverse: boolean): NativeJob<FindResult>
  flushAsync(offset: number, byteLength: number): NativeJob<void>
  /**
   * All hits wholly inside `[start, end)`, past what cannot be read, in slices of 50 ms at most; lets go of the pages behind it. What was found
   * before a fault, a cancel or the limit is in the result.
   */
  matchAsync(pattern: NativePattern, start: number, end: number, options: MatchOptions): NativeJob<MatchResult>
  /** Brings pages in, in pieces that can be cancelled. Rejects with `FAULT` at the first that cannot be had. */
  populateAsync(offset: number, byteLength: number): NativeJob<void>

  /**
   * Histogram of the range, and of each block of it (the last may be shorter) what follows from its own. At most 2^22 blocks of 1 to
   * 2^32 - 1 bytes. Bytes that cannot be read count nowhere.
   */
  byteStatsAsync(offset: number, byteLength: number, blockByteLength: number): NativeJob<ByteStatsResult>
  /** Runs of printable characters. Its result's `resume` makes what follows the range go on with the run that was open. */
  stringsAsync(offset: number, byteLength: number, options: StringsOptions): NativeJob<RunsResult>
  /** Runs of one byte again and again, `minByteLength` (at least 2) times or more. */
  equalRunsAsync(offset: number, byteLength: number, options: EqualRunsOptions): NativeJob<RunsResult>
  /**
   * Runs of bytes that differ from those of `other` (which may be this mapping), as offsets in this one. One that crosses the end of what
   * is looked at in one go may be told as two that touch. Stops soon after `limit` runs.
   */
  compareAsync(
    other: NativeMapping,
    offset: number,
    otherOffset: number,
    byteLength: number,
    limit: number,
  ): NativeJob<CompareResult>

  /** memmove inside the mapping, guarded. Throws `FAULT`: before anything is moved, or when the file changes meanwhile, after a part was. */
  move(to: number, from: number, byteLength: number): void
  /**
   * madvise with a raw `MADV_…`; `offset` is a multiple of `pageSize`. A number that is not in `constants` is `OS` with `EINVAL`, since some
   * make a touch end the process. The async form is for advice that reads or drops a lot; cancelled, it has been given for a part.
   */
  advise(advice: number, offset: number, byteLength: number): void
  adviseAsync(advice: number, offset: number, byteLength: number): NativeJob<void>
  /** mlock and munlock of the pages that hold the range. */
  lock(offset: number, byteLength: number): void
  unlock(offset: number, byteLength: number): void
  /**
   * Labels anonymous memory for whoever looks at the process from outside (/proc/PID/maps of Linux); '' takes the label away. `OS`: EINVAL for
   * signs that the kernel does not take and where it was built without labels, EBADF for a file's memory, ENOTSUP on other systems.
   */
  setName(name: string): void
  /**
   * mincore: a bit for each page that holds some of the range, the first in a byte's lowest bit, set when the page is in memory; of 2^26 pages
   * at most. A picture, not a promise: pages that were cut off a file count as resident, as does (on Linux) every page of a file that this user could not write.
   */
  residency(offset: number, byteLength: number): Uint8Array
  /** Whether `residency` may be believed, as far as this user's rights go. */
  tellsResidency(): boolean
  /**
   * Fills `target` out of the system's cache on this thread, without waiting for a disk. Only where `tellsResidency`. False when some of it is not
   * there, cannot be read or was cut off; undefined for more than 512 pages, private and anonymous ones, other systems and some file systems. Then
   * `target` means nothing.
   */
  readCached(offset: number, target: Uint8Array): boolean | undefined
  /**
   * Lets go of the pages of ranges (as pairs; see `releasePages`) and gives those that are whole back to the system, out of the page cache;
   * the last page of the file counts as whole. What is changed, locked, or mapped by anybody else stays. Rejects with `OS`: `EBADF` when the
   * file was not kept, `ENOTSUP` where the system has no call for it, also for no ranges. Cancelled, it has been done for a part.
   */
  releaseCacheAsync(ranges: readonly number[]): NativeJob<void>

  /**
   * Makes the mapping longer or shorter, and a mapped file with it: to `offset + byteLength`, before the pages. Throws `BUSY` when an export
   * is out, a job in flight, or the mapping open in another thread; nothing has happened then. Windows are detached. New bytes are zeros; on
   * a full disk a store to them is a `FAULT` then. `OS` leaves mapping and file as they were; `EINVAL` is for shared memory, which cannot grow.
   * What was advised or locked may have to be again.
   */
  resize(byteLength: number): void
  /** The same without touching the file: maps its bytes from the same offset anew, to follow a file that grew. Private changes are lost. */
  remap(byteLength: number): void

  /**
   * The bytes themselves as an `ArrayBuffer` of its own. Of a mapping that may not be stored to, it is a private mapping of the same
   * bytes: stores stay in it. Throws `RANGE` where the engine has no buffer of that length, and `OS`: `EBADF` for a private mapping of a
   * file that was not kept, `EACCES` for memory that may not be read, `ENOTSUP` where the runtime has no external buffers. V8 counts the
   * length as memory of its own; making one of 64 MiB and more can cost a garbage collection, having one costs none.
   */
  exportRange(offset: number, byteLength: number): ArrayBuffer
  /**
   * Detaches an export; once more does nothing. Its memory stays mapped until nothing can point to it any more. A fault of earlier is thrown
   * after it has been done.
   */
  releaseExport(buffer: ArrayBuffer): void
  /** The whole mapping as a `SharedArrayBuffer`, which cannot be taken back; undefined where Node has no call for it. */
  exportShared(): SharedArrayBuffer | undefined
  /** Exports that were neither released nor collected; a shared one counts until it is collected. */
  readonly exports: number
  /**
   * Raw memory for synchronous use within this package's callers: never handed on, never across an await. Counts as no export; `close`,
   * `resize` and `remap` detach it. Undefined where raw memory cannot be had (no external buffers, none of that length, a file that was not
   * kept). Over pages that may not be stored to, a store is SIGSEGV. The same range is the same array; below 64 MiB, no garbage collection.
   */
  window(offset: number, byteLength: number): Uint8Array | undefined
  /**
   * Detaches the window of that range, if there is one: the next `window` makes another. For whoever looks at much of a long mapping; the
   * system must not be reading from it any more.
   */
  closeWindow(offset: number, byteLength: number): void
  /** The bytes as a string, one code unit each, without copying them (at most 2^29 - 24). Never handed on. Undefined as for `window`. */
  latin1(offset: number, byteLength: number): string | undefined

  /** A number by which other threads of this process open the same mapping, for as long as it is open in one. */
  share(): number

  /** Lets go of the pages' page-table entries (the page cache keeps them), so that they no longer count as this process' RSS. */
  releasePages(offset: number, byteLength: number): void
  status(): FileStatus
  /** Start of the next data / hole at or after a FILE offset; -1 when there is none before the end of the file. */
  seekData(fileOffset: number): number
  seekHole(fileOffset: number): number

  /** A fault in raw memory that no call has told of yet; telling it here counts as telling. Works on a closed mapping, too. */
  takeViewFault(): { readonly offset: number; readonly fileByteLength: number } | undefined

  /**
   * Idempotent; from now on every call throws `CLOSED`. Detaches what is exported. The pages go when the last job in flight is done and
   * the last thread that opened the mapping has closed it; where memory could still be pointed to, zeros stand in its place until it cannot.
   */
  close(): void
}

export interface OpenBeneathOptions {
  readonly isWritable: boolean
  /** Default true. False refuses every symbolic link on the way and at its end, with `ELOOP`, also those that stay beneath. */
  readonly followsLinks?: boolean | undefined
}

export interface Binding {
  readonly pageSize: number
  /** What an offset must be a multiple of: the page size, but 64 KiB on Windows. */
  readonly allocationGranularity: number
  /** The system's `PROT_…`, `MAP_…`, `MADV_…` and `MS_…` numbers; a name that it does not have is not there. */
  readonly constants: Readonly<Record<string, number>>
  /** One number, raised at each fault in raw memory of this process: while it stands still, what was read from a window is true. */
  readonly viewFaults: Int32Array
  /** Random, and the same in every thread of this process: tells it from another of the same number. */
  readonly processNonce: number
  /** The ways in which this processor can run the matching loops, best first (`avx2`, `sse2`, `neon`, `plain`). */
  readonly tiers: readonly string[]
  /** Throws `TypeError` and `RangeError` for what is no pattern. `tier`: one of `tiers`, for tests; the best when absent. */
  compilePattern(spec: PatternSpec, tier?: string): NativePattern
  /** Puts our SIGBUS handler (back) in front: for after somebody may have installed another. */
  ensureFaultHandler(): void
  /** The mapping that another thread shares. Throws `CLOSED` when it is open in none. */
  openShared(id: number): NativeMapping
  /** Maps an open descriptor, which the caller keeps and may close at once; -1 is anonymous memory, and adds `MAP_ANONYMOUS`. */
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
  /**
   * Whether the path below the directory (see `openBeneath`) still leads to the regular file of that state. Opens nothing. False also for
   * what cannot be looked at, and where a symbolic link ends the path.
   */
  isFileStill(rootFd: number, path: string, followsLinks: boolean, state: FileState): boolean
  fileStatus(fd: number): FileStatus
}

/** What tells one state of a regular file from another: byteLength, device, inode, links, modifiedNs, changedNs of its `FileStatus`. */
export type FileState = BigInt64Array

/** What native code throws or rejects with: an `Error` carrying these. TypeScript above turns it into a `MapscopeError`. */
export interface NativeError extends Error {
  readonly code: 'OS' | 'FAULT' | 'CLOSED' | 'BUSY' | 'RANGE'
  /** `OS`: errno's name, as `EACCES`, its number, and the call that failed. */
  readonly errnoName?: string
  readonly errno?: number
  readonly syscall?: string
  /** `FAULT`: mapping offset of the first byte that could not be touched, and the file's size at that moment. */
  readonly offset?: number
  readonly fileByteLength?: number
  /** `FAULT`: raw memory was touched there earlier, and showed zeros or lost a store. */
  readonly isInView?: boolean
  /** `BUSY`: what is in the way. */
  readonly exports?: number
  readonly jobs?: number
  readonly otherThreads?: number
}
