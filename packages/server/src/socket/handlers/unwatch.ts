import type { Handler } from './handler.ts'

/** Ending a watch that is none is answered all the same: the state asked for is reached. */
export const unwatch: Handler<'unwatch'> = ({ id, documentId, stream }, session) => {
  session.watches.remove(documentId, stream)
  session.send({ type: 'unwatched', id })
}
