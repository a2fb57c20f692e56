import type { RecentPages } from './format_reader.ts'

/** The record at a ZIP's end, without its comment. */
export const END_BYTE_LENGTH = 22
const LONGEST_COMMENT = 65_535

/** How far a ZIP's end is looked for where it is not the file's. */
const REACH_BYTE_LENGTH: number = 64 * 1024 ** 2

const STEP_BYTE_LENGTH = 65_536
const LOCATOR_BYTE_LENGTH = 20

/** Records that are remembered of one stretch, and those with 64-bit numbers, each of which must be asked by itself. Only a file made to harm has more. */
const MOST_RECORDS = 65_536
const MOST_LARGE = 256

/**
 * Where the ZIP archives of a source end, by where they begin. Each stretch is looked through once: every member of an archive looks like a
 * beginning, and a search of its own for each took two minutes for 20,000 members in 70 MB.
 */
export class ZipEnds {
  readonly #pages: RecentPages
  #tail: EndRecords | undefined
  #ahead: EndRecords = new EndRecords()
  /** What `#ahead` knows. */
  #start = 0
  #end = 0

  constructor(pages: RecentPages) {
    this.#pages = pages
  }

  /** The end of the archive that begins there. The usual case is that it ends where the file does; else it is looked for within 64 MiB. */
  async endOf(begin: number): Promise<number | undefined> {
    const { byteLength } = this.#pages.source
    const tailStart = Math.max(0, byteLength - END_BYTE_LENGTH - LONGEST_COMMENT)
    if (this.#tail === undefined) {
      this.#tail = new EndRecords()
      await this.#collect(this.#tail, tailStart, byteLength)
    }
    const atTail = await this.#tail.endOf(begin, this.#pages)
    if (atTail !== undefined) return atTail
    await this.#knowFrom(begin, Math.min(byteLength, begin + REACH_BYTE_LENGTH))
    return await this.#ahead.endOf(begin, this.#pages)
  }

  async #knowFrom(begin: number, end: number): Promise<void> {
    const isWorn = this.#ahead.isFull && begin - this.#start > REACH_BYTE_LENGTH
    if (begin < this.#start || begin > this.#end || isWorn) {
      this.#ahead = new EndRecords()
      this.#start = begin
      this.#end = begin
    }
    if (end <= this.#end) return
    const from = this.#end
    this.#end = end
    await this.#collect(this.#ahead, from, end)
  }

  /** Records that begin in a stretch. What cannot be read has none that anybody knows of. */
  async #collect(records: EndRecords, start: number, end: number): Promise<void> {
    for (let from = start; from < end; from += STEP_BYTE_LENGTH) {
      const bytes = await this.#pages.read(from, Math.min(STEP_BYTE_LENGTH + 3, this.#pages.source.byteLength - from))
      if (bytes === undefined) continue
      const window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (
        let at = window.indexOf('PK\x05\x06', 0, 'latin1');
        at >= 0;
        at = window.indexOf('PK\x05\x06', at + 1, 'latin1')
      ) {
        await records.add(from + at, this.#pages)
      }
    }
  }
}

/** Ends by their beginnings, as the records tell. */
class EndRecords {
  readonly #ends: Map<number, number> = new Map()
  readonly #large: { readonly offset: number; readonly end: number }[] = []

  get isFull(): boolean {
    return this.#ends.size >= MOST_RECORDS || this.#large.length >= MOST_LARGE
  }

  async add(offset: number, pages: RecentPages): Promise<void> {
    const record = await viewOf(pages, offset, END_BYTE_LENGTH)
    if (record === undefined) return
    const [byteLength, directory] = [record.getUint32(12, true), record.getUint32(16, true)]
    const end = offset + END_BYTE_LENGTH + record.getUint16(20, true)
    if (end > pages.source.byteLength) return
    const begin = offset - byteLength - directory
    if (byteLength === 0xffffffff || directory === 0xffffffff) {
      if (this.#large.length < MOST_LARGE) this.#large.push({ offset, end })
    } else if (begin >= 0 && this.#ends.size < MOST_RECORDS && !this.#ends.has(begin)) this.#ends.set(begin, end)
  }

  async endOf(begin: number, pages: RecentPages): Promise<number | undefined> {
    const end = this.#ends.get(begin)
    if (end !== undefined) return end
    for (const large of this.#large)
      if (large.offset > begin && (await hasLargeDirectory(pages, begin, large.offset))) return large.end
    return undefined
  }
}

/** ZIP64: a locator before the record points to one that has 64-bit numbers, counted from the archive's beginning. */
async function hasLargeDirectory(pages: RecentPages, begin: number, offset: number): Promise<boolean> {
  const locator = await viewOf(pages, offset - LOCATOR_BYTE_LENGTH, LOCATOR_BYTE_LENGTH)
  if (locator === undefined || locator.getUint32(0) !== 0x504b0607) return false
  const place = Number(locator.getBigUint64(8, true))
  const record = await viewOf(pages, begin + place, 56)
  if (record === undefined || record.getUint32(0) !== 0x504b0606) return false
  return Number(record.getBigUint64(40, true) + record.getBigUint64(48, true)) === place
}

async function viewOf(pages: RecentPages, offset: number, byteLength: number): Promise<DataView | undefined> {
  const bytes = await pages.read(offset, byteLength)
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
