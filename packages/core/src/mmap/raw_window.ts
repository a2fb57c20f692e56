import { binding, type NativeMapping } from '@mapscope/native'
import type { ByteRange } from '../shared/index.ts'
import type { MapPlan } from './map_plan.ts'
import { watchSignalListeners } from './signal_listeners.ts'
import { takeFault, viewFaults, viewFaultsOrOlder } from './view_faults.ts'

/** What one window shows; a buffer of this length is possible everywhere, and offsets in it are small integers to the engine. */
const PIECE_BYTE_LENGTH = 1024 ** 3
/** Windows kept at once. They are address space and nothing else. */
const MAX_PIECES = 64
/** Longest access that is called small. A native copy asks the file's size, at 2 to 5 µs; beyond, that is lost in what the copy costs. */
export const MAX_SMALL_BYTE_LENGTH = 65_536

const PAGE = binding.pageSize
const NO_BYTES = new Uint8Array(0)

/**
 * The bytes themselves, for access so small that a call into the addon would cost ten times the work. Every method answers only when it is sure
 * (right kind of argument, in the window, no fault in raw memory meanwhile) and else says so: then the native call decides, as if
 * there were no window.
 */
export class RawWindow {
  readonly #native: NativeMapping
  readonly #isReadable: boolean
  /** Whether bytes past the file's end may be in the window: they look like zeros. */
  readonly #hasFileEnd: boolean
  /** Whether what is past the file's end is sure to be zeros: a private page keeps what was stored to it. */
  readonly #hasZerosPastEnd: boolean
  #pieces: Map<number, Uint8Array> = new Map()
  /** The piece that was used last, and where it begins. */
  #bytes: Uint8Array = NO_BYTES
  #base = 0
  /** Of the whole map; 0 while there is no window. */
  #length = 0
  #lastMissed = -1
  /** The count of faults up to which this mapping is known to show its file. */
  #faults = -1
  /** A native call has stored here: so the pages can be stored to, whoever made this map and whatever its handle said. */
  #isWritable = false
  /** What the addon says of a fault that this window met, until the native call that follows says better. */
  #fault: unknown

  constructor(native: NativeMapping, plan: MapPlan) {
    this.#native = native
    this.#isReadable = plan.isReadable
    this.#hasFileEnd = !plan.isAnonymous
    this.#hasZerosPastEnd = plan.isShared
  }

  /** The byte at `index`, which may count from the end; undefined when it is not for the window to say. */
  byteAt(index: unknown): number | undefined {
    if (typeof index !== 'number') return undefined
    const target = index < 0 ? index + this.#length : index
    let place = target - this.#base
    if (!(place >= 0 && place < this.#bytes.length)) {
      if (!this.#turnTo(target)) return undefined
      place = target - this.#base
    }
    if (viewFaultsOrOlder() !== this.#faults) return undefined
    // Undefined at a fraction, for which the slow way has an error.
    const byte = this.#bytes[place]
    if (viewFaults() === this.#faults) return byte
    this.#fault = takeFault(this.#native)
    return undefined
  }

  /** Whether the byte has been stored. */
  store(index: unknown, byte: unknown): boolean {
    if (!this.#isWritable || typeof index !== 'number' || typeof byte !== 'number') return false
    const place = index - this.#base
    const bytes = this.#bytes
    if (!(place >= 0 && place < bytes.length) || (place | 0) !== place) return false
    if ((byte & 0xff) !== byte || viewFaultsOrOlder() !== this.#faults) return false
    bytes[place] = byte
    if (viewFaults() === this.#faults) return true
    this.#fault = takeFault(this.#native)
    return false
  }

  /**
   * A copy of the bytes from `start` to before `end`; undefined when it is not for the window to say. Past the end of a file that was cut
   * its last page shows zeros, so a copy that ends with another byte, or has one soon after it in its page, ends before the file does; else it
   * is for the native call, which asks for the file's size.
   */
  copy(start: unknown, end: unknown): Uint8Array | undefined {
    if (typeof start !== 'number' || typeof end !== 'number') return undefined
    const [low, high] = [start - this.#base, end - this.#base]
    const bytes = this.#bytes
    if (!(low >= 0 && low < high && high <= bytes.length) || high - low > MAX_SMALL_BYTE_LENGTH) return undefined
    if ((low | 0) !== low || (high | 0) !== high || viewFaultsOrOlder() !== this.#faults) return undefined
    const copy = bytes.slice(low, high)
    return this.#isTrue((copy[high - low - 1] as number) || this.#byteSoonAfter(high)) ? copy : undefined
  }

  /** Fills `target` from `start`, as `copy`; false when it is not for the window to say, and what is in `target` then means nothing. */
  fill(target: Uint8Array, start: number): boolean {
    const low = start - this.#base
    const high = low + target.length
    const bytes = this.#bytes
    if (!(low >= 0 && low < high && high <= bytes.length) || target.length > MAX_SMALL_BYTE_LENGTH) return false
    if (viewFaultsOrOlder() !== this.#faults) return false
    const last = (): number => (bytes[high - 1] as number) || this.#byteSoonAfter(high)
    // Before as well: the target may be a view of these very bytes, and the native call would copy what this has changed.
    if (!this.#isTrue(last())) return false
    target.set(bytes.subarray(low, high))
    return this.#isTrue(last())
  }

  /** The next byte but zero in the page that ends at or after `place`, if it is near: the native call takes as long as looking at some hundreds. */
  #byteSoonAfter(place: number): number {
    const bytes = this.#bytes
    const pageEnd = Math.ceil(place / PAGE) * PAGE
    const end = Math.min(pageEnd, place + 256, bytes.length)
    for (let at = place; at < end; at++) if (bytes[at] !== 0) return bytes[at] as number
    return 0
  }

  /** Stores all of `source` at `start`, and says whether it did. The caller checks that it fits into the map. */
  storeAll(start: number, source: Uint8Array): boolean {
    const place = start - this.#base
    const bytes = this.#bytes
    if (!this.#isWritable || source.length > MAX_SMALL_BYTE_LENGTH) return false
    if (!(place >= 0 && place <= bytes.length - source.length) || viewFaultsOrOlder() !== this.#faults) return false
    bytes.set(source, place)
    if (viewFaults() === this.#faults) return true
    this.#fault = takeFault(this.#native)
    return false
  }

  /**
   * The place after the next `byte` from `start`, when it is within `limit` bytes. Undefined when it is not, or not for the window to say.
   * Other bytes than zero cannot lie past the file's end.
   */
  placeAfter(byte: number, start: number, limit: number): number | undefined {
    const low = start - this.#base
    const bytes = this.#bytes
    if (!(low >= 0 && low < bytes.length) || viewFaultsOrOlder() !== this.#faults) return undefined
    const found = nextIndex(bytes, byte, { start: low, end: Math.min(bytes.length, low + limit) })
    return this.#isTrue(byte) && found >= 0 ? start + (found - low) + 1 : undefined
  }

  #isTrue(last: number): boolean {
    if (viewFaults() === this.#faults) return !this.#hasFileEnd || (last !== 0 && this.#hasZerosPastEnd)
    this.#fault = takeFault(this.#native)
    return false
  }

  /**
   * Runs the native call that decides instead, for bytes at `place`. When it is done without an error, the window may answer for its neighbours.
   *
   * @throws what the call throws.
   */
  decide<T>(place: number, call: () => T): T {
    const faults = viewFaults()
    const fault = this.#fault
    this.#fault = undefined
    const result = call()
    // The call has met nothing bad there: so it was not this window that did, and somebody else's fault must not be lost.
    if (fault !== undefined) throw fault
    this.#faults = faults
    this.#aim(place)
    return result
  }

  /** As `decide`, for a call that has stored. */
  decideStore(place: number, call: () => void): void {
    this.decide(place, call)
    this.#isWritable = true
  }

  /** Lets the windows go: after `close`, `resize` and `remap`, which detach them. */
  forget(): void {
    this.#pieces = new Map()
    this.#bytes = NO_BYTES
    this.#length = 0
    this.#lastMissed = -1
  }

  /** Looks through the window that holds the place, if there is one. */
  #turnTo(place: number): boolean {
    if (!(place >= 0 && place < this.#length)) return false
    const piece = Math.floor(place / PIECE_BYTE_LENGTH)
    const bytes = this.#pieces.get(piece)
    if (bytes === undefined) return false
    this.#bytes = bytes
    this.#base = piece * PIECE_BYTE_LENGTH
    return place - this.#base < bytes.length
  }

  /** A piece that is asked for twice in a row gets a window: one access, or random ones over terabytes, are not worth one. */
  #aim(place: number): void {
    const piece = Math.floor(place / PIECE_BYTE_LENGTH)
    const isAgain = this.#lastMissed === piece
    this.#lastMissed = piece
    if (isAgain && this.#isReadable && !this.#pieces.has(piece)) this.#open(piece)
    this.#turnTo(place)
  }

  #open(piece: number): void {
    const start = piece * PIECE_BYTE_LENGTH
    const { byteLength } = this.#native
    const bytes = this.#native.window(start, Math.min(PIECE_BYTE_LENGTH, byteLength - start))
    if (bytes === undefined) return
    watchSignalListeners()
    if (this.#pieces.size === MAX_PIECES) this.#pieces.clear()
    this.#pieces.set(piece, bytes)
    this.#length = byteLength
  }
}

/** How far a loop is quicker than making an array that the engine's search can be bounded by. */
const LOOP_BYTE_LENGTH = 64

function nextIndex(bytes: Uint8Array, byte: number, { start, end }: ByteRange): number {
  const first = start | 0 // An integer, which the compiler cannot know: windows are shorter than 2 GiB.
  const near = Math.min(first + LOOP_BYTE_LENGTH, end)
  for (let index = first; index < near; index++) if (bytes[index] === byte) return index
  if (near === end) return -1
  const found = bytes.subarray(near, end).indexOf(byte)
  return found < 0 ? -1 : near + found
}
