import { type ByteSource, printableCharacter } from '@mapscope/core'

/** As much of a hit, and of what follows it, as is shown. */
const PREVIEW_BYTE_LENGTH = 32

/** Read at once: hits are often near each other, and a read for each would be slower than finding them. */
const BLOCK_BYTE_LENGTH = 262_144

export interface PreviewPlace {
  readonly offset: number
}

/** The bytes at hits, as text: printable ASCII as it is, dots for anything else, `?` for what cannot be read. */
export class Previews {
  readonly #source: ByteSource
  readonly #signal: AbortSignal
  #start = 0
  #text = ''

  constructor(source: ByteSource, signal: AbortSignal) {
    this.#source = source
    this.#signal = signal
  }

  /** Without waiting, when the block read last has it. */
  held({ offset }: PreviewPlace): string | undefined {
    const at = offset - this.#start
    const end = Math.min(offset + PREVIEW_BYTE_LENGTH, this.#source.byteLength) - this.#start
    return at >= 0 && end <= this.#text.length ? this.#text.slice(at, end) : undefined
  }

  async read(place: PreviewPlace): Promise<string> {
    // Some before it, too: a backward search goes there next.
    const start = Math.max(0, place.offset - BLOCK_BYTE_LENGTH / 2)
    const byteLength = Math.min(BLOCK_BYTE_LENGTH, this.#source.byteLength - start)
    const { bytes, unreadable } = await this.#source.read(start, byteLength, { signal: this.#signal })
    let text = Array.from(bytes, printableCharacter).join('')
    for (const gap of unreadable) {
      const [from, to] = [Math.max(0, gap.start - start), Math.min(byteLength, gap.end - start)]
      text = text.slice(0, from) + '?'.repeat(to - from) + text.slice(to)
    }
    this.#start = start
    this.#text = text
    return this.held(place) ?? ''
  }
}
