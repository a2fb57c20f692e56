import { randomBytes } from 'node:crypto'
import type { ByteRange } from '@mapscope/protocol'
import { contentRange } from './content.ts'

/** A body of several ranges, laid out before a byte of it is read. */
export interface MultipartLayout {
  readonly contentType: string
  /** Exactly what `content-length` promises. May pass 2^53. */
  readonly byteLength: bigint
  /** In the order they are sent; each with the delimiter and the headers before it. */
  readonly parts: readonly { readonly head: Buffer; readonly range: ByteRange }[]
  /** The closing delimiter. */
  readonly end: Buffer
}

export interface MultipartOptions {
  readonly ranges: readonly ByteRange[]
  /** Of the whole file. */
  readonly byteLength: number
  /** Of each part. */
  readonly partType: string
  /** For tests; random by default. */
  readonly boundary?: string
}

/**
 * `multipart/byteranges` (RFC 9110 §14.6). The boundary is 192 random bits, because the bytes sent are anybody's: one that
 * could be foreseen could be put into a file and end a part early.
 */
export function layOutMultipart(options: MultipartOptions): MultipartLayout {
  const { ranges, byteLength, partType, boundary = randomBytes(24).toString('hex') } = options
  const parts = ranges.map((range, index) => ({
    head: Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\ncontent-type: ${partType}\r\ncontent-range: ${contentRange(range, byteLength)}\r\n\r\n`,
      'latin1',
    ),
    range,
  }))
  const end = Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1')
  const total = parts.reduce(
    (sum, { head, range }) => sum + BigInt(head.length) + BigInt(range.end - range.start),
    BigInt(end.length),
  )
  return { contentType: `multipart/byteranges; boundary=${boundary}`, byteLength: total, parts, end }
}
