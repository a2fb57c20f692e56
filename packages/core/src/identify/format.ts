import type { FormatReader } from './format_reader.ts'

/** Bytes that a format has at a place: `(byte & masks[i]) === values[i]`. */
export interface Magic {
  /** Where they stand, from where the format begins. */
  readonly offset: number
  readonly values: Uint8Array
  readonly masks: Uint8Array
}

/** What a second look found. */
export interface Inspection {
  /** How long it is, where the format tells: from its begin, never beyond the source's end. */
  readonly byteLength?: number | undefined
  /** What it is more exactly, where a row covers several. */
  readonly title?: string | undefined
  /** Only the magic speaks for it: worth saying of a file's begin, not of a place within one. */
  readonly isWeak?: boolean | undefined
}

/** One format: a row of the table. */
export interface Format {
  /** Unique, short, lower case. */
  readonly name: string
  /** For people. */
  readonly title: string
  /** Usual file extension, without the dot. */
  readonly extension: string
  readonly mime: string
  /**
   * Any of these makes a second look worthwhile. The more of what the second look asks for stands here, the fewer are needed: a sweep checks magic
   * at the speed of memory, and a second look takes some microseconds.
   */
  readonly magic: readonly Magic[]
  /** Nothing but its magic ever speaks for it: a sweep leaves it out. */
  readonly isWeak?: true
  /** Its records carry its magic, too: none is looked for within one that was found. */
  readonly repeatsMagic?: true
  /** The second look; `undefined` when it is not this format after all. It reads little, whatever the bytes say. */
  readonly inspect: (reader: FormatReader) => Promise<Inspection | undefined>
}

/** `89 50 4E 47`, with `??` for any byte, `00/C0` for one whose bits of C0 are clear, and `??*40` for 40 of them. */
export function hex(offset: number, text: string): Magic {
  const bytes = text.split(' ').flatMap((word) => {
    const [byte = '', times = '1'] = word.split('*')
    const [value = '', mask = value === '??' ? '00' : 'FF'] = byte.split('/')
    const one = { value: value === '??' ? 0 : Number.parseInt(value, 16), mask: Number.parseInt(mask, 16) }
    return Array.from({ length: Number(times) }, () => one)
  })
  return {
    offset,
    values: Uint8Array.from(bytes, ({ value }) => value),
    masks: Uint8Array.from(bytes, ({ mask }) => mask),
  }
}

/** Characters below 256, each a byte. */
export function ascii(offset: number, text: string): Magic {
  const values = Uint8Array.from(text, (character) => character.charCodeAt(0))
  return { offset, values, masks: new Uint8Array(values.length).fill(0xff) }
}

/** A second look that needs no more than the first `byteLength` bytes. */
export function header(
  byteLength: number,
  look: (view: DataView, remaining: number) => Inspection | undefined,
): Format['inspect'] {
  return async (reader) => {
    const view = await reader.view(0, byteLength)
    return view === undefined ? undefined : look(view, reader.byteLength)
  }
}

/** A length that a format tells, when the source has as much; else it was cut, or it is no length, and none is told. */
export function sized(byteLength: number | undefined, remaining: number): Inspection {
  return byteLength !== undefined && byteLength > 0 && byteLength <= remaining ? { byteLength } : {}
}

export function textAt(view: DataView, offset: number, byteLength: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + offset, byteLength))
}

export function isPowerOfTwo(value: number): boolean {
  return value > 0 && Number.isInteger(Math.log2(value))
}
