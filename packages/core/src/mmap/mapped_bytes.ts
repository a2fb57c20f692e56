import { MapscopeError } from '../shared/index.ts'
import { allocate } from '../source/native_jobs.ts'
import { checkStep, resolveBounds, resolveExtent, resolveIndex, resolveSlice, type SliceBounds } from './indexing.ts'
import { MapState } from './map_state.ts'
import type { MmapAccess } from './options.ts'
import { copySlice, storeSlice } from './strided.ts'
import { type BytesLike, checkByte, toBytes, toInteger, toOptionalInteger, toSize } from './validate.ts'

/** The other layers' way to what is private here. No property of a map leads to it. */
export let stateOf: (map: MappedBytes) => MapState

/** The first layer of a map: its life, and its bytes by index. */
export class MappedBytes {
  readonly #state: MapState

  static {
    stateOf = (map) => map.#state
  }

  /** @internal */
  protected constructor(state: MapState) {
    if (!(state instanceof MapState))
      throw new MapscopeError('ERR_ARGUMENT', 'Maps are made by mmap(fd, length) or Mmap.open(path).')
    this.#state = state
  }

  /**
   * What stores do. As it was asked for, but what `flags` and `prot` stand for when those were given: without `PROT_WRITE` it is `read`.
   * Answers on a closed map, too.
   */
  get access(): MmapAccess {
    return this.#state.plan.access
  }

  /** Where in the file the map begins, in bytes. Indexes, positions and results count from there. Answers on a closed map, too. */
  get offset(): number {
    return this.#state.plan.offset
  }

  /**
   * Bytes mapped; fixed until `resize` or `remap`, whatever becomes of the file. CPython's `len(m)`.
   *
   * @throws `ERR_CLOSED`.
   */
  get length(): number {
    return this.#state.length
  }

  /** Whether `close` was called. Never throws. CPython's `mmap.closed`. */
  get closed(): boolean {
    return this.#state.isClosed
  }

  /**
   * The byte at `index`, 0 to 255; negative indexes count from the end. CPython's `m[i]`.
   *
   * Of a file that was cut short, the kernel shows zeros from its present end to the end of that page, and so does this: asking for the
   * file's size each time would double the price. `slice`, `find` and `readAt` ask, and say `ERR_FAULT`.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` for no integer; `ERR_RANGE` outside the map; `ERR_FAULT`.
   */
  at(index: number): number {
    const state = this.#state
    const byte = state.raw.byteAt(index)
    if (byte !== undefined) return byte
    state.assertOpen()
    const converted = toInteger(index, 'index')
    return state.getByte(resolveIndex(converted, state.length))
  }

  /**
   * Stores a byte (0 to 255) at `index`; negative indexes count from the end. CPython's `m[i] = byte`. Between the present end of a file
   * that was cut short and the end of that page a store is lost without an error, as with the zeros of `at`.
   *
   * @throws `ERR_CLOSED`; `ERR_READ_ONLY`; `ERR_ARGUMENT` for an index that is no integer; `ERR_RANGE` outside the map; `ERR_ARGUMENT` for
   *   no byte; `ERR_FAULT`.
   */
  set(index: number, byte: number): void {
    const state = this.#state
    if (state.raw.store(index, byte)) return
    state.assertOpen()
    state.assertWritable()
    const converted = toInteger(index, 'index')
    resolveIndex(converted, state.length)
    const value = checkByte(toInteger(byte, 'byte'))
    // Again: asking the byte for its number may have closed or resized the map.
    state.setByte(resolveIndex(converted, state.length), value)
  }

  /**
   * A copy of the bytes from `start` to before `end`, every `step`th of them. CPython's `m[start:end:step]`: negative places count from
   * the end, all are clamped, and a negative step walks backwards. `null` is as good as nothing.
   *
   * @throws `ERR_CLOSED`; `ERR_ARGUMENT` for no integer and for a step of 0; `ERR_RANGE` when the copy is longer than an array can be;
   *   `ERR_FAULT`.
   */
  slice(start?: number | null, end?: number | null, step?: number | null): Uint8Array {
    const state = this.#state
    const copy = step === undefined ? state.raw.copy(start, end) : undefined
    if (copy !== undefined) return copy
    state.assertOpen()
    const bounds = toBounds(start, end, step)
    return copySlice(state, resolveSlice(bounds, state.length))
  }

  /**
   * Stores `bytes` at the places that `slice` with the same bounds would copy: exactly as many. CPython's `m[start:end:step] = bytes`.
   * Views of this map are fine as `bytes`, also where they overlap. Nothing is stored when it throws, but for `ERR_FAULT`.
   *
   * @throws `ERR_CLOSED`; `ERR_READ_ONLY`; `ERR_ARGUMENT` for bounds that are no integers, a step of 0, and for no bytes; `ERR_RANGE` for too
   *   many or too few of them; `ERR_FAULT`.
   */
  setSlice(
    start: number | null | undefined,
    end: number | null | undefined,
    step: number | null | undefined,
    bytes: BytesLike,
  ): void {
    const state = this.#state
    state.assertOpen()
    state.assertWritable()
    const bounds = toBounds(start, end, step)
    checkStep(bounds.step)
    const source = toBytes(bytes, 'bytes')
    const places = resolveSlice(bounds, state.length)
    if (source.length !== places.count)
      throw new MapscopeError('ERR_RANGE', `The slice has ${places.count} bytes; pass that many, not ${source.length}.`)
    storeSlice(state, places, source)
  }

  /**
   * Fills `target` with the bytes from `start` on: `slice` without an array of its own, for loops. Ours; CPython has no `readinto`.
   *
   * @throws `ERR_ARGUMENT` for no array of bytes or no integer; `ERR_CLOSED`; `ERR_RANGE` when the map has fewer bytes (nothing is clamped);
   *   `ERR_FAULT`, and the bytes before the fault are there.
   */
  copyInto(target: BytesLike, start = 0): void {
    const bytes = toBytes(target, 'target')
    const from = toSize(start, 'start')
    const state = this.#state
    if (state.raw.fill(bytes, from)) return
    const { length } = state
    resolveExtent(from, bytes.length, length)
    if (state.native.exports === 0) {
      state.copyOut(from, bytes)
      return
    }
    // The target may be a view of this map, and lie over what is copied.
    const copy = allocate(bytes.length)
    state.copyOut(from, copy)
    bytes.set(copy)
  }

  /**
   * Moves `count` bytes from `src` to `dest` within the map, as if by way of a copy where the two overlap. CPython's `m.move`.
   *
   * @throws `ERR_ARGUMENT` for no integers; `ERR_CLOSED`; `ERR_READ_ONLY`; `ERR_RANGE` when not both lie wholly inside the map; `ERR_FAULT`,
   *   and some bytes have been moved then.
   */
  move(dest: number, src: number, count: number): void {
    const [to, from, byteLength] = [toSize(dest, 'dest'), toSize(src, 'src'), toSize(count, 'count')]
    const state = this.#state
    const { length } = state
    state.assertWritable()
    resolveExtent(to, byteLength, length)
    resolveExtent(from, byteLength, length)
    state.move(to, from, byteLength)
  }

  /**
   * Offset of the first match wholly inside `start` to `end`, or -1. Takes linear time. CPython's `m.find`: `start` defaults to the
   * position of the stream (see `seek`), which stays where it is, and `end` to the end of the map; negative bounds count from the end, both
   * are clamped, and an empty needle is found at `start` unless that lies past the end. An `end` counts without a `start` as well, where
   * CPython forgets it. Reads no byte outside the bounds.
   *
   * @throws `ERR_ARGUMENT` for no bytes and no integers; `ERR_CLOSED`; `ERR_FAULT` when a byte in the way cannot be read.
   */
  find(needle: BytesLike, start?: number | null, end?: number | null): number {
    return this.#search(needle, { start, end, isReverse: false })
  }

  /**
   * Offset of the last match wholly inside `start` to `end`, or -1; for an empty needle `end`. CPython's `m.rfind`, whose default for
   * `start` is the position of the stream as well: nothing before it is found.
   *
   * @throws as `find`.
   */
  rfind(needle: BytesLike, start?: number | null, end?: number | null): number {
    return this.#search(needle, { start, end, isReverse: true })
  }

  /**
   * The bytes as numbers, from index 0 to the end, each read when it is asked for. CPython yields `bytes` of length 1 instead.
   *
   * @throws `ERR_CLOSED` on the first step after `close`; `ERR_FAULT`.
   */
  *[Symbol.iterator](): Generator<number, void, undefined> {
    for (let index = 0; index < this.length; index++) yield this.at(index)
  }

  /**
   * Unmaps, once reads in flight are done. Idempotent; does not flush. The caller's descriptor is left alone. CPython's `m.close`, which
   * refuses as well while views are out. `force` takes them back instead: their bytes are empty at once. Whatever else is still busy with such
   * memory (`fs.write`, a socket, another thread) goes on safely, and meets zeros.
   *
   * @throws `ERR_EXPORTED`, and the map stays as it is; `ERR_FAULT` when stores through views were lost and no call has said so yet: the
   *   map is closed then, as a file is when `fclose` fails.
   */
  close(options: CloseOptions = {}): void {
    this.#state.close(options.force === true)
  }

  /** `close`, at the end of the block of `using`. CPython's `with`. */
  [Symbol.dispose](): void {
    this.close()
  }

  #search(needle: BytesLike, { start, end, isReverse }: Search): number {
    const bytes = toBytes(needle, 'needle')
    const [low, high] = [toOptionalInteger(start, 'start'), toOptionalInteger(end, 'end')]
    const state = this.#state
    const bounds = resolveBounds(low ?? state.position, high, state.length)
    if (bounds === undefined || bytes.length > bounds.end - bounds.start) return -1
    if (bytes.length === 0) return isReverse ? bounds.end : bounds.start
    return state.find(bytes, { ...bounds, isReverse })
  }
}

export interface CloseOptions {
  /** Close although views are out. Default false. */
  readonly force?: boolean | undefined
}

interface Search {
  readonly start: number | null | undefined
  readonly end: number | null | undefined
  readonly isReverse: boolean
}

function toBounds(start: unknown, end: unknown, step: unknown): SliceBounds {
  return {
    start: toOptionalInteger(start, 'start'),
    end: toOptionalInteger(end, 'end'),
    step: toOptionalInteger(step, 'step'),
  }
}
