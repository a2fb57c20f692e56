import { translated } from '../native_errors.ts'
import { MapscopeError } from '../shared/index.ts'
import type { MapState } from './map_state.ts'
import { MappedBytes, stateOf } from './mapped_bytes.ts'
import { nextData, nextHole } from './sparse_seek.ts'
import { type BytesLike, toBytes, toInteger, toOptionalSize, toSize } from './validate.ts'

/** What `seek` counts from. The numbers are Python's and C's for the first three. */
export type Whence = 'start' | 'current' | 'end' | 'data' | 'hole' | 0 | 1 | 2

const LINE_FEED: Uint8Array = Uint8Array.of(0x0a)
/** How far a line's end is looked for here before the addon is asked, which looks faster and takes microseconds to begin. */
const NEAR_BYTE_LENGTH = 65_536

/** The second layer of a map: the face of a file that is read and written from a position. */
export class MappedStream extends MappedBytes {
  /**
   * A copy of the next `count` bytes; all that are left when there are fewer, and when `count` is absent, `null` or negative. Empty at the end.
   * The position moves behind them. CPython's `m.read`.
   *
   * @throws `ERR_ARGUMENT` for no integer; `ERR_CLOSED`; `ERR_RANGE` when they are more than an array can hold; `ERR_FAULT`. The position stays
   *   where it was then.
   */
  read(count?: number | null): Uint8Array {
    const wanted = toOptionalSize(count, 'count')
    const state = stateOf(this)
    const left = remaining(state)
    return take(state, wanted === undefined || wanted < 0 ? left : Math.min(wanted, left))
  }

  /**
   * The next byte, 0 to 255, and the position moves on. CPython's `m.read_byte`.
   *
   * @throws `ERR_CLOSED`; `ERR_RANGE` at the end; `ERR_FAULT`. The position stays where it was then.
   */
  readByte(): number {
    const state = stateOf(this)
    if (remaining(state) === 0) throw endError(state)
    const byte = state.getByte(state.position)
    state.position++
    return byte
  }

  /**
   * A copy of the bytes through the next line feed (10), or to the end when there is none; empty at the end. The position moves behind
   * them. A carriage return means nothing. CPython's `m.readline`.
   *
   * @throws `ERR_CLOSED`; `ERR_FAULT`. The position stays where it was then.
   */
  readLine(): Uint8Array {
    const state = stateOf(this)
    const left = remaining(state)
    if (left === 0) return new Uint8Array(0)
    const { position } = state
    const near = state.raw.placeAfter(LINE_FEED[0] as number, position, Math.min(left, NEAR_BYTE_LENGTH))
    if (near !== undefined) return take(state, near - position)
    const lineFeed = state.find(LINE_FEED, { start: position, end: position + left, isReverse: false })
    return take(state, lineFeed < 0 ? left : lineFeed + 1 - position)
  }

  /**
   * Stores `bytes` at the position, which moves behind them. All or nothing. CPython's `m.write`.
   *
   * @returns how many bytes that were.
   * @throws `ERR_ARGUMENT` for no bytes; `ERR_CLOSED`; `ERR_READ_ONLY`; `ERR_RANGE` when they do not fit before the end, also for no bytes past
   *   the end; `ERR_FAULT`, and bytes before the fault are stored. The position stays where it was then.
   */
  write(bytes: BytesLike): number {
    const source = toBytes(bytes, 'bytes')
    const state = stateOf(this)
    const { length } = state
    state.assertWritable()
    const { position } = state
    if (source.length > length - position) {
      throw new MapscopeError(
        'ERR_RANGE',
        `${source.length} bytes do not fit at ${position}; the map has ${length} bytes. Resize it, or write less.`,
      )
    }
    state.copyIn(position, source)
    state.position = position + source.length
    return source.length
  }

  /**
   * Stores a byte at the position, which moves on. CPython's `m.write_byte`.
   *
   * @throws `ERR_ARGUMENT` for no integer; `ERR_RANGE` for one outside 0 to 255; `ERR_CLOSED`; `ERR_READ_ONLY`; `ERR_RANGE` at the end;
   *   `ERR_FAULT`. The position stays where it was then.
   */
  writeByte(byte: number): void {
    const value = toInteger(byte, 'byte')
    if (value < 0 || value > 255) throw new MapscopeError('ERR_RANGE', `A byte is 0 to 255, not ${value}.`)
    const state = stateOf(this)
    state.assertOpen()
    state.assertWritable()
    if (remaining(state) === 0) throw endError(state)
    state.setByte(state.position, value)
    state.position++
  }

  /**
   * Moves the position to `position` bytes from `whence`: the map's `start` (0), the `current` position (1) or the map's `end` (2). It may come to
   * lie anywhere in the map and right behind it. CPython's `m.seek`, which knows the numbers only.
   *
   * Ours: `data` and `hole` go from `position` (counted from the start) on to the next byte that the file has stored, or has not (and shows as
   * zero). Behind all data begins a hole, if only of no bytes; memory without a file is data throughout.
   *
   * @returns the new position.
   * @throws `ERR_ARGUMENT` for no integer; `ERR_CLOSED`; `ERR_ARGUMENT` for another `whence`; `ERR_RANGE` outside the map; `ERR_OS` with `ENXIO` when no
   *   data follows, or nothing at all, and `EBADF` for `data` and `hole` without a file (`trackFd: false`). The position stays where it was then.
   */
  seek(position: number, whence: Whence = 'start'): number {
    const distance = toSize(position, 'position')
    const state = stateOf(this)
    state.assertOpen()
    const target = seekTarget(state, distance, whence)
    state.position = target
    return target
  }

  /**
   * Where the next read or write begins. Past the end of the map when that has shrunk under it. CPython's `m.tell`.
   *
   * @throws `ERR_CLOSED`.
   */
  tell(): number {
    const state = stateOf(this)
    state.assertOpen()
    return state.position
  }

  /** True, on a closed map as well. CPython's `m.seekable`. */
  seekable(): boolean {
    return true
  }
}

/** Bytes from the position to the end. @throws `ERR_CLOSED`. */
function remaining(state: MapState): number {
  return Math.max(0, state.length - state.position)
}

function take(state: MapState, count: number): Uint8Array {
  const bytes = state.copy(state.position, state.position + count)
  state.position += count
  return bytes
}

function endError({ position, length }: MapState): MapscopeError {
  return new MapscopeError(
    'ERR_RANGE',
    `Position ${position} is the end of the map (${length} bytes); seek back first.`,
  )
}

function seekTarget(state: MapState, distance: number, whence: Whence): number {
  const { length } = state
  switch (whence) {
    case 'start':
    case 0:
      return inside(distance, length)
    case 'current':
    case 1:
      return inside(state.position + distance, length)
    case 'end':
    case 2:
      return inside(length + distance, length)
    case 'data':
      return translated(() => nextData(state, inside(distance, length)))
    case 'hole':
      return translated(() => nextHole(state, inside(distance, length)))
    default:
      throw new MapscopeError(
        'ERR_ARGUMENT',
        `There is no whence ${JSON.stringify(whence)}; use start, current, end, data or hole.`,
      )
  }
}

function inside(place: number, length: number): number {
  if (place >= 0 && place <= length) return place
  throw new MapscopeError('ERR_RANGE', `Position ${place} is outside the map; seek to 0 to ${length}.`)
}
