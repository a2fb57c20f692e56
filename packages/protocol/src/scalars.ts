import { Type } from './typebox.ts'

/** Byte offsets and lengths on the wire are JSON numbers: exact up to 2^53 - 1, which is 8 PiB. */
export const Offset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** Half-open: `start` is in, `end` is not. */
export const ByteRange = Type.Object({ start: Offset, end: Offset }, { additionalProperties: false })
export type ByteRange = Type.Static<typeof ByteRange>

export const DocumentId = Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' })

/** Standard base64 with padding; see `codec/base64.ts`. */
export const Base64 = Type.String({ pattern: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$' })
