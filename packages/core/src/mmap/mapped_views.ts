import { translated } from '../native_errors.ts'
import { type ByteRange, isMapscopeError, MapscopeError } from '../shared/index.ts'
import { resolveBounds, resolveSlice } from './indexing.ts'
import { Lease } from './lease.ts'
import { placeOfCaller } from './leases.ts'
import type { MapState } from './map_state.ts'
import { MappedBacking } from './mapped_backing.ts'
import { stateOf } from './mapped_bytes.ts'
import { searchRegExp, toMatcher } from './regexp_search.ts'
import { type MmapHandle, makeHandle } from './share.ts'
import { watchSignalListeners } from './signal_listeners.ts'
import { toOptionalInteger } from './validate.ts'

export interface SearchOptions {
  /** Where a match may begin first; negative counts from the end, and it is clamped. Default 0, wherever the position of the stream is. */
  readonly start?: number | null | undefined
  /** Where the bytes end, as far as the expression can tell; counted and clamped likewise. Default: the end of the map. */
  readonly end?: number | null | undefined
}

/** A match, in offsets of the map. `m.slice(offset, offset + byteLength)` has its bytes. */
export interface SearchMatch {
  readonly offset: number
  readonly byteLength: number
  /** The groups by number, undefined where one took no part; `captures[0]` is the whole match. */
  readonly captures: readonly (ByteRange | undefined)[]
  /** The named groups. */
  readonly groups: Readonly<Record<string, ByteRange | undefined>>
}

/** The fifth layer of a map: what goes beyond the model, with the memory itself in others' hands. */
export class MappedViews extends MappedBacking {
  /**
   * Lends the bytes from `start` to before `end` themselves, without a copy: CPython's `memoryview(m)[start:end]`. Negative places count
   * from the end, and both are clamped. Until every lease is released (`using`), `close`, `resize` and `remap` throw `ERR_EXPORTED`.
   *
   * JavaScript has no array that cannot be stored to. So of a map that cannot, the lease shows private pages: what is stored there is seen
   * in that lease alone, and reaches neither the file nor the map. Each such lease is a mapping of its own, and stays one until the garbage collector has
   * been: for thousands of small pieces take one lease and its `subarray`s.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` for no integers, for pages that cannot be read, and for a read-only map that keeps no file (`trackFd: false`),
   *   which cannot be mapped once more; `ERR_RANGE` for more bytes than the engine has in one buffer (4 GiB in Node 20); `ERR_OS`.
   */
  view(start?: number | null, end?: number | null): Lease {
    const state = stateOf(this)
    state.assertOpen()
    const bounds = { start: toOptionalInteger(start, 'start'), end: toOptionalInteger(end, 'end'), step: 1 }
    const { start: from, count } = resolveSlice(bounds, state.length)
    assertLendable(state)
    const buffer = count === 0 ? undefined : exportBuffer(state, from, count)
    return new Lease({ leases: state.leases, start: from, buffer, place: placeOfCaller(MappedViews.prototype.view) })
  }

  /**
   * All of the map as a `SharedArrayBuffer`, which workers can be sent and `Atomics` work on. It cannot be taken back: the map counts it among its
   * views until nobody has it any more, and after `close({ force: true })` it shows zeros. `share` is the way that can be closed. Of a map that
   * cannot be stored to, it shows private pages, as a lease does. `Atomics.wait` and `notify` do not reach other processes.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` as `view`, and where Node has no call for it (before 22.23, 24.21 and 26); `ERR_RANGE`; `ERR_OS`.
   */
  sharedBuffer(): SharedArrayBuffer {
    const state = stateOf(this)
    state.assertOpen()
    assertLendable(state)
    watchSignalListeners()
    const buffer = translated(() => state.native.exportShared(), state.context)
    if (buffer === undefined) {
      throw new MapscopeError(
        'ERR_ARGUMENT',
        `Node ${process.versions.node} cannot make a SharedArrayBuffer of a map; send share() to the other thread instead.`,
      )
    }
    state.leases.note(buffer, placeOfCaller(MappedViews.prototype.sharedBuffer))
    return buffer
  }

  /**
   * A handle by which another thread of this process opens the same map (`Mmap.openShared`): the very same pages, private and anonymous
   * ones included, without a descriptor and without mapping the file again. Each thread has its own position and leases, and closes its own;
   * the pages go with the last. Ours.
   *
   * @throws `ERR_CLOSED`.
   */
  share(): MmapHandle {
    const state = stateOf(this)
    state.assertOpen()
    // The other thread cannot, and may make views.
    watchSignalListeners()
    return makeHandle(
      translated(() => state.native.share(), state.context),
      state.plan,
    )
  }

  /**
   * The first match of an expression over the bytes, without copying them, or null. CPython's `re.search(pattern, m)` and, with `start` and
   * `end`, `pattern.search(m, start, end)`: `^` and look-behinds see what is before `start`, and nothing sees what is behind `end`.
   *
   * Each byte is a character of its own, U+0000 to U+00FF: write `\xE8` for the byte E8, and `[^]` for any. `i` folds as text does (E0 is C0), `\s` has
   * A0, `\w` is ASCII; `u` and `v` make no pairs of bytes. With `y` the match must begin at `start`. `g` and `lastIndex` are neither used nor changed.
   *
   * Up to 512 MiB before `end` all is as in one string. Beyond, an expression is sure to see 32 MiB before and behind a match's start:
   * a longer match may be missed. It runs to its end on this thread, however long it takes: use a worker for an expression that you did not write.
   *
   * @throws `ERR_ARGUMENT` for no expression and no integers; `ERR_CLOSED`; `ERR_FAULT` when bytes that decide it cannot be read; `ERR_RANGE` for
   *   a match longer than the engine's strings, and for an expression that its stack is too small for.
   */
  search(regexp: RegExp, options: SearchOptions = {}): SearchMatch | null {
    const matcher = toMatcher(regexp)
    const [low, high] = [toOptionalInteger(options.start, 'start'), toOptionalInteger(options.end, 'end')]
    const state = stateOf(this)
    const bounds = resolveBounds(low ?? 0, high, state.length)
    const match = bounds && searchRegExp(state, matcher, bounds)
    if (match === undefined) return null
    const { start, end } = match.captures[0] as ByteRange
    return { offset: start, byteLength: end - start, ...match }
  }
}

function assertLendable({ plan }: MapState): void {
  if (!plan.isReadable)
    throw new MapscopeError('ERR_ARGUMENT', 'This map has no PROT_READ: touching a view of it would end the process.')
  if (plan.access === 'read' && !plan.keepsFile) {
    throw new MapscopeError(
      'ERR_ARGUMENT',
      'A view of a read-only map is a private mapping of its file, which this one did not keep (trackFd: false); map it with trackFd, or use slice.',
    )
  }
}

function exportBuffer(state: MapState, start: number, count: number): ArrayBuffer {
  watchSignalListeners()
  try {
    // Not marked as untransferable, which Node has seen to with all memory that is not its own: since Node 24 that puts a key on the buffer, without which
    // Node-API cannot detach it, and ends the process.
    return translated(() => state.native.exportRange(start, count), state.context)
  } catch (error) {
    if (!isMapscopeError(error, 'ERR_RANGE')) throw error
    throw new MapscopeError(
      'ERR_RANGE',
      `The engine has no buffer of ${count} bytes; view a part: view(${start}, ${start} + 2 ** 30).`,
      { cause: error },
    )
  }
}
