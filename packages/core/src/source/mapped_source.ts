import { binding, type FileStatus, type NativeMapping } from '@mapscope/native'
import { watchSignalListeners } from '../mmap/signal_listeners.ts'
import { closedError, faultError, translated } from '../native_errors.ts'
import { type ChunkDigests, ChunkHasher, type HashPlan, type HashRunOptions } from '../scan/hash_pieces.ts'
import {
  type BytePattern,
  type ByteRange,
  type ByteSource,
  type Chunk,
  type Extent,
  intersect,
  MapscopeError,
  type MatchInOptions,
  type MatchInResult,
  mergeRanges,
  type ScanOptions,
  type ScanResult,
  type SearchDirection,
} from '../shared/index.ts'
import { CacheLedger } from './cache_ledger.ts'
import { CacheReleasingSource } from './cache_releasing_source.ts'
import { DirectBytes } from './direct_bytes.ts'
import { fileExtents } from './file_extents.ts'
import { assertRegularFile } from './file_kind.ts'
import { hashOnThread } from './hash_threads.ts'
import { keptPages } from './kept_pages.ts'
import { type MappedFile, mapWholeFile } from './mapped_file.ts'
import { matchMapped } from './mapped_match.ts'
import { MappedScanner, type ScannedSource } from './mapped_scanner.ts'
import { abortable, type BytesRead, JobsInFlight, pairsToRanges, readBytes, settle } from './native_jobs.ts'
import { pastViewFaults } from './past_view_faults.ts'
import { ResidentBudget } from './resident_budget.ts'

export interface MappedSourceOptions {
  /** Maps for writing, straight to the file. Default: false, and then the pages themselves are read-only. */
  readonly isWritable?: boolean | undefined
}

export interface WriteOptions {
  /** Store only if these bytes, as many as are written, are there now. */
  readonly expected?: Uint8Array | undefined
}

/**
 * `replaced` is what was there: writing it back undoes the write. `status` is the file's right after the store, before the wait for the
 * disk: when a later status differs, somebody else wrote. `present` is what was there instead of the expected.
 */
export type WriteResult =
  | { readonly kind: 'stored'; readonly replaced: Uint8Array; readonly status: FileStatus }
  | { readonly kind: 'conflict'; readonly present: Uint8Array }

/**
 * A regular file as a byte source, whole and as long as it was when opened. Nothing here blocks the event loop on a disk;
 * a file cut short while open has unreadable bytes and does no harm; reading all of it does not grow the process.
 */
export class MappedSource implements ByteSource {
  readonly byteLength: number
  readonly isWritable: boolean
  readonly #file: MappedFile
  readonly #budget: ResidentBudget | undefined
  /** Statistics, strings, runs and differences by the native kernels on the pool, 16 MiB at a time. */
  readonly scanner: MappedScanner | undefined
  /** What is in memory already, without a thread between and without a copy; undefined for an empty file. */
  readonly direct: DirectBytes | undefined
  readonly #jobs: JobsInFlight = new JobsInFlight()
  #lastWrite: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  private constructor(file: MappedFile, byteLength: number, isWritable: boolean) {
    this.#file = file
    this.byteLength = byteLength
    this.isWritable = isWritable
    this.#budget = file.native === undefined ? undefined : new ResidentBudget(file.native)
    this.scanner = file.native === undefined ? undefined : this.#makeScanner(file.native)
    this.direct = file.native === undefined ? undefined : this.#makeDirect(file.native)
  }

  /**
   * Maps an open file; the caller keeps `fd` and may close it at once.
   *
   * @throws `ERR_NOT_A_FILE` for anything but a regular file; `ERR_OS`: `EBADF`, or `EACCES` when it is to be writable and `fd` is not.
   */
  static open(fd: number, { isWritable = false }: MappedSourceOptions = {}): MappedSource {
    const status = translated(() => binding.fileStatus(fd))
    assertRegularFile(status)
    return new MappedSource(mapWholeFile(fd, status.byteLength, isWritable), status.byteLength, isWritable)
  }

  /** Bytes off the main thread. Bytes the file no longer has are unreadable, also where its last page would show zeros. */
  async read(offset: number, length: number, { signal }: ScanOptions = {}): Promise<Chunk> {
    const range = { start: offset, end: offset + length }
    this.#assertOpen()
    this.#assertInside(range)
    signal?.throwIfAborted()
    const { bytes, unreadable } = await this.#jobs.track(this.#read(range, signal))
    return { offset, bytes, unreadable }
  }

  /**
   * Fills `target` at once and on this thread, when all of it is in memory: a disk is never waited for. False when it is not, when any of it
   * cannot be read, or when the system does not tell; then `target` means nothing, and `read` knows more.
   */
  readResident(offset: number, target: Uint8Array): boolean {
    if (this.direct === undefined) {
      this.#assertOpen()
      this.#assertInside({ start: offset, end: offset + target.length })
      return true
    }
    return this.direct.copyInMemory(offset, target)
  }

  /** Data and holes (SEEK_DATA, SEEK_HOLE), in order; bytes the file no longer has count as data. */
  async *extents(range: ByteRange): AsyncGenerator<Extent> {
    this.#assertOpen()
    this.#assertInside(range)
    if (this.#file.native !== undefined) yield* fileExtents(this.#file.native, range)
  }

  /** One window of a search, by the native kernel on the pool. For a whole file use `find`, which skips holes. */
  async findIn(
    needle: Uint8Array,
    range: ByteRange,
    direction: SearchDirection,
    { signal }: ScanOptions = {},
  ): Promise<ScanResult> {
    this.#assertOpen()
    this.#assertInside(range)
    if (needle.length === 0)
      throw new MapscopeError('ERR_ARGUMENT', 'There is nothing to look for; pass at least one byte.')
    signal?.throwIfAborted()
    const { native } = this.#file
    if (native === undefined) return { offset: -1, unreadable: [] }
    return await this.#jobs.track(this.#findIn(native, { needle, range, direction, signal }))
  }

  /** All hits in one window, by the native matcher on the pool. For a whole file use `search`, which skips holes. */
  async matchIn(pattern: BytePattern, range: ByteRange, options: MatchInOptions): Promise<MatchInResult> {
    this.#assertOpen()
    this.#assertInside(range)
    options.signal?.throwIfAborted()
    const { native } = this.#file
    if (native === undefined) return { count: 0, offsets: new Float64Array(0), scannedTo: range.end, unreadable: [] }
    const pages = keptPages.use(native, range)
    const work = matchMapped({
      native,
      jobs: this.#jobs,
      pattern,
      range,
      options,
      lostTail: () => this.#lostTail(),
      pages,
      onTouched: (touched) => {
        if (pages.keepsPages) keptPages.add(native, touched)
        else this.#budget?.spend(touched)
      },
    })
    return await this.#jobs.track(work)
  }

  /**
   * Hashes of a range on a thread of its own, which opens the same mapping. An abort rejects at once. For more than one algorithm, chunks
   * and progress use `hash` and `hashChunks`, which call this.
   *
   * @throws `ERR_FAULT` with the first byte that cannot be read.
   */
  async hashIn(plan: HashPlan, options: HashRunOptions): Promise<ChunkDigests> {
    this.#assertOpen()
    this.#assertInside(plan.range)
    options.signal?.throwIfAborted()
    const { native } = this.#file
    if (native === undefined) return (await ChunkHasher.of(plan)).finish()
    const mapping = translated(() => pastViewFaults(() => native.share()))
    return await abortable(this.#jobs.track(hashOnThread({ mapping, plan }, options)), options.signal)
  }

  /**
   * Stores bytes in place and flushes them to the file: one write at a time, each seeing what the one before it left.
   *
   * @throws `ERR_READ_ONLY`; `ERR_RANGE` outside the file; `ERR_FAULT` where the file was cut short or the disk is full (bytes
   *   before the fault may be stored then).
   */
  async write(offset: number, bytes: Uint8Array, { expected }: WriteOptions = {}): Promise<WriteResult> {
    this.#assertOpen()
    if (!this.isWritable)
      throw new MapscopeError('ERR_READ_ONLY', 'This source is read-only; open it with isWritable to write.')
    this.#assertInside({ start: offset, end: offset + bytes.length })
    if (expected !== undefined && expected.length !== bytes.length) {
      throw new MapscopeError(
        'ERR_ARGUMENT',
        `Expect as many bytes as are written: ${bytes.length}, not ${expected.length}.`,
      )
    }
    // Copies: the write waits its turn, and the caller may reuse its arrays meanwhile.
    const edit = { offset, bytes: new Uint8Array(bytes), expected: expected && new Uint8Array(expected) }
    const turn = this.#lastWrite.then(() => this.#write(edit))
    this.#lastWrite = turn.catch(() => undefined)
    return await this.#jobs.track(turn)
  }

  /** A number by which a worker thread opens the very same pages (`openShared` of the addon); undefined for an empty file. */
  share(): number | undefined {
    this.#assertOpen()
    watchSignalListeners()
    const { native } = this.#file
    return native && translated(() => pastViewFaults(() => native.share()))
  }

  /**
   * The same file for one scan, which gives back what it brought into the page cache (see `CacheOptions`) as it goes on, and the rest on `close`.
   * Undefined for an empty file.
   */
  releasingCache(): ByteSource | undefined {
    this.#assertOpen()
    const { native } = this.#file
    if (native === undefined) return undefined
    // With jobs of its own, to be waited for before the last pages go. Closing it leaves the file open.
    const own = new MappedSource({ ...this.#file, close: () => undefined }, this.byteLength, false)
    const ledger = new CacheLedger(native, this.#jobs)
    return new CacheReleasingSource(own, own.#makeScanner(native, ledger.around), ledger)
  }

  /** What the system says of the file now; its size may differ from `byteLength`. */
  status(): FileStatus {
    this.#assertOpen()
    return translated(() => this.#file.status())
  }

  /** Idempotent. What is in flight is finished first; what comes after is refused with `ERR_CLOSED`. */
  close(): Promise<void> {
    this.#closing ??= this.#jobs.idle().then(() => {
      if (this.#file.native !== undefined) keptPages.forget(this.#file.native)
      return this.#file.close()
    })
    return this.#closing
  }

  async #read(range: ByteRange, signal: ScanOptions['signal']): Promise<BytesRead> {
    const { native } = this.#file
    if (native === undefined || range.start === range.end) return { bytes: new Uint8Array(0), unreadable: [] }
    const { bytes, unreadable } = await readBytes(native, range, { jobs: this.#jobs, signal })
    this.#budget?.spend(range)
    const lost = intersect(range, this.#lostTail())
    return { bytes, unreadable: lost === undefined ? unreadable : mergeRanges([...unreadable, lost]) }
  }

  async #findIn(native: NativeMapping, { needle, range, direction, signal }: WindowRequest): Promise<ScanResult> {
    const isReverse = direction === 'backward'
    // The last page of a file cut short reads as zeros past its end: only what the file has before and after the scan is searched.
    for (let end = Math.min(range.end, this.#lostTail().start); ; ) {
      const isPossible = end - range.start >= needle.length
      const result = isPossible
        ? await settle(
            pastViewFaults(() => native.findAsync(needle, range.start, end, isReverse)),
            { jobs: this.#jobs, signal },
          )
        : undefined
      if (isPossible) this.#budget?.spend({ start: range.start, end })
      const lost = this.#lostTail()
      if (lost.start < end) {
        end = lost.start
        continue
      }
      const unreadable = pairsToRanges(result?.unreadable ?? [])
      return {
        offset: result?.offset ?? -1,
        unreadable: range.end > lost.start ? mergeRanges([...unreadable, lost]) : unreadable,
      }
    }
  }

  async #write({ offset, bytes, expected }: Edit): Promise<WriteResult> {
    const range = { start: offset, end: offset + bytes.length }
    const { native } = this.#file
    const { bytes: present, unreadable } = await this.#read(range, undefined)
    if (unreadable[0] !== undefined) throw this.#fault(Math.max(offset, unreadable[0].start))
    if (expected !== undefined && !expected.every((byte, at) => byte === present[at]))
      return { kind: 'conflict', present }
    if (native === undefined || bytes.length === 0)
      return { kind: 'stored', replaced: present, status: translated(() => this.#file.status()) }
    const status = await settle(
      pastViewFaults(() => native.writeAsync(offset, bytes)),
      { jobs: this.#jobs },
    )
    this.#budget?.spend(range)
    // A store behind the new end of a file cut short is lost without a signal when it lies in the last page.
    const lost = intersect(range, this.#lostTail())
    if (lost !== undefined) throw this.#fault(lost.start)
    return { kind: 'stored', replaced: present, status }
  }

  #makeScanner(native: NativeMapping, around?: ScannedSource['around']): MappedScanner {
    const assertUsable = (range: ByteRange): void => {
      this.#assertOpen()
      this.#assertInside(range)
    }
    return new MappedScanner({ native, jobs: this.#jobs, assertUsable, lostTail: () => this.#lostTail(), around })
  }

  #makeDirect(native: NativeMapping): DirectBytes {
    const assertUsable = (range: ByteRange): void => {
      this.#assertOpen()
      this.#assertInside(range)
    }
    return new DirectBytes({ native, jobs: this.#jobs, budget: this.#budget, assertUsable })
  }

  /** The part of the source that the file no longer has; empty (at the end) when it has all of it. */
  #lostTail(): ByteRange {
    const present = translated(() => this.#file.status()).byteLength
    return { start: Math.min(present, this.byteLength), end: this.byteLength }
  }

  #fault(offset: number): MapscopeError {
    return faultError({ offset, fileByteLength: this.#file.status().byteLength })
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError()
  }

  #assertInside({ start, end }: ByteRange): void {
    const isInside =
      Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && end <= this.byteLength
    if (isInside) return
    throw new MapscopeError(
      'ERR_RANGE',
      `Bytes ${start} to ${end} are outside the source; it has ${this.byteLength} bytes.`,
    )
  }
}

interface WindowRequest {
  readonly needle: Uint8Array
  readonly range: ByteRange
  readonly direction: SearchDirection
  readonly signal: ScanOptions['signal']
}

interface Edit {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly expected: Uint8Array | undefined
}
