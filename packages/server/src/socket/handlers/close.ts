import type { Handler } from './handler.ts'

/** Ending a subscription that is none is answered all the same: the state asked for is reached. */
export const close: Handler<'close'> = ({ id, documentId }, session) => {
  session.watches.removeAllOf(documentId)
  session.subscriptions.get(documentId)?.()
  session.subscriptions.delete(documentId)
  session.send({ type: 'closed', id })
}
