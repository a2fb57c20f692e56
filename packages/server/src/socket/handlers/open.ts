import type { Handler } from './handler.ts'

/** Subscribing twice is subscribing once. */
export const open: Handler<'open'> = ({ id, documentId }, session) => {
  const document = session.services.documents.get(documentId)
  if (!session.subscriptions.has(documentId)) {
    const unsubscribe = document.subscribe(({ clientId, ...change }) => {
      session.send({ type: 'changed', ...change, ...(clientId === undefined ? {} : { clientId }) })
    })
    session.subscriptions.set(documentId, unsubscribe)
  }
  // What happened before this moment is in the answer; everything after it comes as `changed`.
  document.checkDisk()
  session.send({ type: 'opened', id, document: document.info() })
}
