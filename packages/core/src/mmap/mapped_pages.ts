import { binding } from '@mapscope/native'
import { osError, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import { constants } from './constants.ts'
import { type MapExtent, resolveExtent } from './indexing.ts'
import { runJob, type SignalOptions } from './jobs.ts'
import { stateOf } from './mapped_bytes.ts'
import { MappedStream } from './mapped_stream.ts'
import { toInt, toOptionalSize, toSize } from './validate.ts'

/** Pages asked about at once by `isResident`: the answer takes a byte for each. */
const RESIDENCY_PAGES = 65_536

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
   * Which pages are in memory: a byte for each page that holds some of the range, 1 for one that is. Ours; mincore(2). The first is the page of
   * `offset`, from wherever in it. What it tells is the page cache's state at that moment, and says "in memory" of what the system does not tell.
   *
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED`; `ERR_RANGE` outside the map or of more pages than an array holds; `ERR_OS`.
   */
  residency(offset?: number, size?: number): Uint8Array {
    const state = stateOf(this)
    const { offset: from, byteLength } = this.#extent(offset, size)
    if (byteLength === 0) return new Uint8Array(0)
    if (byteLength / binding.pageSize > MAX_RESIDENCY_PAGES)
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
      const pages = this.residency(from + done, Math.min(piece, byteLength - done))
      if (pages.includes(0)) return false
    }
    return true
  }

  #extent(offset: unknown, size: unknown): MapExtent {
    const [from, count] = [toOptionalSize(offset, 'offset'), toOptionalSize(size, 'size')]
    return resolveExtent(from, count, stateOf(this).length)
  }
}

const MAX_RESIDENCY_PAGES: number = 2 ** 31

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
