import { type FindProgress, type FindResult, parseQuery } from '@mapscope/core/shared'
import type { ServerMessage } from '@mapscope/protocol'
import type { Document } from '../../documents/document.ts'
import { ProblemError } from '../../errors.ts'
import { findPresent } from '../find_present.ts'
import type { SocketSession } from '../session.ts'
import type { Handler } from './handler.ts'

/** Five a second: often enough for a bar to move, and never twice within 100 ms. */
const PROGRESS_INTERVAL_MS = 200
/** Unreadable ranges told of at most; a file with more of them has other troubles. */
const MAX_UNREADABLE_COUNT = 64

type SearchMessage = Parameters<Handler<'search'>>[0]

export const search: Handler<'search'> = async (message, session) => {
  if (session.searches.has(message.id)) {
    // Without the id: an error that carries it would end the search that is running under it.
    return session.fail(new ProblemError('ERR_REQUEST', `a search with the id ${message.id} is running`))
  }
  const document = session.services.documents.get(message.documentId)
  const query = parseQuery(message.query)
  if ('problem' in query) throw new ProblemError('ERR_REQUEST', query.problem)
  const { needle } = query
  const result = await session.searches.run(message.id, (signal) => run({ message, session, document, needle, signal }))
  if (result !== undefined) session.send(answer(message.id, needle.length, result))
}

interface Search {
  readonly message: SearchMessage
  readonly session: SocketSession
  readonly document: Document
  readonly needle: Uint8Array
  readonly signal: AbortSignal
}

/** Searches the document's mapping. Edits meanwhile may or may not be seen, but what is found is there; a reload ends it. */
async function run({ message, session, document, needle, signal }: Search): Promise<FindResult> {
  const release = document.hold()
  let progress: FindProgress | undefined
  const timer = setInterval(() => {
    if (progress !== undefined && !signal.aborted) session.send({ type: 'progress', id: message.id, ...progress })
  }, PROGRESS_INTERVAL_MS)
  try {
    const { source } = await document.snapshot()
    progress = { scanned: 0, total: source.byteLength }
    return await findPresent(document, needle, {
      from: Math.min(message.from, source.byteLength),
      direction: message.direction,
      signal,
      onProgress: ({ scanned, total }) => {
        progress = { scanned, total }
      },
    })
  } finally {
    clearInterval(timer)
    release()
  }
}

function answer(id: number, byteLength: number, result: FindResult): ServerMessage {
  const unreadable = result.unreadable.slice(0, MAX_UNREADABLE_COUNT).map(({ start, end }) => ({ start, end }))
  if (result.offset < 0) return { type: 'absent', id, unreadable }
  return { type: 'found', id, offset: result.offset, byteLength, isWrapped: result.isWrapped, unreadable }
}
