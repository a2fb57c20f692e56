import type { ByteRange, SearchQuery } from '@mapscope/protocol'
import type { EditHashes } from '../documents/edit_hashes.ts'
import type { RevocationReason } from '../guard/credentials.ts'
import type { Principal } from '../guard/principal.ts'

/** How an answer with bytes ended: wholly, by the client's leaving, by a change of the file, by bytes that could not be read. */
export type DeliveryOutcome = 'complete' | 'aborted' | 'changed' | 'unreadable'

/** Bytes went out, over HTTP or the socket. */
export interface ServedEvent {
  readonly kind: 'served'
  readonly principal: Principal
  readonly via: 'raw' | 'document' | 'socket' | 'job'
  /** The wire's path: `<root>/<path below it>`. */
  readonly path: string
  /** Of the state that the bytes are of, with its quotes. */
  readonly etag: string
  /** HTTP's; 0 on the socket. */
  readonly status: number
  /** What really went out (handed to the system), in order; a broken answer says less than was asked for. */
  readonly ranges: readonly ByteRange[]
  readonly outcome: DeliveryOutcome
}

/** Somebody was told where something is next, or that it is nowhere: either says what the bytes are. */
export interface SearchedEvent {
  readonly kind: 'searched'
  readonly principal: Principal
  readonly path: string
  /** Of the state at the last look, with its quotes. */
  readonly etag: string
  readonly query: SearchQuery
  /** The hit; none when it is nowhere. */
  readonly ranges: readonly ByteRange[]
}

export interface OpenedEvent {
  readonly kind: 'opened'
  readonly principal: Principal
  readonly path: string
  readonly documentId: string
  readonly etag: string
}

interface EditFacts {
  readonly principal: Principal
  readonly path: string
  readonly documentId: string
  /** Ties what was meant to what became of it. */
  readonly editId: string
  readonly range: ByteRange
}

/** Bytes are about to be stored: told, and on the disk, before the first of them is. */
export interface EditingEvent extends EditFacts, EditHashes {
  readonly kind: 'editing'
  /** Of the state as it was at the last look. */
  readonly etag: string
  /** Which file it is, for whoever looks after a crash: the served folder's path, and the file's number. */
  readonly file: { readonly directoryPath: string; readonly inode: string }
}

export interface EditedEvent extends EditFacts {
  readonly kind: 'edited'
  /** The one that the edit made. */
  readonly revision: number
  /** Of the bytes that were there before. */
  readonly replacedSha256: string
}

/** It was refused, or failed: `code` says how. After `ERR_UNREADABLE` and `ERR_OS` some of the bytes may have been stored. */
export interface EditFailedEvent extends EditFacts {
  readonly kind: 'editFailed'
  readonly code: string
}

/** Somebody was not let in, or not allowed to. */
export interface RefusedEvent {
  readonly kind: 'refused'
  readonly principal: Principal
  readonly code: string
  readonly method: string
  /** Without its query, which may hold a token. */
  readonly path: string
}

/** A job began or ended. */
export interface JobEvent {
  readonly kind: 'job'
  readonly principal: Principal
  readonly jobId: string
  readonly jobKind: string
  readonly path: string
  /** Of the document that it is compared with. */
  readonly otherPath?: string
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly range: ByteRange
  /** Why it failed, or was cancelled by the server. */
  readonly code?: string
}

/** Somebody's token opens nothing any more, and what it had opened was ended. */
export interface RevokedEvent {
  readonly kind: 'revoked'
  readonly principal: Principal
  readonly reason: RevocationReason
  readonly downloadCount: number
  readonly socketCount: number
  /** Jobs that were cancelled, as nobody of that name may ask for them any more. */
  readonly jobCount: number
}

/** What the audit trail and the metrics want to know; nobody else's business. */
export type ServerEvent =
  | ServedEvent
  | SearchedEvent
  | OpenedEvent
  | EditingEvent
  | EditedEvent
  | EditFailedEvent
  | RefusedEvent
  | JobEvent
  | RevokedEvent
