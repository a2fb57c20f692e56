import { MAX_LOAN_BYTE_LENGTH, type MappedSource } from '@mapscope/core'
import type { ByteRange } from '@mapscope/protocol'

/** Up to this long a range is copied; beyond, lent: 64 KiB cost 6 µs to copy, and lending has its own price. */
export const MAX_COPY_BYTE_LENGTH: number = 64 * 1024

/** What is copied off the thread at once where nothing can be lent. A stalled client holds this much then. */
const WINDOW_BYTE_LENGTH: number = 512 * 1024

/** A range up to this long is read at once before its head is written. */
export const MAX_READ_BYTE_LENGTH: number = 1024 ** 2

/** A long answer is sent by so much: between two, others have their turn, and the file is looked at. */
const SLICE_BYTE_LENGTH: number = 2 * 1024 ** 2

/** Bytes about to be written. */
export interface Piece {
  readonly range: ByteRange
  readonly bytes: Uint8Array
  /** Of the range; bytes of these mean nothing. */
  readonly unreadable: readonly ByteRange[]
  /** Whether the bytes were the file's. Of lent ones it is known only after they were written. */
  isTrue(): boolean
  release(): void
}

/**
 * How much of what is left to send next. The last page of an answer is never lent: a copy is known to be true before it leaves, lent bytes
 * after, and so no answer is whole before all of it is known to be true.
 */
export function nextSlice(left: ByteRange): ByteRange {
  const byteLength = left.end - left.start
  if (byteLength <= MAX_COPY_BYTE_LENGTH) return left
  const most = byteLength <= MAX_LOAN_BYTE_LENGTH ? byteLength : SLICE_BYTE_LENGTH
  const lastPage = Math.floor((left.end - 1) / 4096) * 4096
  return { start: left.start, end: Math.min(left.start + most, lastPage) }
}

/** The most that an answer of that length holds at once: all of it where it is lent at once, else a slice and the one that is brought in behind it. */
export function heldByteLength(byteLength: number): number {
  return byteLength <= MAX_LOAN_BYTE_LENGTH ? byteLength : 2 * SLICE_BYTE_LENGTH
}

export interface PiecesOptions {
  readonly source: MappedSource
  /** Asked for only when something is waited for. */
  signal(): AbortSignal
  /** Whether nothing may be lent: when others are held up until the bytes are read, no slow client may be waited for. */
  readonly isCopying: boolean
}

/** Reads what is to be written: what is in memory without a thread between, what is not without this thread. */
export class Pieces {
  readonly #source: MappedSource
  readonly #signal: () => AbortSignal
  readonly #isCopying: boolean
  #coming: { readonly range: ByteRange; readonly isThere: Promise<boolean> | true } | undefined

  constructor({ source, signal, isCopying }: PiecesOptions) {
    this.#source = source
    this.#signal = signal
    this.#isCopying = isCopying
  }

  /**
   * The start of a range, before its head is written. One that is not long is looked at whole, so that the head can say what of it is
   * unreadable.
   */
  async readFirst(range: ByteRange): Promise<Piece> {
    const looked = { start: range.start, end: Math.min(range.end, range.start + MAX_LOAN_BYTE_LENGTH) }
    const lent = (await this.#isThere(looked)) ? this.#lent(nextSlice(range)) : undefined
    return lent ?? (await this.#copied(range, MAX_READ_BYTE_LENGTH))
  }

  /** From the start of the slice; perhaps less than all of it. */
  async read(slice: ByteRange): Promise<Piece> {
    const lent = (await this.#isThere(slice)) ? this.#lent(slice) : undefined
    return lent ?? (await this.#copied(slice))
  }

  /** Has the disk bring what will be read next, if it is not there. */
  expect(slice: ByteRange): void {
    const { direct } = this.#source
    if (direct === undefined || slice.start >= slice.end || !this.#isLendable(slice)) return
    if (direct.isInMemory(slice)) {
      this.#coming = { range: slice, isThere: true }
      return
    }
    const isThere = direct.bringIn(slice, { signal: this.#signal() })
    isThere.catch(() => undefined)
    this.#coming = { range: slice, isThere }
  }

  #isLendable({ start, end }: ByteRange): boolean {
    return !this.#isCopying && end - start > MAX_COPY_BYTE_LENGTH
  }

  async #isThere(slice: ByteRange): Promise<boolean> {
    const { direct } = this.#source
    if (direct === undefined || !this.#isLendable(slice)) return false
    const coming = this.#coming
    this.#coming = undefined
    if (coming?.range.start === slice.start && coming.range.end === slice.end) return await coming.isThere
    return direct.isInMemory(slice) || (await direct.bringIn(slice, { signal: this.#signal() }))
  }

  #lent(slice: ByteRange): Piece | undefined {
    const loan = this.#source.direct?.lend(slice)
    if (loan === undefined) return undefined
    const { bytes } = loan
    return { range: slice, bytes, unreadable: [], isTrue: () => loan.isTrue(), release: () => loan.release() }
  }

  async #copied(slice: ByteRange, most: number = WINDOW_BYTE_LENGTH): Promise<Piece> {
    const { start, end } = slice
    const here = readHere(this.#source, slice)
    if (here !== undefined) return copied(start, here, [])
    const length = end - start <= most ? end - start : WINDOW_BYTE_LENGTH
    const { bytes, unreadable } = await this.#source.read(start, length, { signal: this.#signal() })
    return copied(start, bytes, unreadable)
  }
}

/** A short range that is in memory, copied on this thread; undefined for any other, and where a byte cannot be had. */
export function readHere(
  { direct }: MappedSource,
  { start, end }: ByteRange,
  take: (byteLength: number) => Uint8Array = (byteLength) => Buffer.allocUnsafeSlow(byteLength),
): Uint8Array | undefined {
  if (direct === undefined || end - start > MAX_COPY_BYTE_LENGTH) return undefined
  const bytes = take(end - start)
  return direct.copyInMemory(start, bytes) ? bytes : undefined
}

function copied(start: number, bytes: Uint8Array, unreadable: readonly ByteRange[]): Piece {
  const range = { start, end: start + bytes.length }
  return { range, bytes, unreadable, isTrue: () => true, release: () => undefined }
}
