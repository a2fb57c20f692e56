import { release } from 'node:os'

// Before 6.13 a kernel dates changes by its tick: a file cut and grown again within one looks as if nothing had happened.
const [major, minor] = release().split('.').map(Number)
const isClockSharp = major > 6 || (major === 6 && minor >= 13)

/** Everything that a range of a mapping may have shown from when this was made until it is checked. */
export class Observation {
  constructor(mapped, { start, end }) {
    this.mapped = mapped
    this.start = start
    this.end = end
    this.first = mapped.peek(start, end)
    this.later = []
    this.least = mapped.end
    this.most = mapped.end
    this.isCutUnseen = false
  }

  /** Bytes that were, or may have been, stored at a mapping's offset meanwhile. */
  sawStore(start, bytes) {
    if (start < this.end && start + bytes.byteLength > this.start) this.later.push({ start, bytes: bytes.slice() })
  }

  sawLength() {
    // Without the file its end is that of a page, and the same after a cut that leaves zeros in it.
    if (!this.mapped.keepsFile) this.isCutUnseen = true
    this.least = Math.min(this.least, this.mapped.end)
    this.most = Math.max(this.most, this.mapped.end)
  }

  /** Throws when a byte is one that was never there, is called unreadable though it was there all the time, or the other way round. */
  check(bytes, unreadable) {
    if (bytes.byteLength !== this.end - this.start)
      throw new Error(`${bytes.byteLength} bytes instead of ${this.end - this.start}`)
    const gaps = gapsOf(unreadable, this)
    for (let at = 0; at < bytes.byteLength; at++) {
      const offset = this.start + at
      const isGap = gaps.some(({ start, end }) => offset >= start && offset < end)
      if (isGap ? offset < this.least : !this.#isPossible(offset, bytes[at])) {
        const what = isGap ? 'is called unreadable' : `is ${bytes[at]}`
        throw new Error(`byte ${offset} ${what}: ${this.#describe(offset)}`)
      }
    }
  }

  /** Whether the bytes were the same all the time. */
  get isStill() {
    return this.later.length === 0 && this.least === this.most && !this.isCutUnseen
  }

  #isPossible(offset, byte) {
    if (offset >= this.most) return false
    if (byte === this.first[offset - this.start]) return true
    if (this.later.some(({ start, bytes }) => bytes[offset - start] === byte)) return true
    const isCut = offset >= this.least || !this.mapped.keepsFile
    return isCut && byte === 0 && !(isClockSharp && this.mapped.keepsFile)
  }

  #describe(offset) {
    const later = this.later.map(({ start, bytes }) => bytes[offset - start]).filter((byte) => byte !== undefined)
    const { access, memory, offset: place, byteLength, own } = this.mapped
    const kind = `${access} mapping of ${memory.path ?? 'memory'} at ${place}, ${byteLength} long${own?.has(Math.floor(offset / 4096)) ? ', private page' : ''}`
    const past =
      own === undefined
        ? ''
        : `; the model's past: ${this.mapped.history.join(', ')}; the file has ${memory.bytes[place + offset]} there`
    return `${kind}; at first ${this.first[offset - this.start]}, later ${later.join()}; the end was from ${this.least} to ${this.most}${past}`
  }
}

function gapsOf(unreadable, { start, end }) {
  const gaps = []
  for (let i = 0; i < unreadable.length; i += 2) gaps.push({ start: unreadable[i], end: unreadable[i + 1] })
  const isOrdered = gaps.every((gap, i) => gap.start < gap.end && (i === 0 || gaps[i - 1].end <= gap.start))
  const isInside = gaps.every((gap) => gap.start >= start && gap.end <= end)
  if (!isOrdered || !isInside) throw new Error(`unreadable ranges ${unreadable} of ${start} to ${end}`)
  return gaps
}
