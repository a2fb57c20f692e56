import { MAX_FRAME_ID, MAX_STREAM } from './frames.ts'
import { ByteRange, DocumentId } from './scalars.ts'
import { Type } from './typebox.ts'

const closed = { additionalProperties: false }

/** The limits of reading and watching over one connection. What goes beyond is refused with `ERR_TOO_MANY` or `ERR_TOO_LARGE`. */
export const SOCKET_LIMITS = {
  /** Credit that each stream starts with. */
  initialCredit: 4 * 1024 ** 2,
  /** Credit that a stream holds at most; what is given beyond is lost. */
  maxCredit: 256 * 1024 ** 2,
  /** Streams that a connection uses. */
  streamCount: 64,
  /** Reads under way. */
  readCount: 256,
  /** Ranges of one read or watch. */
  rangeCount: 64,
  /** What a viewport read asks for in all: no screen shows more. Bulk reads may ask for the whole document. */
  viewportByteLength: 1024 ** 2,
  /** Watches of a connection, one for each document and stream. */
  watchCount: 16,
  /** What one watch covers in all, rounded to blocks. */
  watchByteLength: 1024 ** 2,
} as const

/** What is watched is compared in blocks of this length, on their own grid. */
export const WATCH_BLOCK_BYTE_LENGTH = 4096

/** Of reads and watches: the header of a frame has 32 bits for it. */
export const FrameId = Type.Integer({ minimum: 1, maximum: MAX_FRAME_ID })
export const Stream = Type.Integer({ minimum: 0, maximum: MAX_STREAM })
const Ranges = Type.Array(ByteRange, { minItems: 1, maxItems: SOCKET_LIMITS.rangeCount })

/**
 * Asks for bytes. They come as frames of that stream and id, those of different requests in any order; the last has the flag `last`.
 * `viewport` goes before `bulk`, and a newer viewport read of the same stream supersedes an older one.
 */
export const ReadMessage = Type.Object(
  {
    type: Type.Literal('read'),
    id: FrameId,
    documentId: DocumentId,
    stream: Stream,
    priority: Type.Union([Type.Literal('viewport'), Type.Literal('bulk')]),
    ranges: Ranges,
  },
  closed,
)

/** Lets the server send `byteLength` more bytes of payload on a stream. Never answered. */
export const CreditMessage = Type.Object(
  {
    type: Type.Literal('credit'),
    id: FrameId,
    stream: Stream,
    byteLength: Type.Integer({ minimum: 1, maximum: SOCKET_LIMITS.maxCredit }),
  },
  closed,
)

/**
 * Watches what is shown of an open document: whatever changes there is told, whoever changed it and however. Replaces what was
 * watched before on that stream. `hasPatches`: the new bytes come along as frames, those of now first.
 */
export const WatchMessage = Type.Object(
  {
    type: Type.Literal('watch'),
    id: FrameId,
    documentId: DocumentId,
    stream: Stream,
    ranges: Ranges,
    hasPatches: Type.Optional(Type.Boolean()),
  },
  closed,
)

/** Ends a watch. */
export const UnwatchMessage = Type.Object(
  { type: Type.Literal('unwatch'), id: FrameId, documentId: DocumentId, stream: Stream },
  closed,
)

/** Of the bytes that a read asked for, these cannot be had: gone with a cut file, or not to be read from the disk. */
export const UnreadableMessage = Type.Object({
  type: Type.Literal('unreadable'),
  id: FrameId,
  stream: Stream,
  ranges: Type.Array(ByteRange),
})

/** Watched from here on. A read that is sent after this has come sees nothing older than what is compared with. */
export const WatchingMessage = Type.Object({
  type: Type.Literal('watching'),
  id: FrameId,
  revision: Type.Integer({ minimum: 1 }),
})

export const UnwatchedMessage = Type.Object({ type: Type.Literal('unwatched'), id: FrameId })
