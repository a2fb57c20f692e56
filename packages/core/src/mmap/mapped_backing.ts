import { faultError, osError, translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import { allocate, pairsToRanges } from '../source/native_jobs.ts'
import { type FileChange, fileChange } from './file_change.ts'
import { type FlushOptions, planFlush } from './flush.ts'
import { type MapExtent, resolveExtent } from './indexing.ts'
import { runJob, type SignalOptions } from './jobs.ts'
import { lengthInFile } from './map_file.ts'
import type { MapState } from './map_state.ts'
import { stateOf } from './mapped_bytes.ts'
import { MappedPages } from './mapped_pages.ts'
import { toSize } from './validate.ts'

/** The fourth layer of a map: the file (or memory) behind it, and moving bytes between the two. */
export class MappedBacking extends MappedPages {
  /**
   * Bytes the file has now: all of it, not from `offset`, and not the map's length. Of anonymous memory the map's length. CPython's `m.size`, as
   * since 3.15.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` for a map that keeps no file (`trackFd: false`); `ERR_OS`.
   */
  size(): number {
    const state = stateOf(this)
    const { length } = state
    state.assertKeepsFile()
    return state.plan.isAnonymous ? length : translated(() => state.native.status().byteLength)
  }

  /**
   * Waits until `size` bytes from `offset` are on the disk: msync(2). On `read` and `copy` maps there is nothing to do, at any offset. CPython's
   * `m.flush`; as since 3.15, `offset` alone reaches to the end, and there are flags.
   *
   * @param offset a multiple of the page size. Default 0.
   * @throws `ERR_ARGUMENT`; `ERR_CLOSED`; `ERR_RANGE` outside the map; `ERR_OS` with `EINVAL` for an offset between pages, or what the disk says.
   */
  flush(offset?: number, size?: number, options: FlushOptions = {}): void {
    const state = stateOf(this)
    const { offset: from, byteLength } = planFlush(state, offset, size, options)
    if (byteLength > 0) translated(() => state.native.flush(from, byteLength), state.context)
  }

  /**
   * As `flush`, on another thread. Ours.
   *
   * @returns a promise that rejects with what `flush` throws, or the signal's reason; a flush that has begun goes on all the same.
   */
  async flushAsync(offset?: number, size?: number, options: SignalOptions = {}): Promise<void> {
    const state = stateOf(this)
    const { offset: from, byteLength } = planFlush(state, offset, size)
    if (byteLength > 0) await runJob(state, () => state.native.flushAsync(from, byteLength), options)
  }

  /**
   * Makes the map, and the file with it, longer or shorter: the file to `offset + newLength` bytes, also when the map ended before the file
   * did. New bytes are zeros; the position stays, even past the end. CPython's `m.resize`. Memory that is shared with nobody (`MAP_PRIVATE`) grows
   * and shrinks; shared anonymous memory only shrinks. The system may run out of disk later, when the new bytes are stored to.
   *
   * @throws `ERR_ARGUMENT` for no integer; `ERR_CLOSED`; `ERR_EXPORTED` while views are out; `ERR_ARGUMENT` for a map that keeps no file (`trackFd:
   *   false`); `ERR_READ_ONLY` for `read` and `copy` maps; `ERR_RANGE` for a negative length and for growing shared anonymous memory; `ERR_OS` with `EINVAL`
   *   for a length of 0, where CPython cuts the file first; `ERR_EXPORTED` while reads are in flight or another thread has the map open;
   *   `ERR_OS` with what the system says.
   */
  resize(newLength: number): void {
    const length = toSize(newLength, 'newLength')
    const state = stateOf(this)
    state.assertOpen()
    state.assertNotExported()
    state.assertKeepsFile()
    checkResize(state, length)
    changePages(state, () => state.native.resize(length))
    if (!state.plan.isAnonymous) state.knownFileByteLength = state.plan.offset + length
  }

  /**
   * Maps the file anew from the same offset, to follow one that has grown, been cut, or been patched after a fault: `length` bytes, by default
   * (and for 0) to its present end. The file is left alone. What a `copy` map has stored is lost. Ours.
   *
   * @throws `ERR_ARGUMENT` for no integer; `ERR_CLOSED`; `ERR_EXPORTED` while views are out; `ERR_ARGUMENT` for memory without a file, and for a map
   *   that keeps none; `ERR_RANGE` when the file has fewer bytes; `ERR_EXPORTED` while reads are in flight; `ERR_OS`.
   */
  remap(length = 0): void {
    const wanted = toSize(length, 'length')
    const state = stateOf(this)
    state.assertOpen()
    state.assertNotExported()
    state.assertKeepsFile()
    if (state.plan.isAnonymous) throw new MapscopeError('ERR_ARGUMENT', 'Memory has no file to follow; use resize.')
    if (wanted < 0) throw new MapscopeError('ERR_RANGE', `The length is ${wanted}; pass 1 or more, or 0 for all.`)
    const status = translated(() => state.native.status(), state.context)
    const byteLength = status.kind === 'file' ? lengthInFile(status, wanted, state.plan.offset) : wanted || state.length
    changePages(state, () => state.native.remap(byteLength))
    state.knownFileByteLength = status.byteLength
  }

  /**
   * What became of the file since it was mapped (or since `resize` or `remap`): whether it grew, was cut, deleted or replaced. Ours.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` for a map that keeps no file (`trackFd: false`); `ERR_OS`.
   */
  fileChange(): FileChange {
    const state = stateOf(this)
    state.assertOpen()
    state.assertKeepsFile()
    return fileChange(state)
  }

  /**
   * A copy of `length` bytes from `offset`, read on another thread: the event loop never waits for the disk. A read that was begun before
   * `close()` is finished. Ours.
   *
   * @returns a promise that rejects with `ERR_ARGUMENT`, `ERR_CLOSED`, `ERR_RANGE` outside the map (nothing is clamped) or for more than an array can hold,
   *   `ERR_FAULT` at the first byte that cannot be read, or the signal's reason.
   */
  async readAt(offset: number, length: number, options: SignalOptions = {}): Promise<Uint8Array> {
    const [from, count] = [toSize(offset, 'offset'), toSize(length, 'length')]
    const state = stateOf(this)
    const extent = resolveExtent(from, count, state.length)
    options.signal?.throwIfAborted()
    if (count === 0) return new Uint8Array(0)
    state.assertReadable(from)
    return await state.holdOpen(() => read(state, extent, options))
  }
}

function changePages(state: MapState, change: () => void): void {
  try {
    translated(change, state.context)
  } finally {
    state.followPages()
  }
}

/** One job for any length: pieces would each be copied once more, on the main thread. */
async function read(state: MapState, { offset, byteLength }: MapExtent, options: SignalOptions): Promise<Uint8Array> {
  const bytes = allocate(byteLength)
  const pairs = await runJob(state, () => state.native.readIntoAsync(offset, bytes), options)
  const [unreadable] = pairsToRanges(pairs)
  if (unreadable === undefined) return bytes
  const fileByteLength = state.plan.keepsFile ? translated(() => state.native.status()).byteLength : undefined
  throw faultError({ offset: unreadable.start, fileByteLength, ...state.context })
}

function checkResize({ plan, length: present }: MapState, length: number): void {
  if (plan.access === 'read' || plan.access === 'copy')
    throw new MapscopeError('ERR_READ_ONLY', `A map with access "${plan.access}" cannot resize its file; use "write".`)
  if (length < 0 || length > Number.MAX_SAFE_INTEGER - plan.offset)
    throw new MapscopeError('ERR_RANGE', `The new length is ${length}; pass 1 or more, within what a file can have.`)
  if (length === 0) throw osError({ errno: 'EINVAL', syscall: 'mremap' })
  if (plan.isAnonymous && plan.isShared && length > present)
    throw new MapscopeError('ERR_RANGE', 'Shared memory cannot grow; map it with flags: constants.MAP_PRIVATE.')
}
