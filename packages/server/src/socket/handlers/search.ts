import { type CompiledQuery, compileQuery, type FoundHit } from '@mapscope/core'
import type { FindProgress } from '@mapscope/core/shared'
import type { SearchQuery, ServerMessage } from '@mapscope/protocol'
import type { Document } from '../../documents/document.ts'
import { ProblemError } from '../../errors.ts'
import { Patience } from '../../patience.ts'
import { findPresent } from '../find_present.ts'
import type { SocketSession } from '../session.ts'
import type { Handler } from './handler.ts'

/** Five a second: often enough for a bar to move, and never twice within 100 ms. */
const PROGRESS_INTERVAL_MS = 200
/** Unreadable ranges told of at most; a file with more of them has other troubles. */
const MAX_UNREADABLE_COUNT = 64
/** Somebody sits and waits: less than for a job. */
const PATIENCE_MS = 60_000

type SearchMessage = Parameters<Handler<'search'>>[0]

export const search: Handler<'search'> = async (message, session) => {
  if (session.isIdInUse(message.id)) return session.failInUse(message.id)
  const document = session.services.documents.get(message.documentId)
  const compiled = compileQuery(message.query)
  if ('problem' in compiled) throw new ProblemError('ERR_REQUEST', compiled.problem)
  const { query } = compiled
  const found = await session.searches.run(message.id, (signal) => run({ message, session, document, query, signal }))
  if (found === undefined) return
  session.send(answer(message.id, found))
  tell(session, document, message.query, found)
}

/** A hit tells its bytes as well as reading them does, and so does none. */
function tell({ principal, services }: SocketSession, document: Document, query: SearchQuery, { hit }: FoundHit): void {
  const { path, etag } = document
  const ranges = hit === undefined ? [] : [{ start: hit.offset, end: hit.offset + hit.byteLength }]
  services.events.emit({ kind: 'searched', principal, path, etag, query, ranges })
}

interface Search {
  readonly message: SearchMessage
  readonly session: SocketSession
  readonly document: Document
  readonly query: CompiledQuery
  readonly signal: AbortSignal
}

/** Searches the document's mapping. Edits meanwhile may or may not be seen, but what is found is there; a reload ends it. */
async function run({ message, session, document, query, signal }: Search): Promise<FoundHit> {
  const release = document.hold()
  const patience = new Patience(signal, PATIENCE_MS)
  let progress: FindProgress | undefined
  const timer = setInterval(() => {
    if (progress !== undefined && !signal.aborted) session.send({ type: 'progress', id: message.id, ...progress })
  }, PROGRESS_INTERVAL_MS)
  try {
    const { source } = await document.snapshot()
    progress = { scanned: 0, total: source.byteLength }
    return await findPresent(document, query, {
      from: Math.min(message.from, source.byteLength),
      direction: message.direction,
      signal: patience.signal,
      onProgress: ({ scanned, total }) => {
        patience.renew()
        progress = { scanned, total }
      },
    })
  } finally {
    clearInterval(timer)
    patience.end()
    release()
  }
}

function answer(id: number, { hit, isWrapped, unreadable }: FoundHit): ServerMessage {
  const missed = unreadable.slice(0, MAX_UNREADABLE_COUNT).map(({ start, end }) => ({ start, end }))
  if (hit === undefined) return { type: 'absent', id, unreadable: missed }
  const { offset, byteLength, which } = hit
  return {
    type: 'found',
    id,
    offset,
    byteLength,
    ...(which === undefined ? {} : { which }),
    isWrapped,
    unreadable: missed,
  }
}
