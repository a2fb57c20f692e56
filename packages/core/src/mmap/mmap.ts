import { closeSync } from 'node:fs'
import { binding, type NativeMapping } from '@mapscope/native'
import { closedError, type ErrorContext, faultError, osError, translated } from '../native_errors.ts'
import { type ByteRange, type CancelSignal, MapscopeError } from '../shared/index.ts'
import { assertRegularFile } from '../source/file_kind.ts'
import { JobsInFlight, readBytes } from '../source/native_jobs.ts'
import { openRegular, withPath } from '../source/open_file.ts'
import { copySlice, resolveBounds, resolveIndex, resolveSlice } from './indexing.ts'
import { checkDescriptor, checkLength, mapFile } from './map_file.ts'
import { type CheckedOptions, checkOptions, MAPPING_ACCESS, type MmapAccess, type MmapOptions } from './options.ts'
import { checkByte, toBytes, toInteger, toOptionalInteger } from './validate.ts'

/** Only `mmap` and `Mmap.open` make maps: a constructor with a native handle in it is nobody's business. */
const CONSTRUCTION: unique symbol = Symbol('construction')

/**
 * Maps `length` bytes of an open file (0: to its end), as CPython's `mmap.mmap`. The descriptor stays the caller's, who may close it at once.
 *
 * @throws `ERR_ARGUMENT`, `ERR_RANGE` (negative, longer than the file, or an empty file), or `ERR_OS` with `errno` `EBADF`, `EACCES`
 *   (the descriptor is not open for this access), `EINVAL` (offset between pages), `ENODEV` (no kind of file that can be mapped), `ENOMEM`.
 */
export function mmap(fd: number, length: number, options: MmapOptions = {}): Mmap {
  const descriptor = checkDescriptor(fd)
  const byteLength = checkLength(length)
  const checked = checkOptions(options)
  return new Mmap(CONSTRUCTION, mapFile(descriptor, byteLength, checked), checked)
}

/**
 * A memory map of a file with the names, defaults and checks of CPython's `mmap`. Offsets are exact at any size. A file cut short
 * under the map is `ERR_FAULT` where CPython dies. After `close()` everything but `close`, `closed`, `access` and `offset` is `ERR_CLOSED`.
 *
 * Byte access is synchronous and may wait for the disk; `readAt` never blocks the event loop.
 */
export class Mmap {
  readonly access: MmapAccess
  /** Where in the file the map begins. Indexes and results count from there. */
  readonly offset: number
  readonly #native: NativeMapping
  readonly #jobs: JobsInFlight = new JobsInFlight()
  readonly #context: ErrorContext
  #isClosed = false
  #readsInFlight = 0

  /** @internal */
  constructor(key: typeof CONSTRUCTION, native: NativeMapping, { access, offset }: CheckedOptions) {
    if (key !== CONSTRUCTION)
      throw new MapscopeError('ERR_ARGUMENT', 'Maps are made by mmap(fd, length) or Mmap.open(path).')
    this.#native = native
    this.access = access
    this.offset = offset
    this.#context = { mapOffset: offset }
  }

  /**
   * Opens a file, maps it from `options.offset` to its end, and lets the descriptor go.
   *
   * @throws as `mmap`, with the path; `ERR_NOT_A_FILE` for a directory, pipe, socket or device, without waiting for anyone at its other
   *   end; `ERR_OS` when it cannot be opened (`ENOENT`, `EACCES`).
   */
  static open(path: string, options: MmapOptions = {}): Mmap {
    const checked = checkOptions(options)
    const fd = openRegular(path, MAPPING_ACCESS[checked.access] === 'write')
    try {
      assertRegularFile(translated(() => binding.fileStatus(fd)))
      return mmap(fd, 0, checked)
    } catch (error) {
      throw withPath(error, path)
    } finally {
      closeSync(fd)
    }
  }

  /** Bytes mapped; fixed, whatever becomes of the file. */
  get length(): number {
    this.#assertOpen()
    return this.#native.byteLength
  }

  get closed(): boolean {
    return this.#isClosed
  }

  /**
   * The byte at `index`; negative ones count from the end.
   *
   * Of a file that was cut short, the kernel shows zeros from its present end to the end of that page, and so does this: asking for the
   * file's size each time would double the price. `slice`, `find` and `readAt` ask, and say `ERR_FAULT`.
   *
   * @throws `ERR_RANGE`; `ERR_FAULT`.
   */
  at(index: number): number {
    this.#assertOpen()
    const converted = toInteger(index, 'index')
    const place = resolveIndex(converted, this.length)
    return translated(() => this.#native.getByte(place), this.#context)
  }

  /**
   * Stores a byte (0 to 255) at `index`. Between the present end of a file that was cut short and the end of that page a store is lost
   * without an error, as with the zeros of `at`.
   *
   * @throws `ERR_READ_ONLY`, then `ERR_RANGE`, then `ERR_ARGUMENT`; `ERR_FAULT`.
   */
  set(index: number, byte: number): void {
    this.#assertOpen()
    this.#assertWritable()
    const converted = toInteger(index, 'index')
    const place = resolveIndex(converted, this.length)
    const value = toInteger(byte, 'byte')
    this.#assertOpen()
    checkByte(value)
    translated(() => this.#native.setByte(place, value), this.#context)
  }

  /**
   * A copy of the bytes from `start` to before `end`, every `step`th of them: Python's `map[start:end:step]`, negative steps included.
   *
   * @throws `ERR_ARGUMENT` for a step of 0, `ERR_RANGE` when the copy is longer than an array can be, `ERR_FAULT`.
   */
  slice(start?: number, end?: number, step?: number): Uint8Array {
    this.#assertOpen()
    const bounds = {
      start: toOptionalInteger(start, 'start'),
      end: toOptionalInteger(end, 'end'),
      step: toOptionalInteger(step, 'step'),
    }
    const places = resolveSlice(bounds, this.length)
    return translated(() => copySlice(this.#native, places), this.#context)
  }

  /**
   * Offset of the first match wholly inside `start` to `end`, or -1. Bounds count from the end when negative and are clamped; an empty
   * needle is found at `start`. `start` defaults to 0, which is where CPython's default, the stream position, is on a fresh map;
   * maps have no position yet.
   *
   * @throws `ERR_FAULT` when a byte in the way cannot be read.
   */
  find(needle: Uint8Array, start?: number, end?: number): number {
    return this.#search(needle, start, end, false)
  }

  /** As `find`, from the end: the last match, and `end` for an empty needle. */
  rfind(needle: Uint8Array, start?: number, end?: number): number {
    return this.#search(needle, start, end, true)
  }

  /**
   * Waits until the bytes are on the disk; on `read` and `copy` maps there is nothing to do. `size` defaults to all that follows.
   *
   * @throws `ERR_RANGE` outside the map; `ERR_OS` with `EINVAL` for an offset that is no multiple of the page size.
   */
  flush(offset?: number, size?: number): void {
    this.#assertOpen()
    const from = toOptionalInteger(offset, 'offset') ?? 0
    const count = toOptionalInteger(size, 'size')
    const { length } = this
    const byteLength = count ?? length - from
    if (from < 0 || byteLength < 0 || from > length || byteLength > length - from) {
      throw new MapscopeError('ERR_RANGE', `Cannot flush ${byteLength} bytes at ${from}; the map has ${length} bytes.`)
    }
    if (MAPPING_ACCESS[this.access] !== 'write') return
    if (from % binding.pageSize !== 0) throw osError({ errno: 'EINVAL', syscall: 'msync' })
    if (byteLength > 0) translated(() => this.#native.flush(from, byteLength))
  }

  /** Bytes the file has now: all of it, not from `offset`, and not the map's length. */
  size(): number {
    this.#assertOpen()
    return translated(() => this.#native.status().byteLength)
  }

  /**
   * A copy of `length` bytes from `offset`, read on another thread. A read that was begun before `close()` is finished, whatever its length.
   *
   * @returns a promise that rejects with `ERR_RANGE` outside the map (nothing is clamped), `ERR_FAULT`, or the signal's reason.
   */
  async readAt(
    offset: number,
    length: number,
    options: { readonly signal?: CancelSignal | undefined } = {},
  ): Promise<Uint8Array> {
    this.#assertOpen()
    const from = toInteger(offset, 'offset')
    const count = toInteger(length, 'length')
    const { length: mapLength } = this
    if (from < 0 || count < 0 || count > mapLength - from) {
      throw new MapscopeError('ERR_RANGE', `Cannot read ${count} bytes at ${from}; the map has ${mapLength} bytes.`)
    }
    options.signal?.throwIfAborted()
    if (count === 0) return new Uint8Array(0)
    return await this.#read({ start: from, end: from + count }, options.signal)
  }

  /** Unmaps, once reads in flight are done. Idempotent; does not flush. The caller's descriptor is left alone. */
  close(): void {
    this.#isClosed = true
    if (this.#readsInFlight === 0) this.#native.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** The bytes as numbers, each read when it is asked for. */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    const { length } = this
    for (let index = 0; index < length; index++) yield this.at(index)
  }

  #search(needle: Uint8Array, start: number | undefined, end: number | undefined, isReverse: boolean): number {
    this.#assertOpen()
    const bytes = toBytes(needle, 'needle')
    const bounds = resolveBounds(toOptionalInteger(start, 'start'), toOptionalInteger(end, 'end'), this.length)
    if (bounds === undefined || bytes.length > bounds.end - bounds.start) return -1
    if (bytes.length === 0) return isReverse ? bounds.end : bounds.start
    return translated(() => this.#native.find(bytes, bounds.start, bounds.end, isReverse), this.#context)
  }

  /** A long read is several native jobs, one after the other: the mapping stays open for all of them. */
  async #read(range: ByteRange, signal: CancelSignal | undefined): Promise<Uint8Array> {
    this.#readsInFlight++
    try {
      const { bytes, unreadable } = await readBytes(this.#native, range, { jobs: this.#jobs, signal })
      if (unreadable[0] === undefined) return bytes
      const { byteLength } = translated(() => this.#native.status())
      throw faultError({ offset: unreadable[0].start, fileByteLength: byteLength, ...this.#context })
    } finally {
      this.#readsInFlight--
      if (this.#isClosed && this.#readsInFlight === 0) this.#native.close()
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw closedError()
  }

  #assertWritable(): void {
    if (this.access === 'read')
      throw new MapscopeError('ERR_READ_ONLY', 'This map is read-only; open it with access "write" or "copy".')
  }
}
