import type { Handler } from './handler.ts'

/** Answered at once; the search itself stops within a window. */
export const cancel: Handler<'cancel'> = ({ id }, session) => {
  if (session.searches.cancel(id)) session.send({ type: 'cancelled', id })
}
