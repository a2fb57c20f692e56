import {
  CELL_KNOWN,
  CELL_UNREAD,
  CELL_UNREADABLE,
  type CellBuffer,
  type GridBytes,
  type Mark,
} from '../src/hexview/grid_bytes.ts'
import type { HarnessOptions } from './options.ts'

const TEXT = 'Mapscope looks into files of any size.\n\tThe quick brown fox jumps over the lazy dog.\0\0'

/** Bytes of any length that cost nothing: each is a function of seed and offset, so any place can be checked from outside. */
export class SeededBytes implements GridBytes {
  readonly byteLength: number
  readonly #options: HarnessOptions
  readonly #listeners = new Set<() => void>()
  readonly #marks: readonly Mark[]

  constructor(options: HarnessOptions) {
    this.byteLength = options.byteLength
    this.#options = options
    this.#marks = options.hasMarks ? marksAround(options.byteLength, performance.now()) : []
  }

  readCells(offset: number, length: number, into: CellBuffer): void {
    for (let index = 0; index < length; index++) {
      into.values[index] = this.byteAt(offset + index)
      into.states[index] = this.#stateAt(offset + index)
    }
  }

  marksIn(start: number, end: number): readonly Mark[] {
    return this.#marks.filter((mark) => mark.start < end && mark.end > start)
  }

  setVisible(): void {}

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  byteAt(offset: number): number {
    const noise = hash(offset, this.#options.seed)
    if (this.#options.content === 'random') return noise & 255
    // Like an executable: stretches of text, tables of small numbers, code, erased flash.
    switch (hash(Math.floor(offset / 64), this.#options.seed) % 5) {
      case 0:
        return TEXT.charCodeAt(offset % TEXT.length)
      case 1:
        return offset % 4 === 0 ? noise & 31 : 0
      case 2:
        return (noise >> 3) % 9 === 0 ? noise & 255 : 0xff
      default:
        return noise & 255
    }
  }

  #stateAt(offset: number): number {
    const { content } = this.#options
    if (content === 'unread') return CELL_UNREAD
    if (content !== 'mixed') return CELL_KNOWN
    if (offset >= 0x60 && offset < 0x9c) return CELL_UNREADABLE
    return offset >= 0x104 && offset < 0x1a7 ? CELL_UNREAD : CELL_KNOWN
  }
}

function marksAround(byteLength: number, nowMs: number): Mark[] {
  const marks: Mark[] = [
    { kind: 'edited', start: 0x23, end: 0x24 },
    { kind: 'edited', start: 0x2a, end: 0x2e },
    { kind: 'hit', start: 0x44, end: 0x4c },
    { kind: 'hit', start: 0xac, end: 0xd4 },
    { kind: 'hit', start: 0xe0, end: 0xe1 },
    // Held in the future, so that a picture taken later still shows it fresh.
    { kind: 'changed', start: 0x1b4, end: 0x1b8, sinceMs: nowMs + 60_000 },
  ]
  return marks.filter((mark) => mark.end <= byteLength)
}

/** A 32-bit mixer over both halves of the offset (offsets go past 2^32). */
function hash(offset: number, seed: number): number {
  let value = ((offset % 2 ** 32) ^ Math.imul(Math.floor(offset / 2 ** 32) + seed, 0x9e3779b1)) >>> 0
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
