import type { Handler } from './handler.ts'

/** Answered at once: a search by `cancelled` (it stops within a window), a read by its end frame. */
export const cancel: Handler<'cancel'> = ({ id }, session) => {
  if (session.searches.cancel(id)) session.send({ type: 'cancelled', id })
  else session.reads.cancel(id)
}
