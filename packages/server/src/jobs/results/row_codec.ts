import type { HitColumns } from '@mapscope/core'
import type { JobRow } from '@mapscope/protocol'

/** Rows of one length, which begin with their offset: the tenth of a hundred million is found by multiplying, that of an offset by halving. */
export interface RowCodec {
  readonly rowByteLength: number
  encode(row: JobRow, view: DataView, at: number): void
  /** Of codecs whose rows are hits: the same of many at once. */
  encodeHits?(hits: HitColumns, view: DataView, at: number): void
  decode(view: DataView, at: number): JobRow
}

/** Numbers one after the other, 8 bytes each. NaN is a member that is not there. */
export function numbersCodec(
  width: number,
  toNumbers: (row: JobRow) => readonly number[],
  toRow: (numbers: readonly number[]) => JobRow,
): RowCodec {
  return {
    rowByteLength: width * 8,
    encode: (row, view, at) => {
      const numbers = toNumbers(row)
      for (let index = 0; index < width; index++) view.setFloat64(at + index * 8, numbers[index] ?? Number.NaN, true)
    },
    decode: (view, at) => toRow(Array.from({ length: width }, (_, index) => view.getFloat64(at + index * 8, true))),
  }
}

/** `offset` and `byteLength`. */
export const PLACE_ROWS: RowCodec = {
  rowByteLength: 16,
  encode: (row, view, at) => {
    view.setFloat64(at, row.offset, true)
    view.setFloat64(at + 8, row.byteLength ?? 0, true)
  },
  decode: (view, at) => ({ offset: view.getFloat64(at, true), byteLength: view.getFloat64(at + 8, true) }),
}

const textEncoder = new TextEncoder()
const textDecoder = new TextDecoder()

/** Any row as JSON with blanks behind, for the few that have words in them. */
export function jsonCodec(rowByteLength: number): RowCodec {
  return {
    rowByteLength,
    encode: (row, view, at) => {
      view.setFloat64(at, row.offset, true)
      const room = new Uint8Array(view.buffer, view.byteOffset + at + 8, rowByteLength - 8)
      const text = textEncoder.encode(JSON.stringify(row))
      if (text.length > room.length) throw new RangeError(`a row of ${text.length} bytes does not fit ${room.length}`)
      room.fill(0x20)
      room.set(text)
    },
    decode: (view, at) => {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 8, rowByteLength - 8)
      return JSON.parse(textDecoder.decode(bytes)) as JobRow
    },
  }
}
