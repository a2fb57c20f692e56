import type { ByteRange } from './scalars.ts'

/** Every binary frame of the socket begins with these 24 bytes; see docs/protocol.md. */
export const FRAME_HEADER_BYTE_LENGTH = 24

/** What a frame's first byte says. 0 and everything else is no frame of this version. */
export const FRAME_TYPES = { data: 1, 'zero-run': 2, patch: 3, end: 4 } as const
export type FrameType = keyof typeof FRAME_TYPES

/** Bits of a frame's second byte. */
export const FRAME_FLAGS = { last: 1, stale: 2 } as const

/** No header can count more than this; longer runs of zeros are told in several. */
export const MAX_FRAME_LENGTH: number = 2 ** 32 - 1
/** Streams are numbered with 16 bits. */
export const MAX_STREAM: number = 2 ** 16 - 1
/** Ids of reads and watches, which frames carry, with 32 bits. */
export const MAX_FRAME_ID: number = 2 ** 32 - 1

/** What a header says. `length` counts the bytes of the document that the frame stands for: for `data` and `patch` the payload's. */
export interface FrameHeader {
  readonly type: FrameType
  /** No further frame answers this request. */
  readonly isLast: boolean
  /** The request was given up for a newer one or cancelled: what it asked for has not all been sent. */
  readonly isStale: boolean
  readonly stream: number
  /** Id of the `read` or `watch` that this answers. */
  readonly id: number
  /** First byte of the document that the frame stands for. */
  readonly offset: number
  readonly length: number
  /** Revision of the document, modulo 2^32, that was known when the bytes were read. */
  readonly generation: number
}

export interface Frame {
  readonly header: FrameHeader
  /** The document's bytes, in `data` and `patch`; empty in the others. A view of what was received. */
  readonly payload: Uint8Array
}

/** The bytes of a document that a frame stands for. */
export function frameRange({ offset, length }: Pick<FrameHeader, 'offset' | 'length'>): ByteRange {
  return { start: offset, end: offset + length }
}
