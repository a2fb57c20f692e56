import type { RowCodec } from './row_codec.ts'

const NO_NEEDLE = 0xffff_ffff
const ROW_BYTE_LENGTH = 16

/** 16 bytes a hit: a match is shorter than 4 GiB, a list has fewer needles than that. */
export const HIT_ROWS: RowCodec = {
  rowByteLength: ROW_BYTE_LENGTH,
  encode: ({ offset, byteLength = 0, which = NO_NEEDLE }, view, at) => {
    view.setFloat64(at, offset, true)
    view.setUint32(at + 8, byteLength, true)
    view.setUint32(at + 12, which, true)
  },
  // One loop and no call in it: with a call for each row, the numbers passed were objects, and their garbage stopped the event loop.
  encodeHits: ({ offsets, byteLengths, which }, view, at) => {
    const length = typeof byteLengths === 'number' ? byteLengths : 0
    const lengths = typeof byteLengths === 'number' ? undefined : byteLengths
    for (let index = 0, place = at; index < offsets.length; index++, place += ROW_BYTE_LENGTH) {
      view.setFloat64(place, offsets[index] as number, true)
      view.setUint32(place + 8, lengths === undefined ? length : (lengths[index] as number), true)
      view.setUint32(place + 12, which === undefined ? NO_NEEDLE : (which[index] as number), true)
    }
  },
  decode: (view, at) => {
    const hit = { offset: view.getFloat64(at, true), byteLength: view.getUint32(at + 8, true) }
    const which = view.getUint32(at + 12, true)
    return which === NO_NEEDLE ? hit : { ...hit, which }
  },
}
