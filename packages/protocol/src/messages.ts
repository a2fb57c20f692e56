import { DocumentInfo } from './documents.ts'
import { Problem } from './errors.ts'
import { JobInfo } from './jobs.ts'
import {
  CreditMessage,
  ReadMessage,
  UnreadableMessage,
  UnwatchedMessage,
  UnwatchMessage,
  WatchingMessage,
  WatchMessage,
} from './reading.ts'
import { ByteRange, DocumentId, Offset } from './scalars.ts'
import { SearchDirection, SearchQuery } from './search.ts'
import { Type } from './typebox.ts'

/** Chosen by the client, unique among its requests in flight; every answer carries it back. */
const RequestId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const closed = { additionalProperties: false }

/**
 * Subscribes to a document: from here on its changes arrive as `changed`, and it stays open while subscribed. With the last
 * `revision` that was seen, the answer tells what was missed since.
 */
export const OpenMessage = Type.Object(
  {
    type: Type.Literal('open'),
    id: RequestId,
    documentId: DocumentId,
    revision: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
)

/** Ends the subscription. */
export const CloseMessage = Type.Object({ type: Type.Literal('close'), id: RequestId, documentId: DocumentId }, closed)

/**
 * Finds the next match at or after `from` (forward), or the last one that starts before `from` (backward), and goes on from the
 * other end of the document when there is none. An expression sees the whole document. Answered by any number of `progress` and one
 * `found`, `absent` or `error`.
 */
export const SearchMessage = Type.Object(
  {
    type: Type.Literal('search'),
    id: RequestId,
    documentId: DocumentId,
    query: SearchQuery,
    from: Offset,
    direction: SearchDirection,
  },
  closed,
)

/**
 * Ends a search, which is answered by `cancelled` for that request, at once; or a read, answered by an `end` frame with the flag
 * `stale`. Unknown or finished requests are ignored.
 */
export const CancelMessage = Type.Object({ type: Type.Literal('cancel'), id: RequestId }, closed)

export const PingMessage = Type.Object({ type: Type.Literal('ping'), id: RequestId }, closed)

/** Answered by `jobs`; from then on each change of one of them comes as `job`, until the connection ends. */
export const WatchJobsMessage = Type.Object({ type: Type.Literal('watchJobs'), id: RequestId }, closed)

export const ClientMessage = Type.Union([
  OpenMessage,
  CloseMessage,
  SearchMessage,
  CancelMessage,
  PingMessage,
  ReadMessage,
  CreditMessage,
  WatchMessage,
  UnwatchMessage,
  WatchJobsMessage,
])
export type ClientMessage = Type.Static<typeof ClientMessage>

/** First message of every connection. */
export const HelloMessage = Type.Object({
  type: Type.Literal('hello'),
  version: Type.String(),
  clientId: Type.String(),
  isWritable: Type.Boolean(),
})

const ChangeCause = Type.Union([Type.Literal('edit'), Type.Literal('disk'), Type.Literal('reload')])

/** One change that made a revision, without the state that followed. */
export const MissedChange = Type.Object({
  revision: Type.Integer({ minimum: 1 }),
  cause: ChangeCause,
  ranges: Type.Array(ByteRange),
  clientId: Type.Optional(Type.String()),
})
export type MissedChange = Type.Static<typeof MissedChange>

/**
 * `missed` answers the `revision` of an `open`: every change since, oldest first. Absent with a `revision` that the server knows too
 * little about: then every byte may differ.
 */
export const OpenedMessage = Type.Object({
  type: Type.Literal('opened'),
  id: RequestId,
  document: DocumentInfo,
  missed: Type.Optional(Type.Array(MissedChange)),
})
export const ClosedMessage = Type.Object({ type: Type.Literal('closed'), id: RequestId })

/**
 * The document is not what it was. `ranges` says which bytes may differ from the revision before; the rest of what a client
 * holds stays true under the new revision. `watched`: of what is watched by anyone, the bytes that really are others now, where that
 * is less than `ranges`. `clientId` is set when the cause is an edit.
 */
export const ChangedMessage = Type.Object({
  type: Type.Literal('changed'),
  cause: ChangeCause,
  document: DocumentInfo,
  ranges: Type.Array(ByteRange),
  watched: Type.Optional(Type.Array(ByteRange)),
  clientId: Type.Optional(Type.String()),
})

/** `scanned` of `total` bytes are behind the search, holes counted as scanned; at least four a second while it runs. */
export const ProgressMessage = Type.Object({
  type: Type.Literal('progress'),
  id: RequestId,
  scanned: Offset,
  total: Offset,
})

export const FoundMessage = Type.Object({
  type: Type.Literal('found'),
  id: RequestId,
  offset: Offset,
  byteLength: Offset,
  /** Of a list of needles: which of them, counted from 0. */
  which: Type.Optional(Offset),
  /** The search went past the end (or the start) of the document to find it. */
  isWrapped: Type.Boolean(),
  unreadable: Type.Array(ByteRange),
})

/** Nowhere in the document; `unreadable` are the ranges that could not be looked at. */
export const AbsentMessage = Type.Object({
  type: Type.Literal('absent'),
  id: RequestId,
  unreadable: Type.Array(ByteRange),
})

export const CancelledMessage = Type.Object({ type: Type.Literal('cancelled'), id: RequestId })
export const PongMessage = Type.Object({ type: Type.Literal('pong'), id: RequestId })

/** A request failed; without `id`, the message could not be understood at all. */
export const ErrorMessage = Type.Object({
  type: Type.Literal('error'),
  id: Type.Optional(RequestId),
  problem: Problem,
})

/** The client's jobs, those of an earlier connection or of an earlier run of the server included. */
export const JobsMessage = Type.Object({ type: Type.Literal('jobs'), id: RequestId, jobs: Type.Array(JobInfo) })

/** A job began, went on (five times a second at most) or ended; what it is now, so that a message that is missed costs nothing. */
export const JobMessage = Type.Object({ type: Type.Literal('job'), job: JobInfo })

export const ServerMessage = Type.Union([
  HelloMessage,
  OpenedMessage,
  ClosedMessage,
  ChangedMessage,
  ProgressMessage,
  FoundMessage,
  AbsentMessage,
  CancelledMessage,
  PongMessage,
  ErrorMessage,
  UnreadableMessage,
  WatchingMessage,
  UnwatchedMessage,
  JobsMessage,
  JobMessage,
])
export type ServerMessage = Type.Static<typeof ServerMessage>
