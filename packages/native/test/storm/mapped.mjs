import { PAGE, roundUp } from './memory.mjs'

const MOST_REMEMBERED = 200

/** A mapping and what it should show: its memory's bytes, and over them the pages that a private mapping has stored to. */
export class Mapped {
  /** `sibling`: another object over the very same native mapping. */
  constructor(native, memory, { access, offset, byteLength, keepsFile = true, sibling }) {
    this.native = native
    this.memory = memory
    this.access = access
    this.offset = offset
    this.byteLength = byteLength
    this.keepsFile = keepsFile
    this.own = sibling === undefined ? ownPages(access, memory) : sibling.own
    // What the model did to its private pages, for the message of a disagreement: most do not come again with their seed.
    this.history = sibling === undefined ? [] : sibling.history
    this.group = sibling === undefined ? new Set() : sibling.group
    this.group.add(this)
    this.exports = []
    this.mostShared = 0 // that may not be collected yet
    // Of all objects over it, since a closed one's go on.
    this.flights = sibling === undefined ? { count: 0 } : sibling.flights
  }

  get isWritable() {
    return this.access !== 'read'
  }

  /** For the message of a disagreement. */
  describe() {
    const past = this.own === undefined ? '' : `, the model's past: ${this.history.join(', ')}`
    return `${this.access} mapping of ${this.memory.path ?? 'memory'} at ${this.offset}, ${this.byteLength} long, ${this.end} there${past}`
  }

  /** Where its bytes end: in the file, or (without one that it knows) in the last page that is there. */
  get end() {
    const inFile = Math.max(0, this.memory.byteLength - this.offset)
    return Math.min(this.byteLength, this.keepsFile ? inFile : roundUp(inFile))
  }

  /**
   * Whether it shows bytes behind the file's end, as only one that does not know the file does: what was stored there is zeros from when the
   * system writes the page to the disk, whenever that is.
   */
  get hasLooseTail() {
    return !this.keepsFile && this.end > Math.max(0, this.memory.byteLength - this.offset)
  }

  /** Where touching begins to be a fault. */
  get faultsFrom() {
    return Math.min(this.byteLength, roundUp(Math.max(0, this.memory.byteLength - this.offset)))
  }

  peek(start, end) {
    const bytes = this.memory.bytes.slice(this.offset + start, this.offset + end)
    for (const [page, content] of this.own ?? []) {
      const from = Math.max(start, page * PAGE)
      const to = Math.min(end, page * PAGE + PAGE)
      if (from < to) bytes.set(content.subarray(from - page * PAGE, to - page * PAGE), from - start)
    }
    return bytes
  }

  store(start, bytes) {
    if (bytes.byteLength === 0) return // which makes no page private
    if (this.own === undefined) {
      const there = Math.max(0, Math.min(bytes.byteLength, this.end - start))
      this.memory.bytes.set(bytes.subarray(0, there), this.offset + start)
      return
    }
    for (let page = Math.floor(start / PAGE); page * PAGE < start + bytes.byteLength; page++) {
      this.makeOwn(page)
      const from = Math.max(start, page * PAGE)
      const to = Math.min(start + bytes.byteLength, page * PAGE + PAGE)
      this.own.get(page).set(bytes.subarray(from - start, to - start), from - page * PAGE)
    }
  }

  makeOwn(page, why = 'store') {
    if (this.own === undefined) return
    this.remember(`${why} ${page}${this.own.has(page) ? '' : ' (new)'}`)
    if (!this.own.has(page)) this.own.set(page, this.peek(page * PAGE, page * PAGE + PAGE))
  }

  remember(what) {
    if (this.own === undefined) return
    this.history.push(what)
    if (this.history.length > MOST_REMEMBERED) this.history.shift()
  }

  resized(byteLength) {
    this.remember(`resized to ${byteLength}`)
    this.byteLength = byteLength
    for (const page of this.own?.keys() ?? []) if (page * PAGE >= byteLength) this.own.delete(page)
  }

  /** A cut takes a private mapping's own pages with it. */
  forgetPagesPast(end) {
    this.remember(`cut at ${end}`)
    for (const page of this.own?.keys() ?? []) if (page * PAGE >= end) this.own.delete(page)
  }
}

function ownPages(access, memory) {
  return access === 'copy' && memory.isFile ? new Map() : undefined
}
