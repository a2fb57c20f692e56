import type { NativeMapping } from '@mapscope/native'
import { allocate } from '../source/native_jobs.ts'
import type { ByteText, TextWindow, WindowLengths } from './regexp_windows.ts'

const MIB = 1024 ** 2

/**
 * The longest string that V8 has. It costs no memory, and up to that size an expression sees all there is. Shorter windows would buy one thing,
 * that a worker can be ended sooner: V8 does not stop in the middle of one (300 ms for all of it, if nothing backtracks).
 */
const MAPPED: WindowLengths = { longest: 2 ** 29 - 24, behind: 32 * MIB, ahead: 32 * MIB }
/** Where raw memory cannot be had, the windows are copies. */
const COPIED: WindowLengths = { longest: 16 * MIB, behind: MIB, ahead: MIB }

/** The bytes of a map as strings that are not copies, kept from one search to the next: to V8 each new one is half a GiB to clear up. */
export class MapText implements ByteText {
  readonly #native: NativeMapping
  #lengths: WindowLengths | undefined
  #start = 0
  #text = ''

  constructor(native: NativeMapping) {
    this.#native = native
  }

  get lengths(): WindowLengths {
    this.#lengths ??= this.#native.latin1(0, 1) === undefined ? COPIED : MAPPED
    return this.#lengths
  }

  around(from: number, { end, room }: { readonly end: number; readonly room: number }): TextWindow {
    const low = Math.max(0, from - this.lengths.behind)
    const high = Math.min(end, from + room)
    const isHeld = low >= this.#start && high <= this.#start + this.#text.length
    if (!isHeld) this.#hold(low, end)
    const length = end - this.#start
    return { start: this.#start, text: length < this.#text.length ? this.#text.slice(0, length) : this.#text }
  }

  /** The byte before `end`, if it is in the window that was used last; else 0. */
  byteBefore(end: number): number {
    const code = this.#text.charCodeAt(end - 1 - this.#start)
    return Number.isNaN(code) ? 0 : code
  }

  /** To be called after each search: copies do not follow the file. */
  settle(): void {
    if (this.#lengths === COPIED) this.forget()
  }

  /** Lets the string go: after `close`, `resize` and `remap`. */
  forget(): void {
    this.#text = ''
  }

  #hold(low: number, end: number): void {
    const { longest } = this.lengths
    const { byteLength } = this.#native
    // What lies behind stays in the page cache, but no longer counts as this process' memory.
    if (low > this.#start) this.#native.releasePages(this.#start, Math.min(low - this.#start, this.#text.length))
    this.#start = byteLength <= longest ? 0 : low
    const room = Math.min(longest, byteLength - this.#start)
    this.#text = this.#native.latin1(this.#start, room) ?? this.#copy(Math.min(room, end - this.#start))
  }

  #copy(byteLength: number): string {
    const bytes = allocate(byteLength)
    this.#native.copyOut(this.#start, bytes)
    return Buffer.from(bytes.buffer).toString('latin1')
  }
}
