import type { ByteRange } from '../scalars.ts'

/** `[{start: 4096, end: 65536}]` ↔ `4096-65536`: the value of the `mapscope-unreadable` header, half-open. */
export function encodeRanges(ranges: readonly ByteRange[]): string {
  return ranges.map((range) => `${range.start}-${range.end}`).join(', ')
}

/** Throws a `RangeError` on anything `encodeRanges` would not have made. */
export function decodeRanges(text: string): ByteRange[] {
  if (text === '') return []
  return text.split(', ').map((part) => {
    const match = /^(\d{1,16})-(\d{1,16})$/.exec(part)
    if (match === null) throw new RangeError(`'${part}' is not a byte range`)
    return { start: Number(match[1]), end: Number(match[2]) }
  })
}
