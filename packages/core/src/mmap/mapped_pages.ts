import { binding } from '@mapscope/native'
import { osError, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import { constants } from './constants.ts'
import { type MapExtent, resolveExtent } from './indexing.ts'
import { runJob, type SignalOptions } from './jobs.ts'
import { stateOf } from './mapped_bytes.ts'
import { MappedStream } from './mapped_stream.ts'
import { toInt, toOptionalSize, toSize } from './validate.ts'

/** Pages asked about at once by `isResident`, which ends with the first that is missing. A multiple of 8. */
const RESIDENCY_PAGES = 65_536

/** 256 GiB in pages of 4 KiB, which take the system some seconds. */
const MAX_RESIDENCY_PAGES: number = 2 ** 26

/** The third layer of a map: its pages and what the system does with them. */
export class MappedPages extends MappedStream {
  /**
   * Tells the system how the pages from `start` will be used: a `MADV_…` of `constants`. CPython's `m.madvise`. Advice may be more than that:
   * `MADV_DONTNEED` and `MADV_FREE` forget what only memory had, and `MADV_REMOVE` what the file had.
   *
   * @param start a multiple of the page size, less than `length`. Default 0.
   * @param length bytes; what reaches past the end of the map is cut off. Default: to the end.
   * @throws `ERR_ARGUMENT` for no integers and for advice that this system does not have (undefined); `ERR_CLOSED`; `ERR_RANGE` for a start outside
   *   the map, a negative length and a sum beyond 64 bits; `ERR_OS` with `EINVAL` for an unaligned start and for advice that `constants` does
   *   not have, guard pages among them: touching one would be the end of the process.
   */
  advise(advice: number | undefined, start = 0, length?: number | null): void {
    const bits = toAdvice(advice)
    const offset = toSize(start, 'start')
    const wanted = toOptionalSize(length, 'length')
    const state = stateOf(this)
    const byteLength = adviceLength(offset, wanted, state.length)
    // The kernel's own answers, given here because C++ asserts them.
    if (bits < 0 || offset % binding.pageSize !== 0) throw osError({ errno: 'EINVAL', syscall: 'madvise' })
    translated(() => state.native.advise(bits, offset, byteLength), state.context)
  }

  /**
   * Asks the system to read ahead what is not in memory yet, and does not wait until it has. Ours.
   *
   * @returns a promise that rejects with `ERR_ARGUMENT`, `ERR_CLOSED`, `ERR_RANGE` outside the map, `ERR_OS`, or the signal's reason.
   */
  async prefetch(offset?: number, size?: number, options: SignalOptions = {}): Promise<void> {
    const { MADV_WILLNEED } = constants
    if (MADV_WILLNEED === undefined) return await this.populate(offset, size, options)
    const state = stateOf(this)
    const extent = this.#extent(offset, size)
    if (extent.byteLength === 0) return
    const { offset: from, byteLength } = wholePages(extent)
    await runJob(state, () => state.native.adviseAsync(MADV_WILLNEED, from, byteLength), options)
  }

  /**
   * Brings pages into memory and into the map, off the main thread: what reads them next does not wait for the disk. Ours.
   *
   * @returns a promise that resolves when they are there. It rejects with `ERR_ARGUMENT`, `ERR_CLOSED`, `ERR_RANGE` outside the map, `ERR_FAULT` for
   *   bytes that cannot be had, or the signal's reason.
   */
  async populate(offset?: number, size?: number, options: SignalOptions = {}): Promise<void> {
    const state = stateOf(this)
    const extent = this.#extent(offset, size)
    if (extent.byteLength === 0) return
    state.assertReadable(extent.offset)
    await runJob(state, () => state.native.populateAsync(extent.offset, extent.byteLength), options)
  }

  /**
   * Keeps the pages that hold the range in memory, whatever else is needed there: mlock(2). Ours.
   *
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED`; `ERR_RANGE` outside the map; `ERR_OS` with `ENOMEM`, `EPERM` or `EAGAIN` when it is more than
   *   this process may lock.
   */
  lock(offset?: number, size?: number): void {
    const state = stateOf(this)
    const { offset: from, byteLength } = this.#extent(offset, size)
    if (byteLength > 0) translated(() => state.native.lock(from, byteLength), state.context)
  }

  /** Undoes `lock`, of however many calls: munlock(2). Ours. @throws as `lock`. */
  unlock(offset?: number, size?: number): void {
    const state = stateOf(this)
    const { offset: from, byteLength } = this.#extent(offset, size)
    if (byteLength > 0) translated(() => state.native.unlock(from, byteLength), state.context)
  }

  /**
   * Labels the memory for whoever looks at the process from outside: Linux shows `[anon:mapscope:name]` in /proc/PID/maps, others show nothing, as
   * kernels do that were built without labels. '' takes it away. CPython's `m.set_name`, as of 3.15.
   *
   * @param name 66 bytes at most, of printable ASCII without `$`, backquote, backslash and square brackets.
   * @throws `ERR_ARGUMENT` for another name, and for a map of a file, which has its path there; `ERR_CLOSED`; `ERR_OS`.
   */
  setName(name: string): void {
    const label = toLabel(name)
    const state = stateOf(this)
    if (!state.plan.isAnonymous)
      throw new MapscopeError(
        'ERR_ARGUMENT',
        'Only anonymous memory can be named; the system shows a file by its path.',
      )
    try {
      translated(() => state.native.setName(label), state.context)
    } catch (error) {
      if (!isWithoutLabels(error)) throw error
    }
  }

  /**
   * Which pages are in memory: a bitmap with a bit for each page that holds some of the range, set for one that is. Ours; mincore(2). Page `i` is
   * bit `i % 8`, counted from the lowest, of byte `floor(i / 8)`; page 0 is the one of `offset`, from wherever in it. What it tells is the page cache's state at that moment, and says "in memory" of what the system does not tell.
   *
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED`; `ERR_RANGE` outside the map or of more than 2^26 pages; `ERR_OS`.
   */
  residency(offset?: number, size?: number): Uint8Array {
    const state = stateOf(this)
    const { offset: from, byteLength } = this.#extent(offset, size)
    if (byteLength === 0) return new Uint8Array(0)
    if (pageCount(from, byteLength) > MAX_RESIDENCY_PAGES)
      throw new MapscopeError('ERR_RANGE', `${byteLength} bytes are too many pages to list; ask for a part of them.`)
    return translated(() => state.native.residency(from, byteLength), state.context)
  }

  /**
   * Whether all of the range is in memory, so that reading it now will hardly wait for the disk. Ours. A microsecond for 64 KiB.
   *
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED`; `ERR_RANGE` outside the map; `ERR_OS`.
   */
  isResident(offset?: number, size?: number): boolean {
    const { offset: from, byteLength } = this.#extent(offset, size)
    const piece = RESIDENCY_PAGES * binding.pageSize
    for (let done = 0; done < byteLength; done += piece) {
      const length = Math.min(piece, byteLength - done)
      if (!isFull(this.residency(from + done, length), pageCount(from + done, length))) return false
    }
    return true
  }

  #extent(offset: unknown, size: unknown): MapExtent {
    const [from, count] = [toOptionalSize(offset, 'offset'), toOptionalSize(size, 'size')]
    return resolveExtent(from, count, stateOf(this).length)
  }
}

function pageCount(offset: number, byteLength: number): number {
  return Math.ceil((offset + byteLength) / binding.pageSize) - Math.floor(offset / binding.pageSize)
}

function isFull(bitmap: Uint8Array, bits: number): boolean {
  const whole = Math.floor(bits / 8)
  const isWholeFull = bitmap.subarray(0, whole).every((byte) => byte === 0xff)
  return isWholeFull && (bits % 8 === 0 || bitmap[whole] === 2 ** (bits % 8) - 1)
}

/** Whose memory it is; with it, the kernel's 79 bytes are CPython's 66 and some. */
const LABEL_PREFIX = 'mapscope:'
const LABEL = /^[ -~]{0,66}$/
const SIGNS_OF_THE_KERNEL = /[$`\\[\]]/

function toLabel(name: unknown): string {
  if (typeof name === 'string' && LABEL.test(name) && !SIGNS_OF_THE_KERNEL.test(name))
    return name === '' ? '' : LABEL_PREFIX + name
  throw new MapscopeError(
    'ERR_ARGUMENT',
    'A name is text of at most 66 printable ASCII characters, without $, backquote, backslash and square brackets.',
  )
}

/** No kernel refuses our labels, so EINVAL is one that has none at all; EBADF is one before 6.2 and shared memory. */
function isWithoutLabels(error: unknown): boolean {
  return error instanceof MapscopeError && ['EINVAL', 'EBADF', 'ENOTSUP'].includes(error.errno ?? '')
}

function toAdvice(advice: unknown): number {
  if (advice === undefined)
    throw new MapscopeError('ERR_ARGUMENT', 'This system does not have that advice; pass one that constants has.')
  return toInt(advice, 'advice')
}

/** 2^63 - 1 is where the model's sum of start and length overflows. */
const SUM_LIMIT = 2 ** 63

function adviceLength(start: number, wanted: number | undefined, mapLength: number): number {
  if (start < 0 || start >= mapLength)
    throw new MapscopeError('ERR_RANGE', `Cannot start at ${start}; use 0 to ${mapLength - 1}.`)
  if (wanted !== undefined && (wanted < 0 || start + wanted >= SUM_LIMIT))
    throw new MapscopeError(
      'ERR_RANGE',
      `The length is ${wanted}; pass 0 or more, or leave it out for all that follows.`,
    )
  return Math.min(wanted ?? mapLength, mapLength - start)
}

/** The range from the beginning of its first page on. */
function wholePages({ offset, byteLength }: MapExtent): MapExtent {
  const before = offset % binding.pageSize
  return { offset: offset - before, byteLength: byteLength + before }
}
