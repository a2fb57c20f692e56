import type { Handler } from './handler.ts'

/** Subscribing twice is subscribing once. */
export const open: Handler<'open'> = ({ id, documentId, revision }, session) => {
  const document = session.services.documents.get(documentId)
  // Looked at before subscribing: what this notices is in the answer, and must not come as `changed` as well.
  document.checkDisk()
  if (!session.subscriptions.has(documentId)) {
    const unsubscribe = document.subscribe((change) => {
      const { clientId, watched, ...rest } = change
      const named = clientId === undefined ? {} : { clientId }
      const narrowed = watched === undefined ? {} : { watched }
      session.send({ type: 'changed', ...rest, ...narrowed, ...named })
      session.watches.tell(change)
    })
    session.subscriptions.set(documentId, unsubscribe)
  }
  // Everything after this moment comes as `changed`.
  const missed = revision === undefined ? undefined : document.changesSince(revision)
  session.send({ type: 'opened', id, document: document.info(), ...(missed === undefined ? {} : { missed }) })
}
