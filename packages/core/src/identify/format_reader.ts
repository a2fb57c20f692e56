import type { ByteSource, ScanOptions } from '../shared/index.ts'

const PAGE_BYTE_LENGTH = 65_536
/** 2 MiB in all: a second look goes back and forth between a header and what it points to. */
const MOST_PAGES = 32

/** The pages of a source that were read last, for the many small reads of second looks. */
export class RecentPages {
  readonly source: ByteSource
  readonly #options: ScanOptions
  readonly #pages: Map<number, Uint8Array> = new Map()
  readonly #remembered: Map<unknown, unknown> = new Map()

  constructor(source: ByteSource, options: ScanOptions) {
    this.source = source
    this.#options = options
  }

  /** What second looks at one place have learned that others need: one of each class for the source. */
  remembered<T>(Kind: new (pages: RecentPages) => T): T {
    const known = (this.#remembered.get(Kind) as T | undefined) ?? new Kind(this)
    this.#remembered.set(Kind, known)
    return known
  }

  /** `undefined` when they are not all there, or cannot be read. */
  async read(offset: number, byteLength: number): Promise<Uint8Array | undefined> {
    const end = offset + byteLength
    if (!(offset >= 0 && byteLength >= 0 && end <= this.source.byteLength)) return undefined
    const first = Math.floor(offset / PAGE_BYTE_LENGTH)
    const inFirst = offset - first * PAGE_BYTE_LENGTH
    if (inFirst + byteLength <= PAGE_BYTE_LENGTH)
      return (await this.#page(first))?.subarray(inFirst, inFirst + byteLength)
    const bytes = new Uint8Array(byteLength)
    for (let at = offset; at < end; ) {
      const number = Math.floor(at / PAGE_BYTE_LENGTH)
      const page = await this.#page(number)
      if (page === undefined) return undefined
      const start = at - number * PAGE_BYTE_LENGTH
      const part = page.subarray(start, Math.min(PAGE_BYTE_LENGTH, start + end - at))
      bytes.set(part, at - offset)
      at += part.length
    }
    return bytes
  }

  async #page(number: number): Promise<Uint8Array | undefined> {
    const held = this.#pages.get(number)
    this.#pages.delete(number)
    const page = held ?? (await this.#load(number))
    if (page === undefined) return undefined
    this.#pages.set(number, page)
    if (this.#pages.size > MOST_PAGES) this.#pages.delete(this.#pages.keys().next().value as number)
    return page
  }

  async #load(number: number): Promise<Uint8Array | undefined> {
    const offset = number * PAGE_BYTE_LENGTH
    const byteLength = Math.min(PAGE_BYTE_LENGTH, this.source.byteLength - offset)
    const { bytes, unreadable } = await this.source.read(offset, byteLength, this.#options)
    return unreadable.length === 0 ? bytes : undefined
  }
}

/** Longest stretch that a second look may ask for at once. */
const MOST_BYTES = 1024 ** 2

/** Bytes from where a format may begin: every offset counts from there. What is not there is `undefined`, never zeros. */
export class FormatReader {
  /** From the begin to the source's end. */
  readonly byteLength: number
  /** The begin, in the source. */
  readonly start: number
  readonly #pages: RecentPages

  constructor(pages: RecentPages, start: number) {
    this.#pages = pages
    this.start = start
    this.byteLength = pages.source.byteLength - start
  }

  /** As of `RecentPages`. */
  remembered<T>(Kind: new (pages: RecentPages) => T): T {
    return this.#pages.remembered(Kind)
  }

  async bytes(offset: number, byteLength: number): Promise<Uint8Array | undefined> {
    if (!(offset >= 0 && byteLength <= MOST_BYTES)) return undefined
    return await this.#pages.read(this.start + offset, byteLength)
  }

  async view(offset: number, byteLength: number): Promise<DataView | undefined> {
    const bytes = await this.bytes(offset, byteLength)
    return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** As many of them as there are. */
  async upTo(offset: number, byteLength: number): Promise<Uint8Array | undefined> {
    return await this.bytes(offset, Math.min(byteLength, this.byteLength - offset))
  }
}
